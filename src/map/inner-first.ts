/**
 * A node and all that it leads to, whatever is led to before what leads there: each once, so circles end, and not on
 * the call stack, which a chain of a thousand references would overflow.
 */
export function innerFirst<T extends object>(start: T, inner: (node: T) => Iterable<T>): readonly T[] {
  const entered = new Set<T>([start]);
  const order: T[] = [];
  const open = [{ node: start, left: inner(start)[Symbol.iterator]() }];
  for (let top = open.at(-1); top; top = open.at(-1)) {
    const next = top.left.next();
    if (next.done) {
      order.push(top.node);
      open.pop();
    } else if (!entered.has(next.value)) {
      entered.add(next.value);
      open.push({ node: next.value, left: inner(next.value)[Symbol.iterator]() });
    }
  }
  return order;
}
