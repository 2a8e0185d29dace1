import { abortError } from './abortable.ts';

/**
 * Bytes that may be in memory at once. Whoever wants more waits for its turn, first come, first served: a large claim
 * is not starved by small ones.
 */
export class ByteBudget {
  readonly total: number;
  #free: number;
  readonly #waiting = new Set<Waiting>();

  constructor(total: number) {
    this.total = total;
    this.#free = total;
  }

  /** Bytes that are taken. */
  get held(): number {
    return this.total - this.#free;
  }

  /**
   * Resolves with the bytes that were taken, as soon as they are free. More than there are in all counts as all: such a
   * claim is met when nobody else holds any.
   *
   * @throws CallError TIMEOUT, CANCELLED, where the signal aborts first
   */
  take(bytes: number, signal: AbortSignal): Promise<number> {
    const wanted = Math.min(bytes, this.total);
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(abortError(signal));
      const abort = () => {
        this.#waiting.delete(waiting);
        reject(abortError(signal));
        // It may have been the first, with more to wait for than those behind it.
        this.#serve();
      };
      const waiting: Waiting = {
        wanted,
        take() {
          signal.removeEventListener('abort', abort);
          resolve(wanted);
        },
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.add(waiting);
      this.#serve();
    });
  }

  give(bytes: number): void {
    this.#free += bytes;
    this.#serve();
  }

  #serve(): void {
    for (const waiting of this.#waiting) {
      if (waiting.wanted > this.#free) return;
      this.#free -= waiting.wanted;
      this.#waiting.delete(waiting);
      waiting.take();
    }
  }
}

interface Waiting {
  readonly wanted: number;
  take(): void;
}

/** Twice the largest answer that is read by default. What is made of an answer takes several times its bytes. */
const MOST_BYTES = 40_000_000;

/**
 * That of the process: shared by all APIs, and by all copies of this runtime, for each emitted server brings its own.
 */
export function processBudget(): ByteBudget {
  const shared = globalThis as { [BUDGET]?: ByteBudget };
  shared[BUDGET] ??= new ByteBudget(MOST_BYTES);
  return shared[BUDGET];
}
const BUDGET = Symbol.for('openapi-mcp.answer-bytes.1');
