// The thread in which the code of one run is executed: `quickjs-sandbox.ts` starts it, and ends it after the run.
import { parentPort, workerData } from 'node:worker_threads';
import {
  type CodeFailure,
  type CodeOutcome,
  LONGEST_ARGUMENTS,
  LONGEST_LOG,
  LONGEST_OUTPUT,
  type RunLimits,
} from '../fit/code/sandbox.ts';
import { isRecord } from '../is-record.ts';
import { PRELUDE } from './code-prelude.ts';
import { openQuickJs, type QuickJsContext, type QuickJsHandle, type QuickJsRuntime } from './quickjs.ts';

export interface WorkerData {
  readonly maxHeapBytes: number;
}

export type ToWorker =
  | { readonly type: 'run'; readonly code: string; readonly limits: RunLimits }
  /** `waited`: see `CodeRun`. */
  | { readonly type: 'reply'; readonly id: number; readonly text: string; readonly waited: number };

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'call'; readonly id: number; readonly name: string; readonly json: string }
  | { readonly type: 'end'; readonly outcome: CodeOutcome }
  /** The engine cannot be loaded. */
  | { readonly type: 'broken'; readonly message: string };

/** Jobs between two looks at the clock. */
const JOBS = 200;

/** One run of code. Its functions may be called from inside the sandbox, so they check what they get. */
class Run {
  readonly #runtime: QuickJsRuntime;
  readonly #vm: QuickJsContext;
  readonly #post: (message: FromWorker) => void;
  /** Calls that wait for a reply, by id. */
  readonly #open = new Map<number, (text: string) => void>();
  readonly #start: QuickJsHandle;
  #limits: RunLimits = { timeoutMs: 0, maxCalls: 0 };
  #deadline = Number.POSITIVE_INFINITY;
  #startedAt = 0;
  #calls = 0;
  #log = '';
  #isOver = false;
  #isLate = false;

  constructor(runtime: QuickJsRuntime, post: (message: FromWorker) => void) {
    this.#runtime = runtime;
    this.#post = post;
    this.#vm = runtime.newContext();
    runtime.setInterruptHandler(() => {
      this.#isLate ||= performance.now() > this.#deadline;
      return this.#isLate;
    });
    const vm = this.#vm;
    const made = vm.evalCode(PRELUDE, 'prelude.js');
    if (made.error) throw new Error('The prelude of the sandbox failed.');
    const [call, log, end] = [
      vm.newFunction('call', (name, json) => this.#call(name, json)),
      vm.newFunction('log', (text) => this.#write(text)),
      vm.newFunction('end', (kind, text) => this.#settle(kind, text)),
    ];
    const started = vm.callFunction(
      made.value,
      vm.undefined,
      call,
      log,
      end,
      vm.newString(JSON.stringify(randomSeed())),
    );
    if (started.error) throw new Error('The prelude of the sandbox failed.');
    this.#start = started.value;
  }

  start(code: string, limits: RunLimits): void {
    this.#limits = limits;
    this.#startedAt = performance.now();
    this.#deadline = this.#startedAt + limits.timeoutMs;
    this.#guarded(() => {
      // On the first line, so that lines are those of the code. A comment on its last line must not hide the end.
      const main = this.#vm.evalCode(`(async () => {${code}\n})`, 'code.js');
      if (main.error) {
        this.#endWith(this.#syntaxError(main.error));
        return;
      }
      const started = this.#vm.callFunction(this.#start, this.#vm.undefined, main.value);
      if (started.error) this.#endWith({ kind: 'thrown' });
    });
  }

  reply(id: number, text: string, waited: number): void {
    const settle = this.#open.get(id);
    if (!settle) return;
    this.#open.delete(id);
    this.#deadline = this.#startedAt + this.#limits.timeoutMs + waited;
    this.#guarded(() => settle(text));
  }

  /** Runs something, and all jobs that follow from it. The engine itself may fail when memory is short. */
  #guarded(work: () => void): void {
    if (this.#isOver) return;
    try {
      work();
      while (!this.#isOver && !this.#isLate && this.#runtime.hasPendingJob()) {
        this.#isLate ||= performance.now() > this.#deadline;
        this.#runtime.executePendingJobs(JOBS);
      }
    } catch (error) {
      const isMemory = error instanceof RangeError || /memory|OOM/i.test(String(error));
      this.#endWith(isMemory ? { kind: 'memory' } : { kind: 'crashed', message: String(error) });
    }
    if (this.#isLate) this.#endWith({ kind: 'timeout' });
    else if (this.#open.size === 0) this.#endWith({ kind: 'stuck' });
  }

  #call(name: QuickJsHandle | undefined, json: QuickJsHandle | undefined): QuickJsHandle {
    const promise = this.#vm.newPromise();
    const settle = (text: string) => {
      const value = this.#vm.newString(text);
      promise.resolve(value);
      value.dispose();
    };
    const [tool, args] = [this.#text(name, 200), this.#text(json, LONGEST_ARGUMENTS)];
    const problem = this.#problemOf(tool, args);
    if (problem !== undefined) settle(`-${JSON.stringify({ message: problem })}`);
    else {
      this.#calls += 1;
      this.#open.set(this.#calls, (reply) => {
        settle(reply);
        // It would keep the reply, and many large ones fill the memory.
        promise.dispose();
      });
      this.#post({ type: 'call', id: this.#calls, name: tool ?? '', json: args ?? '' });
    }
    return promise.handle;
  }

  #problemOf(name: string | undefined, json: string | undefined): string | undefined {
    if (this.#calls >= this.#limits.maxCalls)
      return `The limit of ${this.#limits.maxCalls} calls is reached. Return what you have, and do the rest in another run.`;
    if (name === undefined) return 'The name of a tool has at most 200 characters.';
    return json === undefined ? `The arguments are too long: at most ${LONGEST_ARGUMENTS} characters.` : undefined;
  }

  #write(handle: QuickJsHandle | undefined): void {
    if (this.#log.length >= LONGEST_LOG) return;
    const line = this.#text(handle, LONGEST_LOG) ?? '…';
    this.#log = `${this.#log}${this.#log === '' ? '' : '\n'}${line}`;
    if (this.#log.length > LONGEST_LOG) this.#log = `${this.#log.slice(0, LONGEST_LOG)}… (cut)`;
  }

  #settle(kind: QuickJsHandle | undefined, handle: QuickJsHandle | undefined): void {
    const how = this.#text(kind, 20);
    if (how !== 'value') {
      this.#endWith(failureOf(how === 'output' ? 'output' : 'thrown', this.#text(handle, 9000)));
      return;
    }
    const isNothing = !handle || this.#vm.typeof(handle) === 'undefined';
    const output = this.#text(handle, LONGEST_OUTPUT);
    const isTooLong = output === undefined && !isNothing;
    this.#endWith(
      isTooLong ? { kind: 'output', message: `it has more than ${LONGEST_OUTPUT} characters` } : undefined,
      output,
    );
  }

