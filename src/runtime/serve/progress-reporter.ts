import type { CallContext } from '../provider.ts';

export type ProgressUpdate = Parameters<CallContext['progress']>[0];

export interface ProgressReporter {
  report(update: ProgressUpdate): void;
  /** Nothing is sent afterwards: notifications must stop once the call is answered (MCP, progress). */
  stop(): void;
}

/**
 * Passes progress on, at most once per `intervalMs`: the first update at once, of those that come too soon the latest
 * when the time has come. An update that does not increase is dropped, for the value must increase with each
 * notification (MCP, progress).
 */
export function progressReporter(send: (update: ProgressUpdate) => void, intervalMs = 100): ProgressReporter {
  let highest = Number.NEGATIVE_INFINITY;
  let waiting: ProgressUpdate | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  const open = () => {
    timer = undefined;
    if (!waiting) return;
    const update = waiting;
    waiting = undefined;
    emit(update);
  };
  const emit = (update: ProgressUpdate) => {
    timer = setTimeout(open, intervalMs);
    send(update);
  };
  return {
    report(update) {
      if (stopped || !(update.progress > highest)) return;
      highest = update.progress;
      if (timer === undefined) emit(update);
      else waiting = update;
    },
    stop() {
      stopped = true;
      waiting = undefined;
      clearTimeout(timer);
    },
  };
}
