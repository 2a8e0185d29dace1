import type { ChildProcess } from 'node:child_process';

/**
 * Stops all started servers when the process exits: first with SIGTERM, then with SIGKILL. After an orderly close none
 * are left, so this matters only after an interruption or a crash.
 */
export function endStartedProcesses(): void {
  process.on('exit', () => {
    const started = startedProcesses().filter((child) => child.kill('SIGTERM'));
    if (started.length === 0) return;
    // Promises no longer run at this point.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PATIENCE_MS);
    for (const child of started) child.kill('SIGKILL');
  });
}

const PATIENCE_MS = 100;

/**
 * The SDK does not expose the processes it starts, so this uses an undocumented method that lists Node's handles.
 * Without it, the processes exit on their own when their stdin closes.
 */
function startedProcesses(): readonly ChildProcess[] {
  const { _getActiveHandles } = process as unknown as { readonly _getActiveHandles?: () => readonly unknown[] };
  return (_getActiveHandles?.() ?? []).filter(isChildProcess);
}

/** By name: the module of the class takes 10 ms to load, at every start. */
const isChildProcess = (handle: unknown): handle is ChildProcess =>
  (handle as object | null)?.constructor?.name === 'ChildProcess';
