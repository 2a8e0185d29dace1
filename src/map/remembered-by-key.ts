/**
 * Caches what is made of an object and a key, such as a parameter and the name of its argument: many operations share the
 * object, and nearly all of them have the same key. Keeps one result for each object.
 */
export function rememberedByKey<Of extends object, Result>(
  make: (of: Of, key: string) => Result,
): (of: Of, key: string) => Result {
  const known = new WeakMap<Of, { readonly key: string; readonly result: Result }>();
  return (of, key) => {
    const last = known.get(of);
    if (last?.key === key) return last.result;
    const result = make(of, key);
    known.set(of, { key, result });
    return result;
  };
}
