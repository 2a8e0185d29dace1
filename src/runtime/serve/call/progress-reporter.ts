import type { CallContext } from '../../provider.ts';

export type ProgressUpdate = Parameters<CallContext['progress']>[0];

export interface ProgressReporter {
  report(update: ProgressUpdate): void;
  /**
   * Call it before sending the response: sends the pending update, and nothing afterwards (MCP, progress). Resolves
   * when the response may follow.
   */
  end(): Promise<void>;
}

export interface ProgressLimits {
  /** How many updates may be sent without delay. */
  readonly burst: number;
  /** Beyond that, at most one update is sent per interval, in milliseconds. */
  readonly intervalMs: number;
}

/**
 * Forwards progress: the first updates immediately, then the latest at most once per interval. The last one is always
 * sent. An update that does not increase is dropped, because the value must increase with each notification (MCP,
 * progress).
 */
export function progressReporter(
  send: (update: ProgressUpdate) => void,
  { burst, intervalMs }: ProgressLimits = { burst: 10, intervalMs: 100 },
): ProgressReporter {
  let highest = Number.NEGATIVE_INFINITY;
  let waiting: ProgressUpdate | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let left = burst;
  let ended = false;
  let lastSent = Number.NEGATIVE_INFINITY;

  const emit = (update: ProgressUpdate) => {
    lastSent = performance.now();
    send(update);
  };
  const refill = () => {
    timer = undefined;
    if (waiting) emit(waiting);
    else left += 1;
    waiting = undefined;
    if (left < burst) timer = setTimeout(refill, intervalMs);
  };
  return {
    report(update) {
      if (ended || !(update.progress > highest)) return;
      highest = update.progress;
      if (left === 0) waiting = update;
      else {
        left -= 1;
        emit(update);
      }
      timer ??= setTimeout(refill, intervalMs);
    },
    async end() {
      ended = true;
      clearTimeout(timer);
      if (waiting) emit(waiting);
      const gap = lastSent + GAP_MS - performance.now();
      if (gap > 0) await new Promise((resolve) => setTimeout(resolve, gap));
    },
  };
}

/** Clients based on the MCP SDK lose an update that arrives in the same chunk as the response. */
const GAP_MS = 10;
