import { setFlagsFromString } from 'node:v8';

/** V8's own: bytecodes that a function may run before it is considered for optimisation. */
const USUAL_BUDGET = 67_584;
const START_BUDGET = 15 * USUAL_BUDGET;
/** By then a client has its lists. */
const START_MS = 3_000;

/**
 * Keeps the optimising compiler out of the start, and lets the quick one in. What a start does is done once: compiling
 * that code to optimised machine code costs more than it saves, on one core up to a third of the start. Calls that
 * follow are optimised as usual.
 */
export function quickStart(): void {
  if (!KNOWN_ENGINE.test(process.versions.v8 ?? '')) return;
  setFlagsFromString('--sparkplug');
  setFlagsFromString(`--interrupt-budget=${START_BUDGET}`);
  setTimeout(() => setFlagsFromString(`--interrupt-budget=${USUAL_BUDGET}`), START_MS).unref();
}

/** That of Node 20. Later engines renamed the budget, and print an error to stderr for a flag that they do not know. */
const KNOWN_ENGINE = /^11\./;
