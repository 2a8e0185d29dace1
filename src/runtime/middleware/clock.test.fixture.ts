import type { Clock } from '../clock.ts';

export interface TestClock extends Clock {
  /** Milliseconds of each sleep. */
  readonly slept: readonly number[];
  advance(ms: number): void;
}

/** A clock that stands still unless somebody sleeps: then it is later at once. */
export function testClock(): TestClock {
  let now = Date.UTC(2026, 10, 23);
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    advance(ms) {
      now += ms;
    },
    async sleep(ms, signal) {
      signal.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
  };
}
