import { type Clock, systemClock } from '../clock.ts';
import { declareOptions } from '../options/declare-options.ts';
import { number, required, text, withMethods } from '../options/option-kinds.ts';
import { type BucketSize, isStoreUnavailable, type SharedStore } from '../shared-store.ts';
import { TokenBuckets } from '../store/token-buckets.ts';
import { digestText } from '../text/random-text.ts';
import type { RateLimiter } from './rate-limit.ts';

export interface TokenBucketOptions {
  /** Burst size: calls that may come at once. */
  readonly size: number;
  /** Sustained rate: calls per second. */
  readonly perSecond: number;
  readonly clock?: Pick<Clock, 'now'>;
  /**
   * Share the buckets with the other processes of the server, if it runs with a store. The name must be the same in all
   * processes, and unique in each. Default: each process has its own.
   */
  readonly sharedAs?: string;
}

const checked = declareOptions<TokenBucketOptions>(
  'tokenBucket()',
  {
    size: required(number({ min: 1 })),
    perSecond: required(number({ moreThan: 0 })),
    clock: withMethods('a clock with now()', 'now'),
    sharedAs: text,
  },
  { hints: { capacity: 'Write "size".', rate: 'Write "perSecond".' } },
);

/**
 * An in-memory rate limiter: each key has a bucket that fills steadily, and every call takes one token.
 *
 * @throws OptionError if size is less than 1, or perSecond not more than 0
 */
export function tokenBucket(options: TokenBucketOptions): RateLimiter {
  const { size, perSecond, clock = systemClock, sharedAs } = checked(options);
  const bucket = { size, perSecond };
  const buckets = new TokenBuckets(() => clock.now());
  const own: RateLimiter = {
    async consume(key) {
      const wait = buckets.take(key, bucket);
      if (wait > 0) throw { msBeforeNext: wait };
    },
  };
  if (sharedAs === undefined) return own;
  return { ...own, sharedBy: (store) => sharedBuckets(store, { name: sharedAs, bucket, own }) };
}

interface SharedBuckets {
  readonly name: string;
  readonly bucket: BucketSize;
  /** Without the store, each process limits on its own: no caller is refused because of it, and none is unlimited. */
  readonly own: RateLimiter;
}

function sharedBuckets(store: SharedStore, { name, bucket, own }: SharedBuckets): RateLimiter {
  return {
    async consume(key) {
      const text = JSON.stringify([name, bucket.size, bucket.perSecond, key]);
      try {
        const wait = await store.consume(`bucket:${await digestText(text)}`, bucket);
        if (wait > 0) throw { msBeforeNext: wait };
      } catch (error) {
        if (!isStoreUnavailable(error)) throw error;
        await own.consume(key);
      }
    },
  };
}
