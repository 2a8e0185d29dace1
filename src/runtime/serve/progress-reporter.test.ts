import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ProgressUpdate, progressReporter } from './progress-reporter.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('sends the first update at once, then the latest of each interval', () => {
  const sent: number[] = [];
  const { report } = progressReporter(({ progress }: ProgressUpdate) => sent.push(progress), 100);
  for (const progress of [1, 2, 3]) report({ progress });
  expect(sent).toEqual([1]);
  vi.advanceTimersByTime(100);
  expect(sent).toEqual([1, 3]);
  vi.advanceTimersByTime(500);
  report({ progress: 4 });
  expect(sent).toEqual([1, 3, 4]);
});

test('drops what does not increase', () => {
  const sent: number[] = [];
  const { report } = progressReporter(({ progress }: ProgressUpdate) => sent.push(progress), 0);
  for (const progress of [2, 2, 1, Number.NaN, 3]) {
    report({ progress });
    vi.advanceTimersByTime(1);
  }
  expect(sent).toEqual([2, 3]);
});

test('sends nothing once it is stopped', () => {
  const sent: number[] = [];
  const { report, stop } = progressReporter(({ progress }: ProgressUpdate) => sent.push(progress), 100);
  report({ progress: 1 });
  report({ progress: 2 });
  stop();
  report({ progress: 3 });
  vi.advanceTimersByTime(1_000);
  expect(sent).toEqual([1]);
  expect(vi.getTimerCount()).toBe(0);
});
