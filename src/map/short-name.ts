/** Words of a name, each with its separator: `actions`, `_get`, `-actions`; `get`, `Pet`, `V1`. */
const WORD = /[_-]*(?:[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[A-Z])/g;

export const wordCount = (name: string): number => name.match(WORD)?.length ?? 0;

/**
 * Removes the middle of a long name: keeps `kept` words of its start, which say what is done, and as many of its end as
 * fit, which distinguish it from similar names. `undefined` if no word of the end fits.
 */
export function shortName(name: string, kept: number, longest: number): string | undefined {
  const words: readonly string[] = name.match(WORD) ?? [];
  const start = words.slice(0, kept).join('');
  for (let from = kept; from < words.length; from++) {
    const end = words.slice(from).join('');
    // The separator before the removed words is kept.
    const left = words.slice(kept, from).find((word) => /^[_-]/.test(word)) ?? '';
    const short = start + (/^[_-]/.test(end) ? '' : left.slice(0, 1)) + end;
    if (short.length <= longest) return short;
  }
  return undefined;
}

/** The least informative words: removed first from a long name, as many as necessary. */
const SMALL = /^[_-]*(?:an?|and|are|as|at|by|for|from|in|is|of|on|or|that|the|this|to|was|were|which|with)$/i;

/** Removes small words from the start of a name until it fits; the first word is kept. */
export function leanName(name: string, longest: number): string {
  const words: readonly string[] = name.match(WORD) ?? [];
  let excess = name.length - longest;
  const kept = words.filter((word, index) => {
    if (excess <= 0 || index === 0 || !SMALL.test(word)) return true;
    excess -= word.length;
    return false;
  });
  return kept.join('');
}
