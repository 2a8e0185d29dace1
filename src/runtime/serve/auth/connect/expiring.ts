/** Values that are forgotten after a while, and the oldest first if there are too many. */
export class Expiring<Value> {
  readonly #values = new Map<string, { readonly value: Value; readonly until: number }>();
  readonly #ttlMs: number;
  readonly #now: () => number;

  /** @param now milliseconds since any point */
  constructor(ttlMs: number, now: () => number) {
    this.#ttlMs = ttlMs;
    this.#now = now;
  }

  put(key: string, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, { value, until: this.#now() + this.#ttlMs });
    // All live equally long, so those in front expire first.
    for (const [oldest, { until }] of this.#values) {
      if (until > this.#now() && this.#values.size <= MOST) break;
      this.#values.delete(oldest);
    }
  }

  get(key: string): Value | undefined {
    const found = this.#values.get(key);
    return found && found.until > this.#now() ? found.value : undefined;
  }

  /** Returns it once. */
  take(key: string): Value | undefined {
    const value = this.get(key);
    this.#values.delete(key);
    return value;
  }
}

const MOST = 10_000;
