import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../errors.ts';
import type { CodeOutcome, CodeRun, CodeSandbox } from '../fit/code/sandbox.ts';
import { declareOptions } from '../options/declare-options.ts';
import { OptionError } from '../options/option-error.ts';
import { number } from '../options/option-kinds.ts';
import type { FromWorker, ToWorker, WorkerData } from './code-worker.ts';
import { QUICKJS_PACKAGES } from './quickjs.ts';

export interface QuickJsSandboxOptions {
  /** Memory of the code of a run. Default 24 MB. */
  readonly maxHeapBytes?: number;
  /** Runs at the same time; others wait. Default 4. */
  readonly maxRuns?: number;
}

const MB = 1_048_576;

const checked = declareOptions<QuickJsSandboxOptions>(
  'quickJsSandbox()',
  {
    maxHeapBytes: number({ min: 4 * MB, max: 512 * MB, whole: true }),
    maxRuns: number({ min: 1, max: 64, whole: true }),
  },
  { example: 'await quickJsSandbox({ maxRuns: 2 })' },
);

/**
 * A sandbox for code mode: QuickJS as WebAssembly, in a thread for each run, which is ended after the run or at its limit,
 * whatever the code does. The code has no network, no files, no timers and nothing of this process.
 *
 * @throws OptionError if the optional packages are not installed
 */
export async function quickJsSandbox(options: QuickJsSandboxOptions = {}): Promise<CodeSandbox> {
  const { maxHeapBytes = 24 * MB, maxRuns = 4 } = checked(options);
  const { resolve } = createRequire(import.meta.url);
  for (const name of QUICKJS_PACKAGES) {
    try {
      resolve(name);
    } catch (cause) {
      const install = `npm install ${QUICKJS_PACKAGES.join(' ')}`;
      throw new OptionError(`Code mode needs the optional package ${name}: ${install}`, { cause });
    }
  }
  return new QuickJsSandbox({ maxHeapBytes }, maxRuns);
}

/** Runs that may wait. */
const MOST_WAITING = 32;
/** The thread ends a run itself, except while the engine is deep in a long operation. */
const GRACE_MS = 150;
/** Beside the engine's own memory, for texts that are handed over. */
const THREAD_LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

const fileOf = (extension: string): URL => new URL(`./code-worker.${extension}`, import.meta.url);
const WORKER_FILE = fileOf(import.meta.url.endsWith('.ts') ? 'ts' : 'js');

interface Thread {
  readonly worker: Worker;
  readonly ready: Promise<void>;
}

class QuickJsSandbox implements CodeSandbox {
  readonly #data: WorkerData;
  readonly #maxRuns: number;
  /** Started, and not used yet. */
  #idle: Thread | undefined;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #all = new Set<Worker>();
  #isClosed = false;

  constructor(data: WorkerData, maxRuns: number) {
    this.#data = data;
    this.#maxRuns = maxRuns;
  }

  prepare(): void {
    if (this.#isClosed || this.#running >= this.#maxRuns) return;
    this.#idle ??= this.#startThread();
  }

  async run(run: CodeRun): Promise<CodeOutcome> {
    if (this.#waiting.length >= MOST_WAITING) return { log: '', failure: { kind: 'busy' } };
    if (this.#running >= this.#maxRuns) {
      if (!(await this.#turn(run.signal))) return CANCELLED;
    } else this.#running += 1;
    if (run.signal.aborted || this.#isClosed) {
      this.#release();
      return CANCELLED;
    }
    const thread = this.#idle ?? this.#startThread();
    this.#idle = undefined;
    thread.worker.ref();
    const outcome = await outcomeOf(thread, run);
    // Not awaited: a thread that is deep in an operation takes a moment to end. Its turn ends when it has.
    this.#end(thread.worker).finally(() => {
      this.#release();
      this.prepare();
    });
    return outcome;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#idle = undefined;
    await Promise.all([...this.#all].map((worker) => this.#end(worker)));
  }

  /** Whether it is this run's turn; the run before hands it over. */
  #turn(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const mine = () => {
        signal.removeEventListener('abort', leave);
        resolve(true);
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(mine), 1);
        resolve(false);
      };
      this.#waiting.push(mine);
      signal.addEventListener('abort', leave, { once: true });
      if (signal.aborted) leave();
    });
  }

  #release(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running -= 1;
  }

  #startThread(): Thread {
    // Nothing of this process: neither its environment and arguments, nor its output, which may be the protocol's.
    const worker = new Worker(WORKER_FILE, {
      workerData: this.#data,
      env: {},
      argv: [],
      execArgv: [],
      stdin: false,
      stdout: true,
      stderr: true,
      resourceLimits: THREAD_LIMITS,
    });
    this.#all.add(worker);
    worker.once('exit', () => {
      this.#all.delete(worker);
      if (this.#idle?.worker === worker) this.#idle = undefined;
    });
    const ready = new Promise<void>((resolve, reject) => {
      worker.once('message', (message: FromWorker) => {
        if (message.type === 'ready') resolve();
        else reject(new Error(message.type === 'broken' ? message.message : 'The sandbox did not start.'));
      });
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('The sandbox ended before it was used.')));
    });
    // Reported by the run that uses it.
    ready.catch(() => {});
    // A thread that waits for a run does not keep the process alive.
    worker.unref();
    return { worker, ready };
  }

  async #end(worker: Worker): Promise<void> {
    await worker.terminate();
    this.#all.delete(worker);
  }
}

