import { type SharedStore, StoreError } from '../shared-store.ts';
import { fromBase64Url } from '../text/base64.ts';
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
  const seal = key === undefined ? undefined : await openSeal(key);
  const value = seal ? await seal.secret('fingerprint') : 'none';
  const end = await agree({ store, name: 'key', value, message: WRONG_KEY });
  const opened = seal ? sealed(store, seal) : store;
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
function sealed(store: SharedStore, seal: Seal): SharedStore {
  const opened = async (key: string, text: string | undefined) =>
    text === undefined ? undefined : seal.open(text, `value ${key}`);
  return {
    ...store,
    isPrivate: true,
    get: async (key) => opened(key, await store.get(key)),
    take: async (key) => opened(key, await store.take(key)),
    set: async (key, value, options) => store.set(key, await seal.seal(value, `value ${key}`), options),
    add: async (key, value, ttlMs) => store.add(key, await seal.seal(value, `value ${key}`), ttlMs),
    secret: (purpose) => seal.secret(`secret ${purpose}`),
    publish: async (channel, message) => store.publish(channel, await seal.seal(message, `message ${channel}`)),
    subscribe(channel, listener) {
      let last = Promise.resolve();
      return store.subscribe(channel, (text) => {
        const message = seal.open(text, `message ${channel}`);
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

interface Seal {
  seal(text: string, context: string): Promise<string>;
  /** `undefined` if it was sealed with another key or context, or changed. */
  open(text: string, context: string): Promise<string | undefined>;
  /** A text that only holders of the key can compute. */
  secret(purpose: string): Promise<string>;
}

const IV_BYTES = 12;

/** A key for each use, from one secret (HKDF-SHA-256, RFC 5869). */
async function openSeal(secret: string): Promise<Seal> {
  const root = await crypto.subtle.importKey('raw', encode(secret), 'HKDF', false, ['deriveBits']);
  const bits = (use: string) =>
    crypto.subtle.deriveBits(
      { name: 'HKDF', hash: 'SHA-256', salt: encode('openapi-mcp store'), info: encode(use) },
      root,
      256,
    );
  const key = await crypto.subtle.importKey('raw', await bits('seal'), 'AES-GCM', false, ['encrypt', 'decrypt']);
  return {
    async seal(text, context) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const algorithm = { name: 'AES-GCM', iv, additionalData: encode(context) };
      const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, encode(text)));
      const bytes = new Uint8Array(IV_BYTES + sealed.length);
      bytes.set(iv);
      bytes.set(sealed, IV_BYTES);
      return base64Url(bytes);
    },
    async open(text, context) {
      const bytes = fromBase64Url(text);
      if (!bytes) return undefined;
      const algorithm = { name: 'AES-GCM', iv: bytes.slice(0, IV_BYTES), additionalData: encode(context) };
      try {
        return new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, key, bytes.slice(IV_BYTES)));
      } catch {
        return undefined;
      }
    },
    secret: async (purpose) => base64Url(new Uint8Array(await bits(purpose))),
  };
}

const encode = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(new TextEncoder().encode(text));
