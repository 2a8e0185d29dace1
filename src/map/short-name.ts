/** Words of a name with what stands before each: `actions`, `_get`, `-actions`; `get`, `Pet`, `V1`. */
const WORD = /[_-]*(?:[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[A-Z])/g;

export const wordCount = (name: string): number => name.match(WORD)?.length ?? 0;

/**
 * A long name without its middle: `kept` words of its start, which say what is done, and as many of its end as fit,
 * which tell it from its neighbours. `undefined` where nothing of the end fits.
 */
export function shortName(name: string, kept: number, longest: number): string | undefined {
  const words: readonly string[] = name.match(WORD) ?? [];
  const start = words.slice(0, kept).join('');
  for (let from = kept; from < words.length; from++) {
    const end = words.slice(from).join('');
    // What divided the words that are left out divides those that stay.
    const left = words.slice(kept, from).find((word) => /^[_-]/.test(word)) ?? '';
    const short = start + (/^[_-]/.test(end) ? '' : left.slice(0, 1)) + end;
    if (short.length <= longest) return short;
  }
  return undefined;
}

/** Words that say least: of a long name they go first, as many as it takes. */
const SMALL = /^[_-]*(?:an?|and|are|as|at|by|for|from|in|is|of|on|or|that|the|this|to|was|were|which|with)$/i;

/** A name with fewer small words, from its start on, until it fits; the first word stays. */
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