const CANCELLED: CodeOutcome = { log: '', failure: { kind: 'cancelled' } };

/** Ends with the run, at its limit or when it is cancelled, whichever is first. */
function outcomeOf({ worker, ready }: Thread, run: CodeRun): Promise<CodeOutcome> {
  return new Promise((resolve) => {
    let timer: ReturnType<typeof setTimeout>;
    const end = (outcome: CodeOutcome) => {
      clearTimeout(timer);
      run.signal.removeEventListener('abort', cancel);
      resolve(outcome);
    };
    const fail = (kind: 'timeout' | 'memory' | 'crashed', message?: string) =>
      end({ log: '', failure: { kind, ...(message !== undefined && { message }) } });
    const cancel = () => end(CANCELLED);
    run.signal.addEventListener('abort', cancel, { once: true });
    worker.on('error', (error: Error & { readonly code?: unknown }) =>
      error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? fail('memory') : fail('crashed', error.message),
    );
    worker.on('exit', () => fail('crashed', 'The sandbox ended.'));
    const isLate = lateness(worker, run);
    const look = () => {
      const left = isLate();
      if (left <= 0) fail('timeout');
      else timer = setTimeout(look, left);
    };
    look();
    const startedAt = performance.now();
    const begin = () => converse(worker, run, { end, late: performance.now() - startedAt });
    ready.then(begin, (error: Error) => fail('crashed', error.message));
  });
}

/** While a person is asked, a run that works all the same is limited by the time that it works. */
const LOOK_MS = 500;

/** Milliseconds until the run is over its limit, or has to be looked at again. */
function lateness(worker: Worker, { limits, waited }: CodeRun): () => number {
  const startedAt = performance.now();
  const start = worker.performance.eventLoopUtilization();
  const most = limits.timeoutMs + GRACE_MS;
  return () => {
    const waiting = waited();
    const elapsed = performance.now() - startedAt - waiting;
    if (waiting === 0) return most - elapsed;
    const { active } = worker.performance.eventLoopUtilization(start);
    return Math.min(LOOK_MS, most - elapsed, most - active);
  };
}

interface Ending {
  readonly end: (outcome: CodeOutcome) => void;
  /** Milliseconds of the limit that the start of the thread took. */
  readonly late: number;
}

function converse(worker: Worker, run: CodeRun, { end, late }: Ending): void {
  const post = (message: ToWorker) => worker.postMessage(message);
  let calls = 0;
  worker.on('message', (message: FromWorker) => {
    if (message.type === 'end') return end(message.outcome);
    // The thread counts as well; this holds even if it does not.
    if (message.type !== 'call' || ++calls > run.limits.maxCalls) return;
    const { id, name, json } = message;
    run.call({ name, json }).then(
      (reply) => {
        const text = 'json' in reply ? `+${reply.json}` : `-${JSON.stringify(reply.failure)}`;
        post({ type: 'reply', id, text, waited: run.waited() });
      },
      (error: unknown) => end({ log: '', failure: { kind: 'crashed', message: messageOf(error) } }),
    );
  });
  const limits = { ...run.limits, timeoutMs: Math.max(1, run.limits.timeoutMs - late) };
  post({ type: 'run', code: run.code, limits });
}
