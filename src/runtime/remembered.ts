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

/** Texts that are kept: documents have a few thousand words and names, requests any number. */
const MOST_KEPT = 50_000;

/** Caches a function of a word or name, for the life of the process. */
export function rememberedByText<Result>(compute: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    const kept = known.get(text);
    if (kept !== undefined) return kept;
    const result = compute(text);
    if (known.size < MOST_KEPT) known.set(text, result);
    return result;
  };
}
