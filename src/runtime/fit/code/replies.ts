import type { CodeReply } from './sandbox.ts';

/** What calls of a run returned, for the run that follows it: by call, in order. */
export type KnownReplies = ReadonlyMap<string, readonly CodeReply[]>;

const MOST_RUNS = 50;
const KEPT_MS = 600_000;
/** Characters of a run's replies. */
const MOST_CHARACTERS = 4_000_000;

/**
 * MCP 2026-07-28 ends a call to ask a person, and runs it again with the answer. What the code did before must not be
 * done twice: the replies of its calls are kept until then, by caller and code, and returned in place of another call.
 */
export class RepliesOfRuns {
  readonly #runs = new Map<string, { readonly at: number; readonly replies: KnownReplies }>();

  /** Once. */
  take(run: string): KnownReplies {
    const kept = this.#runs.get(run);
    this.#runs.delete(run);
    return kept && Date.now() - kept.at < KEPT_MS ? kept.replies : new Map();
  }

  /** @returns whether there was room for them */
  keep(run: string, replies: KnownReplies): boolean {
    const all = [...replies.values()].flat();
    const characters = all.reduce((sum, reply) => sum + ('json' in reply ? reply.json.length : 1_000), 0);
    if (characters > MOST_CHARACTERS) return false;
    this.#runs.delete(run);
    this.#runs.set(run, { at: Date.now(), replies });
    for (const [oldest, { at }] of this.#runs) {
      if (this.#runs.size <= MOST_RUNS && Date.now() - at < KEPT_MS) break;
      this.#runs.delete(oldest);
    }
    return true;
  }
}
