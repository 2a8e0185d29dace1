import type { SharedStore } from '../runtime/shared-store.ts';
import { agree } from '../runtime/store/agreement.ts';
import { digestText } from '../runtime/text/random-text.ts';
import { kindOf, MAX_ENTRIES, type OAuthProxyStore } from './store.ts';

/**
 * What the processes of a server share, as the store of its OAuth proxy.
 *
 * @param secret that of the proxy: all processes need the same
 * @throws StoreError if another process has another one: it could not read what this one stores
 */
export async function sharedOAuthStore(store: SharedStore, secret: string): Promise<OAuthProxyStore> {
  const value = await digestText(JSON.stringify([await store.secret('oauth-proxy'), secret]));
  const end = await agree({ store, name: 'oauth-proxy', value, message: OTHER_SECRET });
  const placeOf = (key: string) => `oauth:${key}`;
  return {
    get: (key) => store.get(placeOf(key)),
    put: (key, text, ttl) =>
      store.set(placeOf(key), text, {
        ttlMs: ttl * 1000,
        bounds: [{ group: `oauth-kind:${kindOf(key)}`, max: MAX_ENTRIES }],
      }),
    take: (key) => store.take(placeOf(key)),
    async delete(key) {
      await store.delete(placeOf(key));
    },
    async close() {
      end();
    },
  };
}

const OTHER_SECRET =
  'Another process of this server has another auth.proxy.secret, so neither can read the logins of the other. Give all of them the same; if you have just changed it, stop the others and wait a minute.';
