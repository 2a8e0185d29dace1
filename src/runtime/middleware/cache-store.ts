import type { SharedStore } from '../shared-store.ts';

/**
 * Keeps answers, which are plain JSON. Its shape is that of `keyv`, so a `new Keyv(…)` over Redis, SQLite … is one;
 * `memoryStore()` is the one in memory.
 */
export interface CacheStore {
  /** `undefined` where nothing is kept, or not any more. */
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, ttlMs: number): Promise<unknown>;
  /** The same in what the processes of the server share; absent: the store is used as it is. */
  sharedBy?(store: SharedStore): CacheStore;
}
