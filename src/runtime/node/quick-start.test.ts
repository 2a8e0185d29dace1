import { setFlagsFromString } from 'node:v8';
import { afterEach, expect, test, vi } from 'vitest';
import { beginCalls, beginLongStart, quickStart } from './quick-start.ts';

const isKnownEngine = process.versions.v8?.startsWith('11.') ?? false;

afterEach(() => {
  // After the startup's time, the engine is as before.
  vi.useFakeTimers();
  quickStart();
  vi.runAllTimers();
  vi.useRealTimers();
});

let made = 0;

/** How often a new function runs until the engine chooses to optimise it. */
function callsUntilChosen(): number {
  setFlagsFromString('--allow-natives-syntax');
  const statusOf = new Function('run', 'return %GetOptimizationStatus(run)');
  made += 1;
  // The engine keeps what it knows about a text.
  const run = new Function(
    'seed',
    `let sum = seed; for (let at = 0; at < 20; at++) sum += at * seed; return sum + ${made};`,
  );
  for (let calls = 1; calls < 100_000; calls++) {
    run(calls);
    if ((statusOf(run) & CHOSEN) !== 0) return calls;
  }
  return Number.POSITIVE_INFINITY;
}
/** V8's `OptimizationStatus`: optimised, marked for that (on this or another thread), or in the making. */
const CHOSEN = (1 << 4) | (1 << 8) | (1 << 9) | (1 << 10);

test.skipIf(!isKnownEngine)('during a startup functions are optimised late, and from the first call on early', () => {
  const usual = callsUntilChosen();
  quickStart();
  const atStart = callsUntilChosen();
  beginCalls();
  const inCalls = callsUntilChosen();
  expect(atStart).toBeGreaterThan(5 * usual);
  expect(inCalls).toBeLessThan(usual / 2);
});

test.skipIf(!isKnownEngine)('during a long startup functions are optimised as usual', () => {
  const usual = callsUntilChosen();
  quickStart();
  beginLongStart();
  const inLongStart = callsUntilChosen();
  expect(inLongStart).toBeGreaterThan(usual / 2);
  expect(inLongStart).toBeLessThan(2 * usual);
});

test.skipIf(!isKnownEngine)('the engine of a process that is not ours stays as it is', async () => {
  const usual = callsUntilChosen();
  vi.resetModules();
  const { beginCalls: begin, beginLongStart: beginLong } = await import('./quick-start.ts');
  beginLong();
  begin();
  expect(callsUntilChosen()).toBeGreaterThan(usual / 2);
});
