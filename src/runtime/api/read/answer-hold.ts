import type { ByteBudget, Share } from './byte-budget.ts';

/** Small answers, which are nearly all, wait for nobody. */
const FREE_BYTES = 256 * 1024;

/** How long a body is. */
export interface BodyLength {
  /** Bytes that it has, or that are read of it, at most. */
  readonly most: number;
  /** It has said that it has so many: room is taken for all of them at once. */
  readonly known: boolean;
}

/** What one call holds of the budget, from the first large piece of its answer until its result is made. */
export class AnswerHold {
  readonly #budget: ByteBudget;
  #share: Share = { taken: 0, most: 0 };

  constructor(budget: ByteBudget) {
    this.#budget = budget;
  }

  /** The body, of which no more than a small beginning is read without room for what has been read. */
  async *admitted(
    body: AsyncIterable<Uint8Array>,
    { most, known }: BodyLength,
    signal: AbortSignal,
  ): AsyncIterable<Uint8Array> {
    const share = { taken: 0, most };
    this.#share = share;
    let size = 0;
    try {
      for await (const chunk of body) {
        size += chunk.byteLength;
        if (size > Math.max(FREE_BYTES, share.taken) && share.taken < share.most) {
          await this.#budget.grow(share, known ? most : size * 4, signal);
        }
        yield chunk;
      }
    } finally {
      // What turned out not to be needed is for others.
      this.#budget.settle(share, size);
    }
  }

  /** The answer is not needed any more. May be called again. */
  release(): void {
    if (this.#share.taken > 0) this.#budget.settle(this.#share, 0);
  }
}
