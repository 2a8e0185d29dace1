import { derivedBits, encode, openSeal, type Seal } from '../secrets/seal.ts';
import { type SharedStore, StoreError } from '../shared-store.ts';
import { base64Url } from '../text/random-text.ts';
import { agree } from './agreement.ts';

/** The shortest key that is accepted, in characters. */
export const STORE_KEY_LENGTH = 32;

const WRONG_KEY =
  'Another process of this server uses another key for the store, or none. Give all of them the same OPENAPI_MCP_STORE_KEY; if you have just changed it, stop the others and wait a minute.';

/** {@link sealed}, with a store that all processes agree on. @throws StoreError */
export async function openSealed(store: SharedStore, key: string | undefined): Promise<SharedStore> {
  if (key !== undefined && key.length < STORE_KEY_LENGTH) {
    throw new StoreError(
      'BAD_STORE',
      `The key of the store is too short. OPENAPI_MCP_STORE_KEY needs at least ${STORE_KEY_LENGTH} characters, for example of: openssl rand -base64 32`,
    );
  }
  const means = key === undefined ? undefined : await meansOf(key);
  const value = means ? await means.secret('fingerprint') : 'none';
  const end = await agree({ store, name: 'key', value, message: WRONG_KEY });
  const opened = means ? sealed(store, means) : store;
  return {
    ...opened,
    async close() {
      end();
      await store.close();
    },
  };
}

/**
 * The store with its values and messages encrypted (AES-256-GCM) before they leave this process. Each is bound to its key
 * or channel, so that two of them cannot be swapped. A value of another key, or that was changed, counts as missing.
 */
function sealed(store: SharedStore, { seal, open, secret }: Means): SharedStore {
  const opened = async (key: string, text: string | undefined) =>
    text === undefined ? undefined : open(text, `value ${key}`);
  return {
    ...store,
    isPrivate: true,
    get: async (key) => opened(key, await store.get(key)),
    take: async (key) => opened(key, await store.take(key)),
    set: async (key, value, options) => store.set(key, await seal(value, `value ${key}`), options),
    add: async (key, value, ttlMs) => store.add(key, await seal(value, `value ${key}`), ttlMs),
    secret: (purpose) => secret(`secret ${purpose}`),
    publish: async (channel, message) => store.publish(channel, await seal(message, `message ${channel}`)),
    subscribe(channel, listener) {
      let last = Promise.resolve();
      return store.subscribe(channel, (text) => {
        const message = open(text, `message ${channel}`);
        // In the order of arrival, although each takes its own time.
        last = last.then(async () => {
          const open = await message;
          if (open !== undefined) listener(open);
        });
        // An error of one listener is not that of the next message.
        last = last.catch(() => {});
      });
    },
  };
}

interface Means extends Seal {
  /** A text that only holders of the key can compute. */
  secret(purpose: string): Promise<string>;
}

async function meansOf(key: string): Promise<Means> {
  const bits = await derivedBits(encode(key), 'openapi-mcp store');
  return { ...(await openSeal(await bits('seal'))), secret: async (purpose) => base64Url(await bits(purpose)) };
}
