import { declareOptions } from '../options/declare-options.ts';
import { number, withMethods } from '../options/option-kinds.ts';
import { COUNT } from '../options/option-range.ts';
import type { CacheStore } from './cache-store.ts';
import { type Clock, systemClock } from './clock.ts';

export interface MemoryStoreOptions {
  /** The answers that were used least lately give way. Default 500. */
  readonly maxEntries?: number;
  readonly clock?: Pick<Clock, 'now'>;
}

const checked = declareOptions<MemoryStoreOptions>('memoryStore()', {
  maxEntries: number(COUNT),
  clock: withMethods('a clock with now()', 'now'),
});

/** Keeps answers in memory, for one process. @throws OptionError where `maxEntries` is no whole number of 1 or more. */
export function memoryStore(options: MemoryStoreOptions = {}): CacheStore {
  const { maxEntries = 500, clock = systemClock } = checked(options);
  /** In the order of their last use. */
  const entries = new Map<string, { readonly value: unknown; readonly until: number }>();
  return {
    async get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      if (entry.until <= clock.now()) return undefined;
      entries.set(key, entry);
      return entry.value;
    },
    async set(key, value, ttlMs) {
      entries.delete(key);
      entries.set(key, { value, until: clock.now() + ttlMs });
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries) return;
        entries.delete(oldest);
      }
    },
  };
}
