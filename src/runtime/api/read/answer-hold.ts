import type { ByteBudget, Share } from './byte-budget.ts';

/** Small responses, the vast majority, never wait. */
export const FREE_BYTES = 256 * 1024;

/** The size of a body. */
export interface BodyLength {
  /** Its length, or the maximum that is read of it. */
  readonly most: number;
  /** The declared length: reserved at once. */
  readonly known: boolean;
}

/** The memory that one call holds, from the first large chunk of its response until its result is built. */
export class AnswerHold {
  readonly #budget: ByteBudget;
  #share: Share = { taken: 0, most: 0 };

  constructor(budget: ByteBudget) {
    this.#budget = budget;
  }

  /** Reads the body, of which only a small beginning is read before memory is reserved. */
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
      // Return what was not needed.
      this.#budget.settle(share, size);
    }
  }

  /** The response is no longer needed. Can be called repeatedly. */
  release(): void {
    if (this.#share.taken > 0) this.#budget.settle(this.#share, 0);
  }
}
