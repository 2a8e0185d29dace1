import { type Clock, systemClock } from '../clock.ts';
import { declareOptions } from '../options/declare-options.ts';
import { number, required, text, withMethods } from '../options/option-kinds.ts';
import { isStoreUnavailable, type SharedStore } from '../shared-store.ts';
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
  const perMs = perSecond / 1000;
  const buckets = new Map<string, Bucket>();
  let sweepAt = SWEEP_FROM;
  const levelOf = ({ level, at }: Bucket, now: number) => Math.min(size, level + (now - at) * perMs);

  const own: RateLimiter = {
    async consume(key) {
      const now = clock.now();
      const bucket = buckets.get(key);
      const level = bucket ? levelOf(bucket, now) : size;
      if (level < 1) throw { msBeforeNext: (1 - level) / perMs };
      buckets.set(key, { level: level - 1, at: now });
      if (buckets.size < sweepAt) return;
      // A full bucket need not be stored.
      for (const [each, other] of buckets) if (levelOf(other, now) >= size) buckets.delete(each);
      sweepAt = Math.max(SWEEP_FROM, buckets.size * 2);
    },
  };
  if (sharedAs === undefined) return own;
  const bucket = { size, perSecond };
  return { ...own, sharedBy: (store) => sharedBuckets(store, { name: sharedAs, bucket, own }) };
}

interface SharedBuckets {
  readonly name: string;
  readonly bucket: { readonly size: number; readonly perSecond: number };
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

interface Bucket {
  readonly level: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const SWEEP_FROM = 1024;
