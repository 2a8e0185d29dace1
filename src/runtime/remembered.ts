/**
 * Caches a function per object, such as a list: they are shared and frozen, so the same object has the same result. The
 * result is dropped with its object.
 */
export function remembered<Key extends object, Result>(compute: (key: Key) => Result): (key: Key) => Result {
  const known = new WeakMap<Key, Result>();
  return (key) => {
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    const result = compute(key);
    known.set(key, result);
    return result;
  };
}
