import { type Clock, systemClock } from '../clock.ts';
import type { BucketSize, SetOptions, SharedStore } from '../shared-store.ts';
import { byteLength } from '../text/byte-length.ts';
import { randomText } from '../text/random-text.ts';

interface Entry {
  readonly value: string;
  readonly until: number;
}

interface Member {
  readonly bytes: number;
  readonly until: number;
}

/** A shared store in the memory of one process: for tests, and in the primary process of workers. */
export function memorySharedStore({ clock = systemClock }: { readonly clock?: Pick<Clock, 'now'> } = {}): SharedStore {
  const entries = new Map<string, Entry>();
  /** In the order in which their values were stored. */
  const groups = new Map<string, Map<string, Member>>();
  const buckets = new Map<string, { readonly level: number; readonly at: number; readonly fullAt: number }>();
  const secrets = new Map<string, string>();
  const channels = new Map<string, Set<(message: string) => void>>();
  let sweepAt = SWEEP_FROM;

  const live = (key: string) => {
    const entry = entries.get(key);
    return entry && entry.until > clock.now() ? entry : undefined;
  };
  const sweep = () => {
    if (entries.size + buckets.size < sweepAt) return;
    const now = clock.now();
    for (const [key, { until }] of entries) if (until <= now) entries.delete(key);
    for (const [key, { fullAt }] of buckets) if (fullAt <= now) buckets.delete(key);
    for (const [name, members] of groups) {
      for (const [key, { until }] of members) if (until <= now) members.delete(key);
      if (members.size === 0) groups.delete(name);
    }
    sweepAt = Math.max(SWEEP_FROM, 2 * (entries.size + buckets.size));
  };
  const bound = (key: string, bytes: number, { ttlMs, bounds = [] }: SetOptions) => {
    for (const { group, max, maxBytes = Number.POSITIVE_INFINITY, ageMs = ttlMs } of bounds) {
      const members = groups.get(group) ?? new Map<string, Member>();
      groups.set(group, members);
      const now = clock.now();
      for (const [name, { until }] of members) if (until <= now) members.delete(name);
      members.delete(key);
      members.set(key, { bytes, until: now + ageMs });
      let total = [...members.values()].reduce((sum, member) => sum + member.bytes, 0);
      for (const [oldest, member] of members) {
        if (oldest === key || (members.size <= max && total <= maxBytes)) break;
        members.delete(oldest);
        entries.delete(oldest);
        total -= member.bytes;
      }
    }
  };
  const store = (key: string, value: string, options: SetOptions) => {
    sweep();
    entries.set(key, { value, until: clock.now() + options.ttlMs });
    bound(key, byteLength(value), options);
  };

  return {
    isPrivate: true,
    get: async (key) => live(key)?.value,
    async set(key, value, options) {
      store(key, value, options);
    },
    async add(key, value, ttlMs) {
      if (live(key)) return false;
      store(key, value, { ttlMs });
      return true;
    },
    async take(key) {
      const entry = live(key);
      entries.delete(key);
      return entry?.value;
    },
    async delete(key) {
      const entry = live(key);
      entries.delete(key);
      return entry !== undefined;
    },
    async touch(key, ttlMs) {
      const entry = live(key);
      if (entry) entries.set(key, { ...entry, until: clock.now() + ttlMs });
    },
    async consume(key, bucket) {
      sweep();
      const now = clock.now();
      const { wait, level, fullAt } = taken(buckets.get(key), bucket, now);
      if (wait === 0) buckets.set(key, { level, at: now, fullAt });
      return wait;
    },
    async secret(purpose) {
      const secret = secrets.get(purpose) ?? randomText();
      secrets.set(purpose, secret);
      return secret;
    },
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
    async ping() {},
    onLost: () => () => {},
    async close() {},
  };
}

const SWEEP_FROM = 1024;

function taken(
  bucket: { readonly level: number; readonly at: number } | undefined,
  { size, perSecond }: BucketSize,
  now: number,
) {
  const perMs = perSecond / 1000;
  const filled = bucket ? Math.min(size, bucket.level + (now - bucket.at) * perMs) : size;
  const level = filled - 1;
  return { wait: filled < 1 ? (1 - filled) / perMs : 0, level, fullAt: now + (size - level) / perMs };
}
