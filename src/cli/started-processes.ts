import { ChildProcess } from 'node:child_process';

/**
 * Leaves no server that was started behind, however the process ends: politely first, and then surely. What was closed
 * is gone by then, so that only an interruption, or a failure, finds anything here.
 */
export function endStartedProcesses(): void {
  process.on('exit', () => {
    const started = startedProcesses().filter((child) => child.kill('SIGTERM'));
    if (started.length === 0) return;
    // Nothing waits for promises any more.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PATIENCE_MS);
    for (const child of started) child.kill('SIGKILL');
  });
}

const PATIENCE_MS = 100;

/**
 * The SDK starts processes that it does not show. Node tells of its handles by a method that is there, and not
 * documented; without it the processes are left to end by themselves, when their stdin does.
 */
function startedProcesses(): readonly ChildProcess[] {
  const { _getActiveHandles } = process as unknown as { readonly _getActiveHandles?: () => readonly unknown[] };
  return (_getActiveHandles?.() ?? []).filter((handle) => handle instanceof ChildProcess);
}
