/** A resource that a server needs while it runs: a connection pool, a cache, a model. */
export interface Lifespan<Value> {
  /** Called once, when the server starts or is first used. If it fails, the next call tries again. */
  open(): Value | Promise<Value>;
  /** Called once, after the last call has ended. */
  close?(value: NoInfer<Value>): void | Promise<void>;
}

/** Opens a lifespan on first use, and closes it once, even if `close()` is called while it is opening. */
export class LifespanHolder<Value> {
  readonly #lifespan: Lifespan<Value>;
  #opening: Promise<Value> | undefined;
  #closing: Promise<void> | undefined;

  constructor(lifespan: Lifespan<Value>) {
    this.#lifespan = lifespan;
  }

  value(): Promise<Value> {
    if (this.#closing) return Promise.reject(new Error('The server is closed.'));
    this.#opening ??= this.#open();
    return this.#opening;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #open(): Promise<Value> {
    try {
      return await this.#lifespan.open();
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  async #close(): Promise<void> {
    const opening = this.#opening;
    if (!opening) return;
    let value: Value;
    try {
      value = await opening;
    } catch {
      // It never opened: callers have got the error, and there is nothing to close.
      return;
    }
    await this.#lifespan.close?.(value);
  }
}
