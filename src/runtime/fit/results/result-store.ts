import type { SharedStore } from '../../shared-store.ts';
import { digestText, randomText } from '../../text/random-text.ts';

/** A result that was too large to be returned. */
export interface KeptResult {
  readonly text: string;
  readonly kind: 'json' | 'text';
  readonly mimeType: string;
  /** The tool that returned it. */
  readonly tool: string;
}

/** Why a handle gets nothing. For the handle of another caller, it is `unknown`. */
export type NotKept = { readonly missing: 'unknown' } | { readonly missing: 'expired'; readonly tool: string };

/** Keeps results for a while, each for the caller who got it. Pass your own to share them between processes. */
export interface ResultStore {
  /** @returns the handle; `undefined` if the result is too large to be kept */
  put(owner: string, result: KeptResult): Promise<string | undefined>;
  get(owner: string, handle: string): Promise<KeptResult | NotKept>;
  /** Frees everything. */
  close(): Promise<void>;
  /** The same in what the processes of the server share; absent: the store is used as it is. */
  sharedBy?(store: SharedStore): ResultStore;
}

/** A text outside memory. */
export interface SpilledText {
  read(): Promise<string>;
  remove(): Promise<void>;
}

export interface MemoryResultStoreOptions {
  /** All texts together, in UTF-16 code units. Default 64,000,000. */
  readonly maxTotal?: number;
  /** Results of one caller. Default 50. */
  readonly maxPerCaller?: number;
  /** Milliseconds after the last use. Default 900,000. */
  readonly idleMs?: number;
  /** Milliseconds after the call. Default 3,600,000. */
  readonly maxAgeMs?: number;
  /** Moves texts over 8,000,000 code units out of memory. Default: they stay. */
  readonly spill?: (text: string) => Promise<SpilledText>;
  readonly now?: () => number;
}

interface Entry extends Omit<KeptResult, 'text'> {
  readonly owner: string;
  readonly size: number;
  readonly text: string | SpilledText;
  readonly madeAt: number;
  readonly usedAt: number;
}

const SPILLED_SIZE = 8_000_000;
/** Expired handles whose tool is still known. */
const MOST_EXPIRED = 500;

/** `undefined` if it was removed from the disk. */
const textOf = async ({ text }: Entry): Promise<string | undefined> =>
  typeof text === 'string' ? text : text.read().catch(() => undefined);

/** Keeps results in memory, the least recently used are dropped first. */
export function memoryResultStore({
  maxTotal = 64_000_000,
  maxPerCaller = 50,
  idleMs = 900_000,
  maxAgeMs = 3_600_000,
  spill,
  now = Date.now,
}: MemoryResultStoreOptions = {}): ResultStore {
  /** Least recently used first. */
  const entries = new Map<string, Entry>();
  const expired = new Map<string, Pick<Entry, 'owner' | 'tool'>>();
  let total = 0;

  const drop = async (handle: string) => {
    const entry = entries.get(handle);
    if (!entry) return;
    entries.delete(handle);
    total -= entry.size;
    expired.set(handle, { owner: entry.owner, tool: entry.tool });
    for (const [oldest] of expired) {
      if (expired.size <= MOST_EXPIRED) break;
      expired.delete(oldest);
    }
    if (typeof entry.text !== 'string') await entry.text.remove().catch(() => {});
  };
  const sweep = async () => {
    const at = now();
    for (const [handle, { usedAt, madeAt }] of [...entries]) {
      if (at - usedAt > idleMs || at - madeAt > maxAgeMs) await drop(handle);
    }
  };
  const makeRoom = async (owner: string, size: number) => {
    const own = [...entries].filter(([, entry]) => entry.owner === owner);
    for (const [handle] of own.slice(0, Math.max(0, own.length - maxPerCaller + 1))) await drop(handle);
    for (const handle of [...entries.keys()]) {
      if (total + size <= maxTotal) return;
      await drop(handle);
    }
  };
  return {
    async put(owner, { text, ...result }) {
      await sweep();
      const size = text.length;
      if (size > maxTotal) return undefined;
      await makeRoom(owner, size);
      const handle = randomText(16);
      // A disk that is full, or that nobody may write to, must not cost the result of a call that was made.
      const stored = spill && size > SPILLED_SIZE ? await spill(text).catch(() => text) : text;
      entries.set(handle, { ...result, owner, size, text: stored, madeAt: now(), usedAt: now() });
      total += size;
      return handle;
    },
    async get(owner, handle) {
      await sweep();
      const entry = entries.get(handle);
      if (entry?.owner === owner) {
        entries.delete(handle);
        entries.set(handle, { ...entry, usedAt: now() });
        const { kind, mimeType, tool } = entry;
        const text = await textOf(entry);
        if (text !== undefined) return { text, kind, mimeType, tool };
        await drop(handle);
      }
      const gone = expired.get(handle);
      return gone?.owner === owner ? { missing: 'expired', tool: gone.tool } : { missing: 'unknown' };
    },
    async close() {
      for (const handle of [...entries.keys()]) await drop(handle);
    },
    sharedBy: (store) => sharedResultStore(store, { maxTotal, maxPerCaller, idleMs, maxAgeMs, now }),
  };
}

/** Texts that are longer are not sent to a store that other processes wait for. */
const LONGEST_SHARED = 16_000_000;

type SharedOptions = Required<Omit<MemoryResultStoreOptions, 'spill'>>;

/**
 * Results that every process can read. `maxTotal` bounds those of all callers together, in bytes as they are stored.
 * They are not deleted when one process ends.
 */
function sharedResultStore(store: SharedStore, options: SharedOptions): ResultStore {
  const { maxTotal, maxPerCaller, idleMs, maxAgeMs, now } = options;
  const placeOf = async (owner: string, handle: string) => {
    const digest = await digestText(JSON.stringify([owner, handle]));
    return { result: `result:${digest}`, tool: `result-tool:${digest}` };
  };
  return {
    async put(owner, result) {
      if (result.text.length > Math.min(maxTotal, LONGEST_SHARED)) return undefined;
      const handle = randomText(16);
      const [place, caller] = await Promise.all([placeOf(owner, handle), digestText(owner)]);
      const stored: Stored = { ...result, madeAt: now() };
      await store.set(place.result, JSON.stringify(stored), {
        ttlMs: idleMs,
        bounds: [
          { group: `results:${caller}`, max: maxPerCaller, ageMs: maxAgeMs },
          { group: 'results', max: MOST_SHARED, maxBytes: maxTotal, ageMs: maxAgeMs },
        ],
      });
      const tools = { group: `result-tools:${caller}`, max: MOST_EXPIRED };
      await store.set(place.tool, result.tool, { ttlMs: 2 * maxAgeMs, bounds: [tools] });
      return handle;
    },
    async get(owner, handle) {
      const place = await placeOf(owner, handle);
      const text = await store.get(place.result);
      if (text !== undefined) {
        const { madeAt, ...result } = JSON.parse(text) as Stored;
        await store.touch(place.result, Math.max(1, Math.min(idleMs, madeAt + maxAgeMs - now())));
        return result;
      }
      const tool = await store.get(place.tool);
      return tool === undefined ? { missing: 'unknown' } : { missing: 'expired', tool };
    },
    async close() {},
  };
}

/** Of all callers. */
const MOST_SHARED = 10_000;

type Stored = KeptResult & { readonly madeAt: number };
