import { Expiring } from '../../expiring.ts';
import type { SharedStore } from '../../shared-store.ts';
import { digestText } from '../../text/random-text.ts';
import type { CodeReply } from './sandbox.ts';

/** What calls of a run returned, for the run that follows it: by call, in order. */
export type KnownReplies = ReadonlyMap<string, readonly CodeReply[]>;

const MOST_RUNS = 50;
const KEPT_MS = 600_000;
/** Characters of a run's replies. */
const MOST_CHARACTERS = 4_000_000;
/** Of all processes together. */
const MOST_SHARED_BYTES = 64_000_000;

/**
 * MCP 2026-07-28 ends a call to ask a person, and runs it again with the answer. What the code did before must not be
 * done twice: the replies of its calls are kept until then, by caller and code, and returned in place of another call.
 */
export interface RepliesOfRuns {
  /** Once. @throws StoreError if that is unknown: the code must not run then */
  take(run: string): Promise<KnownReplies>;
  /** @returns whether there was room for them */
  keep(run: string, replies: KnownReplies): Promise<boolean>;
}

/** The next run may be in another process. */
export function sharedReplies(store: SharedStore, server: string): RepliesOfRuns {
  const keyOf = async (run: string) => `replies:${await digestText(JSON.stringify([server, run]))}`;
  return {
    async take(run) {
      const text = await store.take(await keyOf(run));
      return new Map(text === undefined ? [] : (JSON.parse(text) as [string, CodeReply[]][]));
    },
    async keep(run, replies) {
      if (charactersOf(replies) > MOST_CHARACTERS) return false;
      const bounds = [{ group: 'replies', max: 1_000, maxBytes: MOST_SHARED_BYTES }];
      await store.set(await keyOf(run), JSON.stringify([...replies]), { ttlMs: KEPT_MS, bounds });
      return true;
    },
  };
}

/** Keeps them in this process. */
export class MemoryReplies implements RepliesOfRuns {
  readonly #runs = new Expiring<KnownReplies>({ ttlMs: KEPT_MS, most: MOST_RUNS, now: Date.now });

  async take(run: string): Promise<KnownReplies> {
    return this.#runs.take(run) ?? new Map();
  }

  async keep(run: string, replies: KnownReplies): Promise<boolean> {
    if (charactersOf(replies) > MOST_CHARACTERS) return false;
    this.#runs.put(run, replies);
    return true;
  }
}

const charactersOf = (replies: KnownReplies): number =>
  [...replies.values()].flat().reduce((sum, reply) => sum + ('json' in reply ? reply.json.length : 1_000), 0);
