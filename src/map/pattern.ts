import isSafeRegex from 'safe-regex2';

export type PatternVerdict =
  | { readonly kind: 'usable'; readonly pattern: string }
  /** No regular expression in the `u` dialect that JSON Schema 2020-12 §6.4 asks for. */
  | { readonly kind: 'broken'; readonly reason: string }
  /** Nested quantifiers: could take exponential time on a hostile value. */
  | { readonly kind: 'catastrophic' };

const verdicts = new Map<string, PatternVerdict>();

/** Whether a pattern of the document can be shown and run. Escapes that only the `u` flag refuses are mended. */
export function judgePattern(pattern: string): PatternVerdict {
  const known = verdicts.get(pattern);
  if (known) return known;
  const verdict = judge(pattern);
  if (verdicts.size > 5_000) verdicts.clear();
  verdicts.set(pattern, verdict);
  return verdict;
}

function judge(written: string): PatternVerdict {
  const pattern = compiles(written) ? written : mended(written);
  if (pattern === undefined) return { kind: 'broken', reason: 'it is no regular expression of ECMA-262' };
  // An exact count leaves no choice, so nothing to backtrack into.
  const loose = pattern.replace(/(?<!\\)\{\d+\}/g, '');
  // One quantifier cannot be nested: most patterns are done here.
  const quantifiers = loose.match(/[*+}]/g)?.length ?? 0;
  if (quantifiers > 1 && !isSafeRegex(loose, { limit: 1_000 })) return { kind: 'catastrophic' };
  return { kind: 'usable', pattern };
}

function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}

/** Mends what real documents have and `u` refuses: `/…/` around the pattern, and needless escapes such as `\-` or `\_`. */
function mended(pattern: string): string | undefined {
  const delimited = /^\/(.*)\/[a-z]*$/s.exec(pattern)?.[1] ?? pattern;
  const unescaped = delimited.replace(/\\([^\w\s\\^$.*+?()[\]{}|/-]|_|-)/g, (whole, char: string) =>
    char === '-' ? '\\x2d' : /[^\w\s]|_/.test(char) ? char : whole,
  );
  return [delimited, unescaped].find((candidate) => candidate !== pattern && compiles(candidate));
}
