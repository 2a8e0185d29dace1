import { expect } from 'vitest';
import { type Random, randomFrom } from './mutate.test.fixture.ts';
import type { ParseOptions } from './parse/index.ts';

// What all fuzz tests have in common. Each run has its seed, so that a failure can be had again:
//   FUZZ_SEED=417 FUZZ_RUNS=1 npx vitest run src/fuzz-messages
// OPENAPI_MCP_SEEDS=1000 runs as many as the gate does, and FUZZ_RUNS=5000 any number.
const { OPENAPI_MCP_SEEDS = '50', FUZZ_RUNS = OPENAPI_MCP_SEEDS, FUZZ_SEED = '1' } = process.env;

/** How many seeds a test tries. */
export const RUNS = Number(FUZZ_RUNS);
const FIRST_SEED = Number(FUZZ_SEED);

/** Fewer where runs are slow, unless FUZZ_RUNS asks for more. */
export const atMost = (most: number): number => (process.env.FUZZ_RUNS === undefined ? Math.min(RUNS, most) : RUNS);

/** For one test; it ends earlier where something hangs, because each part of a run has a deadline. */
export const FUZZ_TIMEOUT = 3_600_000;

const noNetwork = () => Promise.reject(new Error('Nothing is fetched.'));

/** How documents are read: from text alone. */
export const READING: Omit<ParseOptions, 'amend'> = {
  send: noNetwork,
  sendRedirected: () => noNetwork,
  sendRemoteRefs: undefined,
  headers: [],
  timeoutMs: 1_000,
  maxBytes: 100_000_000,
  stdin: undefined,
  cached: undefined,
};

export interface FuzzOptions {
  /** The test file, as one runs it: `src/fuzz-messages`. */
  readonly file: string;
  /** Default: `RUNS`. */
  readonly runs?: number;
}

/** Runs every seed, and fails with the faults of all of them, and the line that repeats each. */
export async function fuzz(
  { file, runs = RUNS }: FuzzOptions,
  run: (random: Random, seed: number) => Promise<readonly string[]>,
): Promise<void> {
  const faults: string[] = [];
  for (let seed = FIRST_SEED, left = runs; left > 0; seed++, left--) {
    const found = await run(randomFrom(seed), seed).catch((error: unknown) => [
      `threw ${error instanceof Error ? error.stack : String(error)}`,
    ]);
    if (found.length > 0) faults.push(faultText(file, seed, found));
  }
  expect(faults).toEqual([]);
}

const faultText = (file: string, seed: number, found: readonly string[]): string =>
  `FUZZ_SEED=${seed} FUZZ_RUNS=1 npx vitest run ${file}\n  ${found.slice(0, 5).join('\n  ')}`;

/** Shown also where tests pass. */
export const tell = (counts: string): void => void process.stdout.write(`${counts}\n`);

export const thousands = (count: number): string => count.toLocaleString('en-US');

/** The value, or `undefined` after so many milliseconds. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** How much memory a process has, in MB; `undefined` where the system has no /proc. */
export async function residentMegabytes(pid: number): Promise<number | undefined> {
  const { readFile } = await import('node:fs/promises');
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}
