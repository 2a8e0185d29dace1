/** Runs code that a model wrote. It can reach nothing but what {@link CodeRun} hands it. */
export interface CodeSandbox {
  /** Always resolves, at most half a second after a limit or the signal ended the run. */
  run(run: CodeRun): Promise<CodeOutcome>;
  /** Called when a run is likely to follow, so that it starts faster. */
  prepare(): void;
  close(): Promise<void>;
}

export interface CodeRun {
  /** The body of an async function. */
  readonly code: string;
  readonly limits: RunLimits;
  /** Called for `api.<name>(…)`. Never rejects. */
  call(call: CodeCall): Promise<CodeReply>;
  /** Milliseconds so far in which the run waited for a person; they do not count. */
  waited(): number;
  readonly signal: AbortSignal;
}

export interface RunLimits {
  readonly timeoutMs: number;
  readonly maxCalls: number;
}

export interface CodeCall {
  readonly name: string;
  /** JSON of `[arguments, options]`, written inside the sandbox: not trusted. */
  readonly json: string;
}

/** JSON text, or why the call failed. */
export type CodeReply =
  | { readonly json: string }
  | { readonly failure: { readonly message: string; readonly status?: number } };

export interface CodeOutcome {
  /** JSON of what the code returned; absent if it returned nothing. */
  readonly output?: string;
  /** What it wrote to the console. */
  readonly log: string;
  readonly failure?: CodeFailure;
}

export interface CodeFailure {
  /**
   * `busy`: too many runs already wait. `stuck`: the code waits for a promise that nothing will settle. `output`: what it
   * returned cannot be JSON, or is too long.
   */
  readonly kind: 'syntax' | 'thrown' | 'timeout' | 'memory' | 'stuck' | 'output' | 'cancelled' | 'crashed' | 'busy';
  /** `TypeError: x is not a function`. Written inside the sandbox, except for `crashed`. */
  readonly message?: string;
  /** The line of the code, from 1. */
  readonly line?: number;
}

/** The longest arguments of a call, in characters. */
export const LONGEST_ARGUMENTS = 256_000;
/** The longest result of a call, in characters: parsing 1 MB takes the sandbox about 0.3 s. */
export const LONGEST_REPLY = 2_000_000;
/** The longest JSON that a run may return, in characters, before it is cut. */
export const LONGEST_OUTPUT = 1_000_000;
/** The longest code, in characters. */
export const LONGEST_CODE = 100_000;
/** Characters of the console that are kept. */
export const LONGEST_LOG = 10_000;
