import { CallError } from '../../call-error.ts';
import { deadline, untilAborted } from '../../until-aborted.ts';
import type { Token } from './token-request.ts';

/** Tokens by scopes: each is fetched once for all callers, and again when it expires or is dropped. */
export interface TokenCache {
  /** Aborting `signal` ends the wait of this caller only. */
  token(scopes: readonly string[], signal: AbortSignal): Promise<string>;
  /** Drops a token that the API rejected. Returns false if another call has already dropped it. */
  drop(token: string): boolean;
}

/**
 * How long a token without `expires_in` is used, in milliseconds. RFC 6749 §5.1 leaves it open; a 401 renews it anyway.
 */
const DEFAULT_LIFETIME = 5 * 60_000;
/** A token is not used in the last 10 % of its lifetime, or its last 30 s if that is shorter. */
const MAX_SKEW = 30_000;

export function tokenCache({
  fetchToken,
  now,
  timeoutMs,
}: {
  fetchToken: (scopes: readonly string[], signal: AbortSignal) => Promise<Token>;
  /** Milliseconds from any starting point. */
  now: () => number;
  timeoutMs: number;
}): TokenCache {
  const held = new Map<string, { readonly value: string; readonly until: number }>();
  const underWay = new Map<string, Promise<string>>();

  const renew = async (key: string, scopes: readonly string[]): Promise<string> => {
    const nobody = new AbortController();
    const clock = deadline(timeoutMs, nobody.signal, () => {
      return new CallError('TIMEOUT', `did not respond within ${timeoutMs / 1000} s.`);
    });
    try {
      const { value, expiresIn } = await fetchToken(scopes, clock.signal);
      const lifetime = expiresIn === undefined ? DEFAULT_LIFETIME : expiresIn * 1000;
      held.set(key, { value, until: now() + lifetime - Math.min(lifetime / 10, MAX_SKEW) });
      return value;
    } finally {
      clock.stop();
      underWay.delete(key);
    }
  };

  return {
    async token(scopes, signal) {
      const key = [...scopes].sort().join(' ');
      const known = held.get(key);
      if (known !== undefined && now() < known.until) return known.value;
      const fetching = underWay.get(key) ?? renew(key, scopes);
      underWay.set(key, fetching);
      return untilAborted(fetching, signal).catch((error: unknown) => {
        if (error !== signal.reason || error instanceof CallError) throw error;
        throw new CallError('CANCELLED', 'The client cancelled the call.', { cause: error });
      });
    },
    drop(token) {
      const keys = [...held].filter(([, { value }]) => value === token).map(([key]) => key);
      for (const key of keys) held.delete(key);
      return keys.length > 0;
    },
  };
}
