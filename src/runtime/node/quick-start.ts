import { setFlagsFromString } from 'node:v8';

/** V8's own budget: bytecodes that a function may run before it is considered for optimisation. */
const USUAL_BUDGET = 67_584;
const START_BUDGET = 15 * USUAL_BUDGET;
/** By which factor the space for new objects grows when it is full: at first it is small, and collected often. */
const USUAL_GROWTH = 2;
const START_GROWTH = 16;
/** By then, clients have their lists. */
const START_MS = 3_000;

/**
 * Delays the optimising compiler at startup, and enables the baseline compiler. Startup code runs once: optimising it
 * costs more than it saves, on one core up to a third of the startup. Later calls are optimised as usual. What a startup
 * makes mostly stays, so collecting it often is in vain.
 */
export function quickStart(): void {
  if (!KNOWN_ENGINE.test(process.versions.v8 ?? '')) return;
  setFlagsFromString('--sparkplug');
  setFlagsFromString(`--interrupt-budget=${START_BUDGET}`);
  setFlagsFromString(`--semi-space-growth-factor=${START_GROWTH}`);
  const asUsual = () => {
    setFlagsFromString(`--interrupt-budget=${USUAL_BUDGET}`);
    setFlagsFromString(`--semi-space-growth-factor=${USUAL_GROWTH}`);
  };
  setTimeout(asUsual, START_MS).unref();
}

/** The flag's name on Node 20. Later engines renamed it, and print an error to stderr for unknown flags. */
const KNOWN_ENGINE = /^11\./;
