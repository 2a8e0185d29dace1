import type { ResponseBytes } from '../api/http.ts';
import { concat } from '../api/read/read-bytes.ts';

/** How a body controls its connection. */
export interface Flow {
  pause(): void;
  resume(): void;
  /** The reader has stopped: close the connection. */
  cancel(): void;
}

/** The bytes of one response, from the connection (`push`, `end`, `fail`) to its only reader (`bytes`). */
export interface ResponseBody {
  readonly bytes: ResponseBytes;
  push(chunk: Uint8Array): void;
  end(): void;
  /** The reader receives the bytes so far, then `error`. */
  fail(error: Error): void;
}

/** Bytes buffered for a slow reader before the connection is paused. */
const HIGH_WATER = 256 * 1024;

/** A queue instead of a `Readable`: it costs a fraction of one, and most responses are a single chunk. */
export function responseBody(flow: Flow): ResponseBody {
  const chunks: Uint8Array[] = [];
  let held = 0;
  let paused = false;
  let done = false;
  let failure: Error | undefined;
  let wake: (() => void) | undefined;

  const finish = (error?: Error) => {
    if (done) return;
    done = true;
    failure = error;
    wake?.();
  };
  const take = (): Uint8Array | undefined => {
    const chunk = chunks.shift();
    held -= chunk?.byteLength ?? 0;
    if (paused && held < HIGH_WATER && !done) {
      paused = false;
      flow.resume();
    }
    return chunk;
  };
  const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    if (chunks.length === 0 && !done) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const chunk = take();
    if (chunk !== undefined) return { done: false, value: chunk };
    if (failure !== undefined) throw failure;
    return { done: true, value: undefined };
  };

  return {
    bytes: {
      arrived(most) {
        if (!done || failure !== undefined || held > most) return undefined;
        const size = held;
        held = 0;
        return concat(chunks.splice(0), size);
      },
      [Symbol.asyncIterator]: () => ({
        next,
        return: async () => {
          if (!done) flow.cancel();
          finish();
          chunks.length = 0;
          return { done: true, value: undefined };
        },
      }),
    },
    push(chunk) {
      if (done) return;
      chunks.push(chunk);
      held += chunk.byteLength;
      if (held >= HIGH_WATER && !paused) {
        paused = true;
        flow.pause();
      }
      wake?.();
    },
    end: () => finish(),
    fail: finish,
  };
}
