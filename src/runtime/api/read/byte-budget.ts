import { abortError } from './abortable.ts';

/** What one answer has of the budget. */
export interface Share {
  /** Bytes that it has. */
  taken: number;
  /** Bytes that it may come to need, at most. */
  most: number;
}

/**
 * Bytes that may be in memory at once. Answers of unknown length take them in steps, as they grow. A step is granted
 * only where all who have a share can still come to their end, one after the other (the banker's algorithm, Dijkstra
 * EWD 108): of two answers that are half read, each would otherwise wait for the other.
 */
export class ByteBudget {
  readonly total: number;
  readonly #shares = new Set<Share>();
  readonly #waiting = new Set<Waiting>();

  constructor(total: number) {
    this.total = total;
  }

  /** Bytes that are taken. */
  get held(): number {
    let held = 0;
    for (const { taken } of this.#shares) held += taken;
    return held;
  }

  /**
   * Lets a share grow, as soon as that is safe. One that needs more than there is counts as one that needs all: it
   * comes to its turn when nobody else has any.
   *
   * @throws CallError TIMEOUT, CANCELLED, where the signal aborts first
   */
  grow(share: Share, bytes: number, signal: AbortSignal): Promise<void> {
    const most = Math.min(share.most, this.total);
    share.most = most;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(abortError(signal));
      const abort = () => {
        this.#waiting.delete(waiting);
        reject(abortError(signal));
        // Others may have waited behind it.
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

  /** The share is this large now, and grows no more. */
  settle(share: Share, bytes: number): void {
    share.taken = Math.min(share.taken, bytes);
    share.most = share.taken;
    if (share.taken === 0) this.#shares.delete(share);
    this.#serve();
  }

  /** Who has a share already goes first, so that it can be given back; then first come, first served. */
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

  /** Whether all can come to their end, whoever needs least going first. */
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
  /** What the share is to have. */
  readonly taken: number;
  granted(): void;
}

/**
 * One of the largest answers that are read by default, and room for a dozen that are still small. What is made of an
 * answer takes several times its bytes.
 */
const MOST_BYTES = 32_000_000;

/**
 * That of the process: shared by all APIs, and by all copies of this runtime, for each emitted server brings its own.
 */
export function processBudget(): ByteBudget {
  const shared = globalThis as { [BUDGET]?: ByteBudget };
  shared[BUDGET] ??= new ByteBudget(MOST_BYTES);
  return shared[BUDGET];
}
const BUDGET = Symbol.for('openapi-mcp.answer-bytes.1');
