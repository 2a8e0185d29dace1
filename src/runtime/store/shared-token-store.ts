import {
  type CallerTokenStore,
  type TokenRecord,
  type TokenStore,
  TokenStoreError,
  tokenKeyText,
} from '../secrets/token-store.ts';
import type { SharedStore } from '../shared-store.ts';
import { digestText, randomText } from '../text/random-text.ts';

/** A caller who does not call for so long connects the account again. */
const TTL_MS = 90 * 86_400_000;
/** Longer than a renewal may take. */
const LOCK_MS = 60_000;
const WAIT_MS = 30_000;
const LOOK_MS = 50;

/** Logins of callers that all processes use. The store encrypts them. */
export function sharedTokenStore(store: SharedStore): CallerTokenStore {
  const placeOf = async (key: Parameters<TokenStore['get']>[0]) => {
    const digest = await digestText(tokenKeyText(key));
    return { record: `login:${digest}`, lock: `login-lock:${digest}` };
  };
  const read = async (place: string): Promise<TokenRecord | undefined> => {
    const text = await store.get(place);
    return text === undefined ? undefined : (JSON.parse(text) as TokenRecord);
  };
  return {
    get: async (key) => read((await placeOf(key)).record),
    async delete(key) {
      const { record, lock } = await placeOf(key);
      return locked(store, lock, () => store.delete(record));
    },
    async update(key, change) {
      const { record, lock } = await placeOf(key);
      return locked(store, lock, async () => {
        const current = await read(record);
        const next = await change(current);
        if (next !== current) await store.set(record, JSON.stringify(next), { ttlMs: TTL_MS });
        else await store.touch(record, TTL_MS);
        return next;
      });
    },
  };
}

/** @throws TokenStoreError if another process keeps the lock */
async function locked<T>(store: SharedStore, lock: string, work: () => Promise<T>): Promise<T> {
  const owner = randomText(12);
  const until = Date.now() + WAIT_MS;
  while (!(await store.add(lock, owner, LOCK_MS))) {
    if (Date.now() > until) {
      throw new TokenStoreError('TOKEN_STORE_BUSY', 'Another process is renewing this login.', {
        hint: 'Try again later.',
      });
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  try {
    return await work();
  } finally {
    // Not one that another process has got after this one took too long.
    if ((await store.get(lock).catch(() => undefined)) === owner) await store.delete(lock).catch(() => {});
  }
}
