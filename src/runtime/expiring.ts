interface ExpiringOptions {
  /** The lifetime of a value for which `put` gets no other. Default: unlimited. */
  readonly ttlMs?: number;
  /** How many values are kept. Default: 10,000. */
  readonly most?: number;
  /** Milliseconds since any point. */
  readonly now: () => number;
}

/** Values that are forgotten after a while, and the oldest first if there are too many. */
export class Expiring<Value> {
  readonly #values = new Map<string, { readonly value: Value; readonly until: number }>();
  readonly #options: ExpiringOptions;

  constructor(options: ExpiringOptions) {
    this.#options = options;
  }

  put(
    key: string,
    value: Value,
    until = this.#options.now() + (this.#options.ttlMs ?? Number.POSITIVE_INFINITY),
  ): void {
    const { most = 10_000, now } = this.#options;
    this.#values.delete(key);
    this.#values.set(key, { value, until });
    // Most live equally long, so those in front expire first.
    for (const [oldest, kept] of this.#values) {
      if (kept.until > now() && this.#values.size <= most) break;
      this.#values.delete(oldest);
    }
  }

  get(key: string): Value | undefined {
    const found = this.#values.get(key);
    return found && found.until > this.#options.now() ? found.value : undefined;
  }

  /** Returns it once. */
  take(key: string): Value | undefined {
    const value = this.get(key);
    this.#values.delete(key);
    return value;
  }
}
