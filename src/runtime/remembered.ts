/**
 * Caches a function per list: lists are shared and frozen, so the same array has the same result. The result is dropped
 * with its list.
 */
export function remembered<Item, Result>(
  compute: (list: readonly Item[]) => Result,
): (list: readonly Item[]) => Result {
  const known = new WeakMap<readonly Item[], Result>();
  return (list) => {
    const kept = known.get(list);
    if (kept !== undefined) return kept;
    const result = compute(list);
    known.set(list, result);
    return result;
  };
}
