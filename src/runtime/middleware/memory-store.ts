import { type Clock, systemClock } from '../clock.ts';
import { declareOptions } from '../options/declare-options.ts';
import { number, withMethods } from '../options/option-kinds.ts';
import { COUNT } from '../options/option-range.ts';
import type { CacheStore } from './cache-store.ts';

export interface MemoryStoreOptions {
  /** Maximum number of entries: beyond it, the least recently used are dropped. Default 500. */
  readonly maxEntries?: number;
  readonly clock?: Pick<Clock, 'now'>;
}

const checked = declareOptions<MemoryStoreOptions>('memoryStore()', {
  maxEntries: number(COUNT),
  clock: withMethods('a clock with now()', 'now'),
});

/** An in-memory store for one process. @throws OptionError if `maxEntries` is not an integer of at least 1 */
export function memoryStore(options: MemoryStoreOptions = {}): CacheStore {
  const { maxEntries = 500, clock = systemClock } = checked(options);
  /** In order of last use. */
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
