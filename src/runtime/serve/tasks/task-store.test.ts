import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TaskStore } from './task-store.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('a task is for its owner alone', () => {
  const tasks = new TaskStore();
  const { state } = tasks.create('ada') ?? {};
  expect(tasks.get(state?.taskId ?? '', 'ada')).toMatchObject({ status: 'working' });
  expect(tasks.get(state?.taskId ?? '', 'bob')).toBeUndefined();
  expect(tasks.cancel(state?.taskId ?? '', 'bob')).toBe(false);
});

test('tasks are bounded, for each owner and in number', () => {
  const tasks = new TaskStore({ most: 3, mostPerOwner: 2 });
  expect(tasks.create('ada')).toBeDefined();
  expect(tasks.create('ada')).toBeDefined();
  expect(tasks.create('ada')).toBeUndefined();
  expect(tasks.create('bob')).toBeDefined();
  expect(tasks.create('eve')).toBeUndefined();
});

test('a task is aborted and forgotten after its time', () => {
  const tasks = new TaskStore({ ttlMs: 1_000, most: 1 });
  const task = tasks.create('ada');
  vi.advanceTimersByTime(999);
  expect(tasks.get(task?.state.taskId ?? '', 'ada')).toBeDefined();
  vi.advanceTimersByTime(1);
  expect(tasks.get(task?.state.taskId ?? '', 'ada')).toBeUndefined();
  expect(task?.signal.aborted).toBe(true);
  expect(tasks.create('bob')).toBeDefined();
});

test('an end is final', () => {
  const tasks = new TaskStore();
  const task = tasks.create('ada');
  const id = task?.state.taskId ?? '';
  task?.update({ message: 'Half of it.', pollMs: 1_500.5, poll: 1 });
  expect(tasks.get(id, 'ada')).toMatchObject({ statusMessage: 'Half of it.', pollIntervalMs: 1_501 });
  tasks.cancel(id, 'ada');
  task?.end({ result: { content: [] } });
  expect(tasks.get(id, 'ada')).toMatchObject({ status: 'cancelled' });
  expect(tasks.get(id, 'ada')).not.toHaveProperty('result');
});
