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

/** A token to keep. `notAfter`: it must not be used from then on, even if it is valid; in milliseconds, as `now`. */
export type KeptToken = Pick<Token, 'value' | 'expiresIn'> & { readonly notAfter?: number | undefined };

/** Tokens by any key: {@link TokenCache}. */
export interface KeyedTokens {
  token(key: string, fetch: (signal: AbortSignal) => Promise<KeptToken>, signal: AbortSignal): Promise<string>;
  /** Of this key only: another may have the same. */
  drop(key: string, token: string): boolean;
}

export interface TokenCacheMeans {
  /** Milliseconds from any starting point. */
  readonly now: () => number;
  /** Time limit for one request. */
  readonly timeoutMs: number;
}

/**
 * How long a token without `expires_in` is used, in milliseconds. RFC 6749 §5.1 leaves it open; a 401 renews it anyway.
 */
const DEFAULT_LIFETIME = 5 * 60_000;
/** A token is not used in the last 10 % of its lifetime, or its last 30 s if that is shorter. In milliseconds. */
export const freshFor = (lifetime: number): number => lifetime - Math.min(lifetime / 10, 30_000);

/** The time limit for one request, for all who wait for it. */
export const requestLimit = (timeoutMs: number) =>
  deadline(timeoutMs, new AbortController().signal, () => {
    return new CallError('TIMEOUT', `did not respond within ${timeoutMs / 1000} s.`);
  });

export function tokenCache({
  fetchToken,
  ...means
}: TokenCacheMeans & {
  fetchToken: (scopes: readonly string[], signal: AbortSignal) => Promise<Token>;
}): TokenCache {
  const tokens = keyedTokens(means);
  const keys = new Set<string>();
  return {
    token(scopes, signal) {
      const key = [...scopes].sort().join(' ');
      keys.add(key);
      return tokens.token(key, (fetching) => fetchToken(scopes, fetching), signal);
    },
    drop: (token) => [...keys].filter((key) => tokens.drop(key, token)).length > 0,
  };
}

/** @param most beyond this, the one that was not used for the longest time is forgotten; default: all are kept */
export function keyedTokens({
  now,
  timeoutMs,
  most = Number.POSITIVE_INFINITY,
}: TokenCacheMeans & { readonly most?: number }): KeyedTokens {
  const held = new Map<string, { readonly value: string; readonly until: number }>();
  const underWay = new Map<string, Promise<string>>();

  const renew = async (key: string, fetch: (signal: AbortSignal) => Promise<KeptToken>): Promise<string> => {
    const clock = requestLimit(timeoutMs);
    try {
      const { value, expiresIn, notAfter = Number.POSITIVE_INFINITY } = await fetch(clock.signal);
      const lifetime = expiresIn === undefined ? DEFAULT_LIFETIME : expiresIn * 1000;
      held.delete(key);
      held.set(key, { value, until: Math.min(now() + freshFor(lifetime), notAfter) });
      const [oldest] = held.keys();
      if (held.size > most && oldest !== undefined) held.delete(oldest);
      return value;
    } finally {
      clock.stop();
      underWay.delete(key);
    }
  };

  return {
    async token(key, fetch, signal) {
      const known = held.get(key);
      if (known !== undefined && now() < known.until) {
        held.delete(key);
        held.set(key, known);
        return known.value;
      }
      const fetching = underWay.get(key) ?? renew(key, fetch);
      underWay.set(key, fetching);
      return untilAborted(fetching, signal).catch((error: unknown) => {
        if (error !== signal.reason || error instanceof CallError) throw error;
        throw new CallError('CANCELLED', 'The client cancelled the call.', { cause: error });
      });
    },
    drop(key, token) {
      return held.get(key)?.value === token && held.delete(key);
    },
  };
}
