import { judgePattern } from '../runtime/pattern/judge-pattern.ts';

export type DocumentPattern =
  /** `correction`: what was wrong with the pattern and has been corrected. */
  | { readonly kind: 'usable'; readonly pattern: string; readonly correction?: string }
  /** Not a regular expression in the `u` dialect that JSON Schema 2020-12 §6.4 requires. */
  | { readonly kind: 'broken'; readonly reason: string }
  /** No engine can run it on hostile values safely. */
  | { readonly kind: 'catastrophic'; readonly reason: string };

/**
 * Decides whether a pattern of the document can be listed and run. Escapes that only the `u` flag rejects are
 * corrected.
 */
export function documentPattern(written: string): DocumentPattern {
  const literal = /^\/(\^.*|.*\$)\/([dgimsuvy]*)$/s.exec(written);
  return literal ? literalPattern(literal) : judged(written);
}

/** `/^x$/i`, as in a program: a pattern has no delimiters and flags, so it would match nothing. */
function literalPattern([written, pattern = '', flags = '']: RegExpExecArray): DocumentPattern {
  const changing = /[ims]/.exec(flags)?.[0];
  if (changing !== undefined)
    return { kind: 'broken', reason: `a pattern has no delimiters and no flags, and "${changing}" cannot be dropped` };
  const verdict = judged(pattern);
  if (verdict.kind !== 'usable') return verdict;
  return {
    ...verdict,
    correction: `${JSON.stringify(written)} is read without "/" and flags, which patterns do not have.`,
  };
}

function judged(written: string): DocumentPattern {
  for (const pattern of [written, ...repaired(written)]) {
    const verdict = judgePattern(pattern);
    if (verdict.kind === 'broken') continue;
    return verdict.kind === 'unsafe' ? { kind: 'catastrophic', reason: verdict.reason } : { kind: 'usable', pattern };
  }
  return { kind: 'broken', reason: 'it is not a valid ECMA-262 regular expression' };
}

/**
 * Fixes what real documents contain and the `u` flag rejects: `/…/` around the pattern, and needless escapes such as
 * `\-` or `\_`.
 */
function repaired(pattern: string): readonly string[] {
  const delimited = /^\/(.*)\/[a-z]*$/s.exec(pattern)?.[1] ?? pattern;
  const unescaped = delimited.replace(/\\([^\w\s\\^$.*+?()[\]{}|/-]|_|-)/g, (whole, char: string) =>
    char === '-' ? '\\x2d' : /[^\w\s]|_/.test(char) ? char : whole,
  );
  return [delimited, unescaped].filter((candidate) => candidate !== pattern);
}
