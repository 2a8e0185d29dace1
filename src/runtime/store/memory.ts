import { type Clock, systemClock } from '../clock.ts';
import type { Bound, SharedStore } from '../shared-store.ts';
import { byteLength } from '../text/byte-length.ts';
import { randomText } from '../text/random-text.ts';
import { TokenBuckets } from './token-buckets.ts';

/** A shared store in the memory of one process: for tests, and in the primary process of workers. */
export function memorySharedStore({ clock = systemClock }: { readonly clock?: Pick<Clock, 'now'> } = {}): SharedStore {
  const now = () => clock.now();
  const values = new Values(now);
  const buckets = new TokenBuckets(now);
  const secrets = new Map<string, string>();
  return {
    isPrivate: true,
    get: async (key) => values.get(key),
    async set(key, value, { ttlMs, bounds = [] }) {
      values.set(key, value, ttlMs);
      for (const bound of bounds) values.bound(key, byteLength(value), { ageMs: ttlMs, ...bound });
    },
    async add(key, value, ttlMs) {
      if (values.get(key) !== undefined) return false;
      values.set(key, value, ttlMs);
      return true;
    },
    async take(key) {
      const value = values.get(key);
      values.delete(key);
      return value;
    },
    delete: async (key) => values.delete(key),
    async touch(key, ttlMs) {
      const value = values.get(key);
      if (value !== undefined) values.set(key, value, ttlMs);
    },
    consume: async (key, bucket) => buckets.take(key, bucket),
    async secret(purpose) {
      const secret = secrets.get(purpose) ?? randomText();
      secrets.set(purpose, secret);
      return secret;
    },
    ...memoryChannels(),
    async ping() {},
    onLost: () => () => {},
    async close() {},
  };
}

/** From so many entries on, those whose time is over are looked for. */
const SWEEP_FROM = 1024;

class Values {
  readonly #now: () => number;
  readonly #entries = new Map<string, { readonly value: string; readonly until: number }>();
  /** The keys of each group, in the order in which their values were stored. */
  readonly #groups = new Map<string, Map<string, { readonly bytes: number; readonly until: number }>>();
  #sweepAt = SWEEP_FROM;

  constructor(now: () => number) {
    this.#now = now;
  }

  get(key: string): string | undefined {
    const entry = this.#entries.get(key);
    return entry && entry.until > this.#now() ? entry.value : undefined;
  }

  set(key: string, value: string, ttlMs: number): void {
    this.#entries.set(key, { value, until: this.#now() + ttlMs });
    if (this.#entries.size < this.#sweepAt) return;
    dropOver(this.#entries, this.#now());
    for (const [name, members] of this.#groups) {
      dropOver(members, this.#now());
      if (members.size === 0) this.#groups.delete(name);
    }
    this.#sweepAt = Math.max(SWEEP_FROM, 2 * this.#entries.size);
  }

  delete(key: string): boolean {
    const isLive = this.get(key) !== undefined;
    this.#entries.delete(key);
    return isLive;
  }

  /** The oldest values of the group give way to this one. */
  bound(
    key: string,
    bytes: number,
    { group, max, maxBytes = Number.POSITIVE_INFINITY, ageMs }: Required<Pick<Bound, 'ageMs'>> & Bound,
  ): void {
    const members = this.#groups.get(group) ?? new Map<string, { readonly bytes: number; readonly until: number }>();
    this.#groups.set(group, members);
    dropOver(members, this.#now());
    members.delete(key);
    members.set(key, { bytes, until: this.#now() + ageMs });
    let total = [...members.values()].reduce((sum, member) => sum + member.bytes, 0);
    for (const [oldest, member] of members) {
      if (oldest === key || (members.size <= max && total <= maxBytes)) return;
      members.delete(oldest);
      this.#entries.delete(oldest);
      total -= member.bytes;
    }
  }
}

function dropOver(entries: Map<string, { readonly until: number }>, now: number): void {
  for (const [key, { until }] of entries) if (until <= now) entries.delete(key);
}

function memoryChannels(): Pick<SharedStore, 'publish' | 'subscribe' | 'listeners'> {
  const channels = new Map<string, Set<(message: string) => void>>();
  return {
    async publish(channel, message) {
      const listeners = [...(channels.get(channel) ?? [])];
      // As over a network: the publisher goes on first.
      for (const listener of listeners) queueMicrotask(() => listener(message));
      return listeners.length;
    },
    async subscribe(channel, listener) {
      const listeners = channels.get(channel) ?? new Set();
      channels.set(channel, listeners);
      // Each subscription is its own, even if the same function is passed twice.
      const own = (message: string) => listener(message);
      listeners.add(own);
      return () => {
        listeners.delete(own);
        if (listeners.size === 0 && channels.get(channel) === listeners) channels.delete(channel);
      };
    },
    listeners: async (channel) => channels.get(channel)?.size ?? 0,
  };
}
