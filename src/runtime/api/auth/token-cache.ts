import { CallError } from '../../call-error.ts';
import { deadline, untilAborted } from '../../until-aborted.ts';
import type { Token } from './token-request.ts';

/** Tokens by their scopes: each is fetched once for all callers, and again when it expires or is dropped. */
export interface TokenCache {
  /** Aborting `signal` ends the waiting of this caller only. */
  token(scopes: readonly string[], signal: AbortSignal): Promise<string>;
  /** Forgets a token that the API refused. False where it is not held any more: somebody has dropped it before. */
  drop(token: string): boolean;
}

/** Milliseconds that a token without `expires_in` is used for. RFC 6749 §5.1 leaves it open; a 401 renews it anyway. */
const DEFAULT_LIFETIME = 5 * 60_000;
/** A token is not used in the last tenth of its life, or in the last 30 s of a long one. */
const MAX_SKEW = 30_000;

export function tokenCache({
  fetchToken,
  now,
  timeoutMs,
}: {
  fetchToken: (scopes: readonly string[], signal: AbortSignal) => Promise<Token>;
  /** Milliseconds since whenever. */
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
