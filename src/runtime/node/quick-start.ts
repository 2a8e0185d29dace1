import { setFlagsFromString } from 'node:v8';

/** V8's own budget: bytecodes that a function may run before it is considered for optimisation. */
const USUAL_BUDGET = 67_584;
const START_BUDGET = 15 * USUAL_BUDGET;
/** A server runs the same functions for every call, so that they are worth optimising after a few hundred calls. */
const CALL_BUDGET = USUAL_BUDGET / 8;
/** By which factor the space for new objects grows when it is full: at first it is small, and collected often. */
const USUAL_GROWTH = 2;
const START_GROWTH = 16;
/** By then, clients have their lists. */
const START_MS = 3_000;

let endOfStart: ReturnType<typeof setTimeout> | undefined;

/**
 * Delays the optimising compiler at startup, and enables the baseline compiler. Startup code runs once: optimising it
 * costs more than it saves, on one core up to a third of the startup. What a startup makes mostly stays, so collecting
 * it often is in vain. The startup is over with the first call, see {@link beginCalls}, or after 3 seconds.
 */
export function quickStart(): void {
  if (!KNOWN_ENGINE.test(process.versions.v8 ?? '')) return;
  setFlagsFromString('--sparkplug');
  setPace(START_BUDGET, START_GROWTH);
  endOfStart = setTimeout(setPace, START_MS, USUAL_BUDGET, USUAL_GROWTH).unref();
}

/** What runs from now on is optimised early. Does nothing in a process that has not called {@link quickStart}. */
export function beginCalls(): void {
  if (endOfStart === undefined) return;
  clearTimeout(endOfStart);
  setPace(CALL_BUDGET, USUAL_GROWTH);
}

/** A function takes its budget when it has run a few times, and later budgets when it has used that one. */
function setPace(budget: number, growth: number): void {
  setFlagsFromString(`--interrupt-budget=${budget}`);
  setFlagsFromString(`--semi-space-growth-factor=${growth}`);
}

/** The flag's name on Node 20. Later engines renamed it, and print an error to stderr for unknown flags. */
const KNOWN_ENGINE = /^11\./;
