/**
 * A node and everything reachable from it, targets before the nodes that lead to them. Each is visited once, so circles
 * terminate, and without recursion, because a chain of a thousand references would overflow the call stack.
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
