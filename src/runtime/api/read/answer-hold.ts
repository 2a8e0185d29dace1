import type { ByteBudget } from './byte-budget.ts';

/** Small answers, which are nearly all, wait for nobody. */
const FREE_BYTES = 256 * 1024;

/** What one call holds of the budget, from the first large piece of its answer until its result is made. */
export class AnswerHold {
  readonly #budget: ByteBudget;
  #taken = 0;

  constructor(budget: ByteBudget) {
    this.#budget = budget;
  }

  /**
   * The body, of which no more than a small beginning is read before there is room for all of it. Room is taken once,
   * for the largest that it can be: of two that took it piece by piece, each could wait for the other.
   *
   * @param most bytes that the body has at most, or that are read of it
   */
  async *admitted(body: AsyncIterable<Uint8Array>, most: number, signal: AbortSignal): AsyncIterable<Uint8Array> {
    let size = 0;
    let known = false;
    try {
      for await (const chunk of body) {
        size += chunk.byteLength;
        if (size > FREE_BYTES && !known) {
          this.#taken += await this.#budget.take(most, signal);
          known = true;
        }
        yield chunk;
      }
    } finally {
      if (known) this.#keep(size);
    }
  }

  /** The answer is not needed any more. May be called again. */
  release(): void {
    this.#keep(0);
  }

  /** What turned out not to be needed is for others. */
  #keep(bytes: number): void {
    const spare = this.#taken - bytes;
    if (spare <= 0) return;
    this.#taken -= spare;
    this.#budget.give(spare);
  }
}
