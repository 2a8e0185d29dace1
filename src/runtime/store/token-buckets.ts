import type { BucketSize } from '../shared-store.ts';

interface Bucket {
  readonly level: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** When it is full again. */
  readonly until: number;
}

/** From so many buckets on, full ones are looked for. */
const SWEEP_FROM = 1024;

/** Token buckets by key, in the memory of one process: each fills steadily. */
export class TokenBuckets {
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();
  #sweepAt = SWEEP_FROM;

  /** @param now milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes one token. @returns how long to wait, in milliseconds; 0: it was taken */
  take(key: string, { size, perSecond }: BucketSize): number {
    const now = this.#now();
    const perMs = perSecond / 1000;
    const bucket = this.#buckets.get(key);
    const level = bucket ? Math.min(size, bucket.level + (now - bucket.at) * perMs) : size;
    if (level < 1) return (1 - level) / perMs;
    this.#buckets.set(key, { level: level - 1, at: now, until: now + (size - level + 1) / perMs });
    if (this.#buckets.size >= this.#sweepAt) this.#sweep(now);
    return 0;
  }

  /** A full bucket need not be stored. */
  #sweep(now: number): void {
    for (const [key, { until }] of this.#buckets) if (until <= now) this.#buckets.delete(key);
    this.#sweepAt = Math.max(SWEEP_FROM, 2 * this.#buckets.size);
  }
}
