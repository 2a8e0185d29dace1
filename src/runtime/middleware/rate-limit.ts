import { declareOptions } from '../options/declare-options.ts';
import { OptionError } from '../options/option-error.ts';
import { withMethods } from '../options/option-kinds.ts';
import type { SharedStore } from '../shared-store.ts';
import type { Call, Middleware } from './middleware.ts';
import { refused } from './refused.ts';
import { isList } from './subject.ts';

/**
 * Counts calls by key. Compatible with `rate-limiter-flexible`, so every limiter of that package (Redis, Memcached,
 * PostgreSQL …) works; `tokenBucket()` is the in-memory limiter.
 */
export interface RateLimiter {
  /** Resolves if the call is allowed; rejects with `{ msBeforeNext }` if not. Any Error is a failure. */
  consume(key: string): Promise<unknown>;
  /** The same in what the processes of the server share; absent: the limiter is used as it is. */
  sharedBy?(store: SharedStore): RateLimiter;
}

export interface RateLimitOptions {
  /** Per caller, by id. Without authentication all callers count as one. */
  readonly perCaller?: RateLimiter;
  /** For all callers together. */
  readonly global?: RateLimiter;
}

const limiter = withMethods('a limiter such as tokenBucket({ size: 20, perSecond: 2 })', 'consume');
const checked = declareOptions<RateLimitOptions>(
  'rateLimit()',
  { perCaller: limiter, global: limiter },
  { example: 'rateLimit({ perCaller: tokenBucket({ size: 20, perSecond: 2 }) })' },
);

/**
 * Rejects calls above a rate, and says when to retry. Lists are not counted.
 *
 * ```ts
 * server.use(rateLimit({ perCaller: tokenBucket({ size: 20, perSecond: 2 }), global: tokenBucket({ size: 200,
 * perSecond: 50 }) }));
 * ```
 *
 * @throws OptionError if both limits are missing
 */
export function rateLimit(options: RateLimitOptions): Middleware {
  const { perCaller, global } = checked(options);
  if (!perCaller && !global) {
    throw new OptionError(
      'rateLimit() requires "perCaller" or "global". Example: rateLimit({ perCaller: tokenBucket({ size: 20, perSecond: 2 }) })',
    );
  }
  return async function rateLimit(call, next) {
    if (isList(call.method)) return next(call);
    // The caller's own limit first: a caller above it does not use up the global limit.
    const waitMs = (await consumed(perCaller, callerKey(call), call)) ?? (await consumed(global, 'global', call));
    if (waitMs === undefined) return next(call);
    const retryAfter = Math.max(1, Math.ceil(waitMs / 1000));
    return refused(call, `Too many calls. Retry in ${retryAfter} s.`, { error: 'RATE_LIMITED', retryAfter });
  };
}

/** By id only: a new token of the same caller has other claims, but no new allowance. */
const callerKey = ({ caller }: Call): string => (caller ? `caller:${caller.id}` : 'anonymous');

/** Milliseconds to wait; `undefined` if the call is allowed. */
async function consumed(limiter: RateLimiter | undefined, key: string, { shared }: Call): Promise<number | undefined> {
  try {
    await ((shared && limiter?.sharedBy?.(shared)) ?? limiter)?.consume(key);
    return undefined;
  } catch (reason) {
    const { msBeforeNext } = (reason ?? {}) as { readonly msBeforeNext?: unknown };
    // A limiter that fails lets nothing through: its error is reported.
    if (typeof msBeforeNext !== 'number') throw reason;
    return msBeforeNext;
  }
}
