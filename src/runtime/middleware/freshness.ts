import type { Outcome } from '../outcome.ts';

/**
 * Milliseconds an answer may be used again: the time given, or less where the API's `Cache-Control` says less
 * (RFC 9111 §5.2.2). `s-maxage` is for caches that callers share, which this one is not.
 */
export function freshMs(outcome: Outcome | undefined, ttlMs: number): number {
  const { cacheControl, age = 0 } = outcome ?? {};
  if (cacheControl === undefined) return ttlMs;
  const directives = cacheControl.split(',').map((directive) => directive.trim().toLowerCase());
  // A name alone, or with fields (`no-cache="set-cookie"`), which we do not keep apart from the rest.
  if (directives.some((directive) => /^no-(?:store|cache)(?:$|\s*=)/.test(directive))) return 0;
  const ages = directives.flatMap((directive) => {
    const value = /^max-age\s*=\s*(.*)$/.exec(directive)?.[1];
    return value === undefined ? [] : [secondsOf(value)];
  });
  return Math.max(0, Math.min(ttlMs, ...ages.map((seconds) => (seconds - age) * 1000)));
}

/** What cannot be read counts as stale (RFC 9111 §4.2.1). */
const secondsOf = (value: string): number => Number(/^"?(\d+)"?$/.exec(value)?.[1] ?? 0);
