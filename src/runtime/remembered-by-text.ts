/** Caches a function of texts that are mostly the same few. Forgets all results when there are `most`. */
export function rememberedByText<Result>(compute: (text: string) => Result, most = 100): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    const kept = known.get(text);
    if (kept !== undefined) return kept;
    const result = compute(text);
    // Texts may come from others, for example as redirects.
    if (known.size >= most) known.clear();
    known.set(text, result);
    return result;
  };
}
