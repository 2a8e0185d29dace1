import { setFlagsFromString } from 'node:v8';

/** Flags of a version of V8 that decide how soon a function is optimised. */
interface Engine {
  readonly versions: RegExp;
  /** While a server starts. */
  readonly start: readonly string[];
  /** For the rest of a start that runs the same functions for a long time. */
  readonly longStart: readonly string[];
  /** As without any of this. */
  readonly usual: readonly string[];
  /** From the first call on. */
  readonly calls: readonly string[];
}

/**
 * Startup code runs once: optimising it costs more than it saves, on one core up to a third of the startup. What a startup
 * makes mostly stays, so collecting garbage often is in vain: the space for new objects grows by a larger factor. Calls
 * run the same functions again and again, so they are optimised after fewer runs than usual, but not so early that the
 * first calls of a server wait for the compiler.
 */
const ENGINES: readonly Engine[] = [
  // Node 20. The budget is in bytecodes that a function may run before it is considered.
  {
    versions: /^11\./,
    start: ['--sparkplug', '--interrupt-budget=405504', '--semi-space-growth-factor=16'],
    longStart: ['--interrupt-budget=67584'],
    usual: ['--interrupt-budget=67584', '--semi-space-growth-factor=2'],
    calls: ['--interrupt-budget=8448', '--semi-space-growth-factor=2'],
  },
  // Node 22. Startups gain from a larger count than the usual one, but then calls wait longer for functions that both run.
  // Later versions have a compiler in between.
  {
    versions: /^12\./,
    start: ['--invocation-count-for-turbofan=3000'],
    longStart: [],
    usual: ['--invocation-count-for-turbofan=3000'],
    calls: ['--invocation-count-for-turbofan=1000'],
  },
];

/** Engines print an error to stderr for flags that they do not know. */
const engine = ENGINES.find(({ versions }) => versions.test(process.versions.v8 ?? ''));

/** By then, clients have their lists. */
const START_MS = 3_000;

let endOfStart: ReturnType<typeof setTimeout> | undefined;
let current: readonly string[] = [];

/** Delays optimisation until the startup is over: with the first call, see {@link beginCalls}, or after 3 seconds. */
export function quickStart(): void {
  if (!engine) return;
  setFlags(engine.start);
  endOfStart = setTimeout(setFlags, START_MS, engine.usual).unref();
}

/**
 * Functions are optimised as usual from now on: reading a very large document runs the same ones again and again. Does
 * nothing in a process that has not called {@link quickStart}.
 */
export function beginLongStart(): void {
  if (engine && endOfStart !== undefined) setFlags(engine.longStart);
}

/** What runs from now on is optimised early. Does nothing in a process that has not called {@link quickStart}. */
export function beginCalls(): void {
  if (!engine || endOfStart === undefined) return;
  clearTimeout(endOfStart);
  setFlags(engine.calls);
}

/**
 * Runs an action with the settings of {@link quickStart}, at any time: V8 accepts compiled code only under the settings that
 * it was made with.
 */
export function asInStartup(action: () => void): void {
  const now = current;
  if (engine) setFlags(engine.start);
  try {
    action();
  } finally {
    setFlags(now);
  }
}

function setFlags(flags: readonly string[]): void {
  current = flags;
  for (const flag of flags) setFlagsFromString(flag);
}
