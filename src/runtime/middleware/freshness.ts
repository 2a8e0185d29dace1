import type { Outcome } from '../outcome.ts';

/**
 * How long a result may be reused, in milliseconds: the given time, or less if the API's `Cache-Control` says so (RFC
 * 9111 §5.2.2). Ignores `s-maxage`, which is for shared caches.
 */
export function freshMs(outcome: Outcome | undefined, ttlMs: number): number {
  const { cacheControl, age = 0 } = outcome ?? {};
  if (cacheControl === undefined) return ttlMs;
  const directives = cacheControl.split(',').map((directive) => directive.trim().toLowerCase());
  // A plain name, or with fields (`no-cache="set-cookie"`), which are treated alike.
  if (directives.some((directive) => /^no-(?:store|cache)(?:$|\s*=)/.test(directive))) return 0;
  const ages = directives.flatMap((directive) => {
    const value = /^max-age\s*=\s*(.*)$/.exec(directive)?.[1];
    return value === undefined ? [] : [secondsOf(value)];
  });
  return Math.max(0, Math.min(ttlMs, ...ages.map((seconds) => (seconds - age) * 1000)));
}

/** An unreadable value counts as stale (RFC 9111 §4.2.1). */
const secondsOf = (value: string): number => Number(/^"?(\d+)"?$/.exec(value)?.[1] ?? 0);
