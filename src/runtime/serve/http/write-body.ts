import type { ServerResponse } from 'node:http';

/**
 * Writes the body of a response as fast as the client reads it. Parts that arrive together are written together, and a
 * body that is complete before anything was sent gets a `Content-Length`. A client that disconnects cancels it.
 */
export async function writeBody(body: ReadableStream<Uint8Array>, response: ServerResponse): Promise<void> {
  const reader = body.getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  response.once('close', cancel);
  if (response.destroyed) cancel();
  const held = new HeldParts(response);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      held.add(value);
      if (response.writableNeedDrain) await drained(response);
    }
    response.end(held.take());
  } catch {
    held.take();
    // The response has started: all that can still be shown is that it is not complete.
    response.destroy();
  }
}

/** Resolves when the client has read what was written, or has disconnected. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
    if (response.destroyed) done();
  });
}

/** How long the head and the first part wait for the next: in most streams, the response follows at once. */
const FIRST_MS = 10;
/** More does not wait. */
const MOST_HELD_BYTES = 64 * 1024;

/** Parts of a body that are about to be written. */
class HeldParts {
  readonly #response: ServerResponse;
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #first: NodeJS.Timeout | undefined;
  #next: NodeJS.Immediate | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
    this.#first = setTimeout(() => this.#write(), FIRST_MS);
  }

  add(part: Uint8Array): void {
    this.#parts.push(part);
    this.#bytes += part.length;
    if (this.#bytes > MOST_HELD_BYTES) this.#write();
    else if (this.#first === undefined) this.#next ??= setImmediate(() => this.#write());
  }

  /** What has not been written; it is not written any more. */
  take(): Buffer | undefined {
    clearTimeout(this.#first);
    clearImmediate(this.#next);
    [this.#first, this.#next, this.#bytes] = [undefined, undefined, 0];
    const parts = this.#parts.splice(0);
    return parts.length === 0 ? undefined : Buffer.concat(parts);
  }

  #write(): void {
    const bytes = this.take();
    if (this.#response.destroyed) return;
    if (bytes === undefined) this.#response.flushHeaders();
    else this.#response.write(bytes);
  }
}
