/** Counts calls in flight, so that a server can shut down after them. */
export class CallsInFlight {
  readonly #whole: CallsInFlight | undefined;
  #count = 0;
  #lastEnd = Number.NEGATIVE_INFINITY;
  #waiting: (() => void)[] = [];

  /** @param whole counts the same calls, among others */
  constructor(whole?: CallsInFlight) {
    this.#whole = whole;
  }

  get areAny(): boolean {
    return this.#count > 0;
  }

  /** When the last call ended, by `performance.now()`. */
  get lastEnd(): number {
    return this.#lastEnd;
  }

  async count<T>(call: () => Promise<T>): Promise<T> {
    this.#count++;
    try {
      return await (this.#whole ? this.#whole.count(call) : call());
    } finally {
      this.#count--;
      this.#lastEnd = performance.now();
      if (this.#count === 0) for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  /**
   * Resolves as soon as no call is in flight and the last response has been passed on, but no later than after `ms`.
   */
  async idle(ms: number): Promise<void> {
    const ends = performance.now() + ms;
    do {
      if (this.#count > 0) await this.#ended(Math.max(0, ends - performance.now()));
      // From the end of a call to its response, the SDK only takes microtasks. So it does from a request to its call.
      await new Promise((resolve) => setTimeout(resolve, 0));
    } while (this.#count > 0 && performance.now() < ends);
  }

  #ended(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
