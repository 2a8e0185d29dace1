/** Splits incoming bytes into lines. */
export class LineBuffer {
  #bytes: Buffer = Buffer.alloc(0);
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @throws Error if a line is longer than the limit */
  append(chunk: Buffer): void {
    if (this.#bytes.length + chunk.length > this.#maxBytes) {
      this.clear();
      throw new Error(`A message is longer than ${this.#maxBytes} bytes.`);
    }
    this.#bytes = this.#bytes.length > 0 ? Buffer.concat([this.#bytes, chunk]) : chunk;
  }

  /** The next line, without its line break; `undefined` if there is no complete one. */
  next(): string | undefined {
    const end = this.#bytes.indexOf('\n');
    if (end < 0) return undefined;
    const line = this.#bytes.toString('utf8', 0, end).replace(/\r$/, '');
    this.#bytes = this.#bytes.subarray(end + 1);
    return line;
  }

  clear(): void {
    this.#bytes = Buffer.alloc(0);
  }
}
