import type { BackgroundCall, BackgroundState } from '../../background-call.ts';
import { ownedId } from '../process-id.ts';

/** A task as clients see it (Task, tasks extension 2026-07-28). */
export interface TaskState {
  readonly taskId: string;
  readonly status: 'working' | 'completed' | 'failed' | 'cancelled';
  readonly statusMessage?: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly lastUpdatedAt: string;
  /** From its creation, in milliseconds. */
  readonly ttlMs: number;
  readonly pollIntervalMs?: number;
}

/** With what it ended with: the result of the call, or the error of JSON-RPC. */
export type DetailedTask = TaskState & { readonly result?: object; readonly error?: object };

export interface TaskLimits {
  /** Tasks at the same time, those included that have ended and are kept for their client. */
  readonly most: number;
  readonly mostPerOwner: number;
  readonly ttlMs: number;
}

const LIMITS: TaskLimits = { most: 1_000, mostPerOwner: 100, ttlMs: 3_600_000 };
/** Until the API has said how long to wait. */
const POLL_MS = 1_000;

interface Kept {
  readonly owner: string;
  readonly abort: AbortController;
  readonly timer: ReturnType<typeof setTimeout>;
  task: DetailedTask;
}

/** A call that has moved to the background. */
export interface RunningTask extends BackgroundCall {
  readonly state: TaskState;
  /** Ends the task; later ends, and those after a cancellation, are ignored. */
  end(how: { readonly result: object } | { readonly error: object }): void;
}

/**
 * The tasks of a server, in its process. An id is known only to the client that got it, and valid only for the same
 * caller. After its time a task is aborted and forgotten.
 */
export class TaskStore {
  readonly #limits: TaskLimits;
  readonly #tasks = new Map<string, Kept>();

  readonly #process: string | undefined;

  /** @param process the process in which the tasks are, if it is one of several */
  constructor(limits: Partial<TaskLimits> = {}, process?: string) {
    this.#process = process;
    this.#limits = { ...LIMITS, ...limits };
  }

  /** @returns `undefined` if there are too many tasks */
  create(owner: string): RunningTask | undefined {
    const { most, mostPerOwner, ttlMs } = this.#limits;
    const own = [...this.#tasks.values()].filter((kept) => kept.owner === owner).length;
    if (this.#tasks.size >= most || own >= mostPerOwner) return undefined;
    const abort = new AbortController();
    const taskId = ownedId(this.#process, crypto.randomUUID());
    const now = new Date().toISOString();
    const timer = setTimeout(() => this.#forget(taskId), ttlMs);
    // A server may end before.
    timer.unref?.();
    const task: TaskState = {
      taskId,
      status: 'working',
      createdAt: now,
      lastUpdatedAt: now,
      ttlMs,
      pollIntervalMs: POLL_MS,
    };
    const kept: Kept = { owner, abort, timer, task };
    this.#tasks.set(taskId, kept);
    return {
      state: task,
      signal: abort.signal,
      ends: Date.now() + ttlMs,
      update: ({ message, pollMs }: BackgroundState) =>
        change(kept, { statusMessage: message, pollIntervalMs: Math.ceil(pollMs) }),
      end: (how) => change(kept, { status: 'result' in how ? 'completed' : 'failed', ...how }),
    };
  }

  get(taskId: string, owner: string): DetailedTask | undefined {
    return this.#own(taskId, owner)?.task;
  }

  /** Cooperative: the work stops at its next step. @returns whether there is such a task */
  cancel(taskId: string, owner: string): boolean {
    const kept = this.#own(taskId, owner);
    if (!kept) return false;
    change(kept, { status: 'cancelled', statusMessage: 'The client cancelled the task.' });
    kept.abort.abort(new Error('The client cancelled the task.'));
    return true;
  }

  #own(taskId: string, owner: string): Kept | undefined {
    const kept = this.#tasks.get(taskId);
    return kept?.owner === owner ? kept : undefined;
  }

  #forget(taskId: string): void {
    this.#tasks.get(taskId)?.abort.abort(new Error('The time of the task is over.'));
    this.#tasks.delete(taskId);
  }
}

function change(kept: Kept, by: Partial<DetailedTask>): void {
  if (kept.task.status !== 'working') return;
  kept.task = { ...kept.task, ...by, lastUpdatedAt: new Date().toISOString() };
}
