import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { memorySharedStore } from '../../runtime/store/memory.ts';
import { within } from '../../runtime/until-aborted.ts';
import { EXIT, type ExitCode, tell } from '../output/report.ts';
import { interruption } from '../process/interruption.ts';
import { WORKER } from '../process/worker.ts';
import { serveStore } from './worker-store.ts';

export interface WorkersOptions {
  readonly count: number;
  readonly quiet: boolean;
  readonly json: boolean;
}

/** Waits between restarts, doubled each time; a worker that has run for a while starts at the first one again. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
const STEADY_MS = 30_000;
/** More than a worker waits for its calls. */
const DRAIN_MS = 15_000;

/**
 * Starts the same command in several processes, which share one port and the memory of this process. A worker that ends
 * is replaced. SIGTERM and SIGINT end all, after their calls.
 */
export async function superviseWorkers({ count, quiet, json }: WorkersOptions): Promise<ExitCode> {
  const primary = new Primary({ quiet, json });
  const interrupted = interruption();
  const failed = primary.start(count);
  const exit = await Promise.race([interrupted, failed]);
  await primary.close();
  return exit;
}

class Primary {
  readonly #told: Pick<WorkersOptions, 'quiet' | 'json'>;
  readonly #store = memorySharedStore();
  readonly #running = new Map<number, Worker>();
  readonly #pauses = new Set<ReturnType<typeof setTimeout>>();
  #serving = 0;
  #isServing = false;
  #isClosing = false;
  #fail: (exit: ExitCode) => void = () => {};

  constructor(told: Pick<WorkersOptions, 'quiet' | 'json'>) {
    this.#told = told;
  }

  /** Resolves with the exit code of a worker that could not start. */
  start(count: number): Promise<ExitCode> {
    // Alone: what is wrong is then reported once.
    this.#fork(1, { count, pauseMs: FIRST_PAUSE_MS });
    return new Promise((resolve) => {
      this.#fail = resolve;
    });
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    for (const pause of this.#pauses) clearTimeout(pause);
    const workers = [...this.#running.values()];
    const ended = Promise.all(workers.map((worker) => once(worker, 'exit')));
    for (const worker of workers) worker.process.kill('SIGTERM');
    if (await within(ended, DRAIN_MS)) return;
    for (const worker of workers) worker.process.kill('SIGKILL');
    await ended;
  }

  #fork(slot: number, start: { readonly count: number; readonly pauseMs: number }): void {
    const worker = cluster.fork({ [WORKER]: String(slot) });
    const startedAt = performance.now();
    this.#running.set(slot, worker);
    serveStore(worker, this.#store);
    worker.on('message', (message: { readonly serving?: unknown }) => {
      if (typeof message?.serving === 'string') this.#served(message.serving, start.count);
    });
    worker.on('exit', (code, signal) => {
      this.#running.delete(slot);
      if (this.#isClosing) return;
      // It has said why, and the others will not do better.
      if (!this.#isServing) return this.#fail((code ?? EXIT.document) as ExitCode);
      const isSteady = performance.now() - startedAt > STEADY_MS;
      const pauseMs = isSteady ? FIRST_PAUSE_MS : start.pauseMs;
      this.#tellEnded(slot, signal ?? code, pauseMs);
      const next = { ...start, pauseMs: Math.min(2 * pauseMs, LONGEST_PAUSE_MS) };
      const pause = setTimeout(() => {
        this.#pauses.delete(pause);
        this.#fork(slot, next);
      }, pauseMs);
      this.#pauses.add(pause);
    });
  }

  #served(url: string, count: number): void {
    this.#serving += 1;
    if (this.#isServing) return;
    if (this.#serving === 1) {
      for (let slot = 2; slot <= count; slot++) this.#fork(slot, { count, pauseMs: FIRST_PAUSE_MS });
    }
    if (this.#serving < count) return;
    this.#isServing = true;
    if (this.#told.json) tell(JSON.stringify({ serving: url, workers: count }));
    else if (!this.#told.quiet) tell(`Serving ${url} with ${count} workers`);
  }

  #tellEnded(worker: number, how: string | number, pauseMs: number): void {
    const message = `Worker ${worker} has ended (${how}); another one starts in ${pauseMs / 1000} s.`;
    tell(this.#told.json ? JSON.stringify({ level: 'error', message }) : message);
  }
}
