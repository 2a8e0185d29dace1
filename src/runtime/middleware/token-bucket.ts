import { type Clock, systemClock } from '../clock.ts';
import { declareOptions } from '../options/declare-options.ts';
import { number, required, withMethods } from '../options/option-kinds.ts';
import type { RateLimiter } from './rate-limit.ts';

export interface TokenBucketOptions {
  /** Burst size: calls that may come at once. */
  readonly size: number;
  /** Sustained rate: calls per second. */
  readonly perSecond: number;
  readonly clock?: Pick<Clock, 'now'>;
}

const checked = declareOptions<TokenBucketOptions>(
  'tokenBucket()',
  {
    size: required(number({ min: 1 })),
    perSecond: required(number({ moreThan: 0 })),
    clock: withMethods('a clock with now()', 'now'),
  },
  { hints: { capacity: 'Write "size".', rate: 'Write "perSecond".' } },
);

/**
 * An in-memory rate limiter: each key has a bucket that fills steadily, and every call takes one token.
 *
 * @throws OptionError if size is less than 1, or perSecond not more than 0
 */
export function tokenBucket(options: TokenBucketOptions): RateLimiter {
  const { size, perSecond, clock = systemClock } = checked(options);
  const perMs = perSecond / 1000;
  const buckets = new Map<string, Bucket>();
  let sweepAt = SWEEP_FROM;
  const levelOf = ({ level, at }: Bucket, now: number) => Math.min(size, level + (now - at) * perMs);

  return {
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
}

interface Bucket {
  readonly level: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const SWEEP_FROM = 1024;
