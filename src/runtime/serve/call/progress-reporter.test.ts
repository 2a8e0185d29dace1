import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ProgressUpdate, progressReporter } from './progress-reporter.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const limits = { burst: 3, intervalMs: 100 };

test('sends a few updates immediately, then the latest of each interval', () => {
  const sent: number[] = [];
  const { report } = progressReporter(({ progress }: ProgressUpdate) => sent.push(progress), limits);
  for (const progress of [1, 2, 3, 4, 5]) report({ progress });
  expect(sent).toEqual([1, 2, 3]);
  vi.advanceTimersByTime(100);
  expect(sent).toEqual([1, 2, 3, 5]);
  vi.advanceTimersByTime(300);
  for (const progress of [6, 7, 8, 9]) report({ progress });
  expect(sent).toEqual([1, 2, 3, 5, 6, 7, 8]);
});

test('drops what does not increase', () => {
  const sent: number[] = [];
  const { report } = progressReporter(({ progress }: ProgressUpdate) => sent.push(progress), limits);
  for (const progress of [2, 2, 1, Number.NaN, 3]) report({ progress });
  expect(sent).toEqual([2, 3]);
});

test('sends the last update before it ends, and nothing afterwards', async () => {
  const sent: number[] = [];
  const { report, end } = progressReporter(({ progress }: ProgressUpdate) => sent.push(progress), limits);
  for (const progress of [1, 2, 3, 4, 5]) report({ progress });
  const ended = end();
  expect(sent).toEqual([1, 2, 3, 5]);
  report({ progress: 6 });
  vi.advanceTimersByTime(1_000);
  await ended;
  expect(sent).toEqual([1, 2, 3, 5]);
  expect(vi.getTimerCount()).toBe(0);
});

test('sends a response separately from the last update', async () => {
  const { report, end } = progressReporter(() => {}, limits);
  report({ progress: 1 });
  let ended = false;
  const ending = end().then(() => {
    ended = true;
  });
  await Promise.resolve();
  expect(ended).toBe(false);
  vi.advanceTimersByTime(20);
  await ending;
});
