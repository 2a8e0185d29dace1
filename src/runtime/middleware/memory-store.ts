import { type Clock, systemClock } from '../clock.ts';
import { declareOptions } from '../options/declare-options.ts';
import { number, text, withMethods } from '../options/option-kinds.ts';
import { COUNT } from '../options/option-range.ts';
import type { SharedStore } from '../shared-store.ts';
import { digestText } from '../text/random-text.ts';
import type { CacheStore } from './cache-store.ts';

export interface MemoryStoreOptions {
  /** Maximum number of entries: beyond it, the least recently used are dropped. Default 500. */
  readonly maxEntries?: number;
  readonly clock?: Pick<Clock, 'now'>;
  /**
   * Share the entries with the other processes of the server, if it runs with a store. The name must be the same in all
   * processes, and unique in each: equal calls of two caches with one name have the same entry. Default: not shared.
   */
  readonly sharedAs?: string;
}

const checked = declareOptions<MemoryStoreOptions>('memoryStore()', {
  maxEntries: number(COUNT),
  clock: withMethods('a clock with now()', 'now'),
  sharedAs: text,
});

/** An in-memory store for one process. @throws OptionError if `maxEntries` is not an integer of at least 1 */
export function memoryStore(options: MemoryStoreOptions = {}): CacheStore {
  const { maxEntries = 500, clock = systemClock, sharedAs } = checked(options);
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
    ...(sharedAs !== undefined && { sharedBy: (store: SharedStore) => sharedCache(store, sharedAs, maxEntries) }),
  };
}

/** A store that cannot be reached has no entries: the call is made. */
function sharedCache(store: SharedStore, name: string, maxEntries: number): CacheStore {
  const keyOf = async (key: string) => `cache:${await digestText(JSON.stringify([name, key]))}`;
  return {
    async get(key) {
      const text = await store.get(await keyOf(key)).catch(() => undefined);
      return text === undefined ? undefined : JSON.parse(text);
    },
    async set(key, value, ttlMs) {
      const bounds = [{ group: `cache:${await digestText(name)}`, max: maxEntries }];
      await store.set(await keyOf(key), JSON.stringify(value), { ttlMs, bounds }).catch(() => {});
    },
  };
}
