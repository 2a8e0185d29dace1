import { abortError } from './abortable.ts';

/** One response's part of the budget. */
export interface Share {
  /** Bytes granted so far. */
  taken: number;
  /** The most bytes it may need. */
  most: number;
}

/**
 * Limits the bytes in memory at once. Responses of unknown length take bytes in steps, as they grow. A step is granted
 * only if all responses with a share can still finish in some order (the banker's algorithm, Dijkstra EWD 108);
 * otherwise two half-read responses could wait for each other forever.
 */
export class ByteBudget {
  readonly total: number;
  readonly #shares = new Set<Share>();
  readonly #waiting = new Set<Waiting>();

  constructor(total: number) {
    this.total = total;
  }

  /** Bytes granted to all shares. */
  get held(): number {
    let held = 0;
    for (const { taken } of this.#shares) held += taken;
    return held;
  }

  /**
   * Grows a share to `bytes` as soon as that is safe. A share that needs more than the total is treated as needing the
   * total: it is served when no other share holds any.
   *
   * @throws CallError TIMEOUT or CANCELLED if the signal aborts first
   */
  grow(share: Share, bytes: number, signal: AbortSignal): Promise<void> {
    const most = Math.min(share.most, this.total);
    share.most = most;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(abortError(signal));
      const abort = () => {
        this.#waiting.delete(waiting);
        reject(abortError(signal));
        // It may have blocked others in the queue.
        this.#serve();
      };
      const waiting: Waiting = {
        share,
        taken: Math.min(bytes, most),
        granted() {
          signal.removeEventListener('abort', abort);
          resolve();
        },
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.add(waiting);
      this.#serve();
    });
  }

  /** Fixes a share at this size: it will not grow again. */
  settle(share: Share, bytes: number): void {
    share.taken = Math.min(share.taken, bytes);
    share.most = share.taken;
    if (share.taken === 0) this.#shares.delete(share);
    this.#serve();
  }

  /** Serves existing shares first, so that they finish and free their bytes; then in order of arrival. */
  #serve(): void {
    const waiting = [...this.#waiting];
    const growing = waiting.filter(({ share }) => this.#shares.has(share));
    const left = growing.filter((one) => !this.#grant(one));
    if (left.length > 0) return;
    for (const one of waiting.filter((other) => !growing.includes(other))) if (!this.#grant(one)) return;
  }

  #grant({ share, taken, granted }: Waiting): boolean {
    const before = share.taken;
    const isNew = !this.#shares.has(share);
    share.taken = taken;
    this.#shares.add(share);
    if (!this.#isSafe()) {
      share.taken = before;
      if (isNew) this.#shares.delete(share);
      return false;
    }
    for (const waiting of this.#waiting) if (waiting.share === share) this.#waiting.delete(waiting);
    granted();
    return true;
  }

  /** Whether all shares can finish, in order of remaining need. */
  #isSafe(): boolean {
    let free = this.total - this.held;
    if (free < 0) return false;
    const byNeed = [...this.#shares].sort((one, other) => one.most - one.taken - (other.most - other.taken));
    for (const { most, taken } of byNeed) {
      if (most - taken > free) return false;
      free += taken;
    }
    return true;
  }
}

interface Waiting {
  readonly share: Share;
  /** The size that the share grows to. */
  readonly taken: number;
  granted(): void;
}

/**
 * Room for one response of the largest size read by default and a dozen small ones. Parsing a response takes several
 * times its bytes.
 */
const MOST_BYTES = 32_000_000;

/** The budget of the process. All APIs share it, and so do all copies of this runtime: each emitted server has one. */
export function processBudget(): ByteBudget {
  const shared = globalThis as { [BUDGET]?: ByteBudget };
  shared[BUDGET] ??= new ByteBudget(MOST_BYTES);
  return shared[BUDGET];
}
const BUDGET = Symbol.for('openapi-mcp.answer-bytes.1');