  #syntaxError(error: QuickJsHandle): CodeFailure {
    // Made by the engine, unless the code closes the function around it and throws: reading it then runs within the limit.
    const read = (key: string) => this.#text(this.#vm.getProp(error, key), 4000);
    const [message = '', name = 'SyntaxError', stack = ''] = [read('message'), read('name'), read('stack')];
    const line = /code\.js:(\d+)/.exec(stack)?.[1];
    return { kind: 'syntax', message: `${name}: ${message}`, ...(line !== undefined && { line: Number(line) }) };
  }

  /** A string of at most that many characters. */
  #text(handle: QuickJsHandle | undefined, longest: number): string | undefined {
    if (!handle || this.#vm.typeof(handle) !== 'string') return undefined;
    const text = this.#vm.getString(handle);
    return text.length > longest ? undefined : text;
  }

  #endWith(given: CodeFailure | undefined, output?: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    // An interrupted engine throws.
    const failure = this.#isLate ? ({ kind: 'timeout' } as const) : given;
    const outcome = { ...(output !== undefined && { output }), log: this.#log, ...(failure && { failure }) };
    this.#post({ type: 'end', outcome });
  }
}

const randomSeed = (): readonly number[] => [...crypto.getRandomValues(new Int32Array(4))];

/** Of the JSON that the prelude wrote, unless the code interfered. */
function failureOf(kind: 'thrown' | 'output', text: string | undefined): CodeFailure {
  let told: unknown;
  try {
    told = JSON.parse(text ?? '{}');
  } catch {
    told = {};
  }
  const { message, line } = isRecord(told) ? told : {};
  // The engine throws `null` if there is no memory left for an error; hardly any code does.
  const isMemory = typeof message === 'string' && /^(?:InternalError: out of memory|null$)/.test(message);
  return {
    kind: isMemory ? 'memory' : kind,
    ...(typeof message === 'string' && { message: message.slice(0, 4000) }),
    ...(typeof line === 'number' && { line }),
  };
}

const port = parentPort;
if (port) {
  const post = (message: FromWorker) => port.postMessage(message);
  try {
    const runtime = await openQuickJs((workerData as WorkerData).maxHeapBytes);
    const run = new Run(runtime, post);
    port.on('message', (message: ToWorker) => {
      if (message.type === 'run') run.start(message.code, message.limits);
      else run.reply(message.id, message.text, message.waited);
    });
    post({ type: 'ready' });
  } catch (error) {
    post({ type: 'broken', message: error instanceof Error ? error.message : String(error) });
  }
}
