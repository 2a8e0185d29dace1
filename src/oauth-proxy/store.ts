/**
 * Where an OAuth proxy keeps logins, codes and refresh tokens. Values are text of at most 64 kB, encrypted and
 * authenticated by the proxy: a store needs no key of its own. Keys are `kind:hash` in ASCII, at most 80 characters,
 * and reveal no token. Several processes may share a store.
 *
 * Every method may throw; the proxy then responds with 503.
 */
export interface OAuthProxyStore {
  /** The value, or `undefined` if there is none or its time is over. */
  get(key: string): Promise<string | undefined>;
  /** Stores or replaces a value for that many seconds. */
  put(key: string, value: string, ttl: number): Promise<void>;
  /**
   * Reads and deletes in one step: of several concurrent callers, in any process, one gets the value. Codes and refresh
   * tokens are single-use because of this.
   */
  take(key: string): Promise<string | undefined>;
  /** Deletes a value, if there is one. */
  delete(key: string): Promise<void>;
  /** Frees what it opened. The proxy calls it when it is closed. */
  close?(): Promise<void>;
}

export interface MemoryStoreOptions {
  /** How many values of each kind are kept; the oldest one is dropped for a new one. Default: 10,000. */
  readonly maxEntries?: number;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly now?: () => number;
}

/** The default of {@link MemoryStoreOptions} and of file stores. */
export const MAX_ENTRIES = 10_000;

/** A store in this process: every login ends when it stops. */
export function memoryStore({ maxEntries = MAX_ENTRIES, now = Date.now }: MemoryStoreOptions = {}): OAuthProxyStore {
  const kinds = new Map<string, Map<string, Entry>>();
  const of = (key: string) => {
    const kind = kindOf(key);
    const known = kinds.get(kind) ?? new Map<string, Entry>();
    kinds.set(kind, known);
    return known;
  };
  const get = async (key: string) => {
    const entry = of(key).get(key);
    return entry && entry.expiresAt > now() ? entry.value : undefined;
  };
  return {
    get,
    async put(key, value, ttl) {
      const entries = of(key);
      // At the end, as the newest one.
      entries.delete(key);
      if (entries.size >= maxEntries) makeRoom(entries, now());
      entries.set(key, { value, expiresAt: now() + ttl * 1000 });
    },
    async take(key) {
      // No await between reading and deleting.
      const value = get(key);
      of(key).delete(key);
      return value;
    },
    async delete(key) {
      of(key).delete(key);
    },
  };
}

interface Entry {
  readonly value: string;
  readonly expiresAt: number;
}

function makeRoom(entries: Map<string, Entry>, now: number): void {
  const { size } = entries;
  for (const [key, { expiresAt }] of entries) if (expiresAt <= now) entries.delete(key);
  const [oldest] = entries.keys();
  if (entries.size === size && oldest !== undefined) entries.delete(oldest);
}

/** The part before the colon: kinds are bounded separately, so that one that anybody can fill displaces no other. */
export function kindOf(key: string): string {
  return key.slice(0, key.indexOf(':'));
}
