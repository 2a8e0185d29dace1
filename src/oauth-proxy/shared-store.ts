import type { SharedStore } from '../runtime/shared-store.ts';
import { kindOf, MAX_ENTRIES, type OAuthProxyStore } from './store.ts';

/** What the processes of a server share, as the store of its OAuth proxy. All of them need the same `secret`. */
export function sharedOAuthStore(store: SharedStore): OAuthProxyStore {
  const placeOf = (key: string) => `oauth:${key}`;
  return {
    get: (key) => store.get(placeOf(key)),
    put: (key, value, ttl) =>
      store.set(placeOf(key), value, {
        ttlMs: Math.max(1, Math.ceil(ttl * 1000)),
        bounds: [{ group: `oauth-kind:${kindOf(key)}`, max: MAX_ENTRIES }],
      }),
    take: (key) => store.take(placeOf(key)),
    async delete(key) {
      await store.delete(placeOf(key));
    },
  };
}
