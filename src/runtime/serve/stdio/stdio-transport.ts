import type { Readable, Writable } from 'node:stream';
import {
  type JSONRPCMessage,
  ProtocolErrorCode,
  parseJSONRPCMessage,
  type RequestId,
  STDIO_DEFAULT_MAX_BUFFER_SIZE,
  type Transport,
} from '@modelcontextprotocol/server';
import { asError } from '../../errors.ts';
import { isRecord } from '../../is-record.ts';
import { parseMessage } from '../exact-message.ts';
import { LineBuffer } from './line-buffer.ts';
import { messageParts } from './message-parts.ts';

/**
 * MCP over a pair of streams, one JSON text per line. Unlike with the SDK's own transport, calls that have been read
 * are still answered after the input ends, so that `echo '…' | server` works and a client that disconnects does not
 * interrupt a write. Arguments also keep integers that JSON.parse would round.
 */
export class StdioTransport implements Transport {
  onmessage?: (message: JSONRPCMessage) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #drainMs: number;
  readonly #buffer = new LineBuffer(STDIO_DEFAULT_MAX_BUFFER_SIZE);
  /** Ids, and how many requests with each wait for a response: a client may use an id twice. */
  readonly #unanswered = new Map<unknown, number>();
  #answered: (() => void) | undefined;
  #ending: Promise<void> | undefined;
  #closed = false;

  constructor({ input, output, drainMs }: { input: Readable; output: Writable; drainMs: number }) {
    this.#input = input;
    this.#output = output;
    this.#drainMs = drainMs;
  }

  async start(): Promise<void> {
    this.#output.on('error', this.#broken);
    this.#input.on('error', this.#report);
    this.#input.on('data', this.#read);
    this.#input.on('end', this.#end);
    this.#input.on('close', this.#end);
    if (this.#input.readableEnded || this.#input.destroyed) setImmediate(this.#end);
  }

  send(message: JSONRPCMessage): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('The connection is closed.'));
    return new Promise((resolve, reject) => {
      let last = '';
      for (const part of messageParts(message)) {
        if (last !== '') this.#output.write(last);
        last = part;
      }
      this.#output.write(last, (error) => {
        this.#settle(message);
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** Stops reading, waits for the calls that were read (`drainMs` at most), closes. */
  end(): Promise<void> {
    this.#ending ??= this.#finish();
    return this.#ending;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopReading();
    this.#answered?.();
    this.#buffer.clear();
    this.onclose?.();
  }

  async #finish(): Promise<void> {
    this.#stopReading();
    if (this.#unanswered.size > 0) await this.#answers();
    await this.close();
  }

  #stopReading(): void {
    this.#input.off('data', this.#read);
    this.#input.off('end', this.#end);
    this.#input.off('close', this.#end);
    this.#input.pause();
  }

  #answers(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#drainMs);
      this.#answered = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** A request is done when its response is written, or when it is cancelled and gets none. */
  #settle(message: JSONRPCMessage): void {
    if (!('method' in message)) this.#forget(message.id);
  }

  #await(id: RequestId): void {
    this.#unanswered.set(id, (this.#unanswered.get(id) ?? 0) + 1);
  }

  #forget(id: unknown): void {
    const left = (this.#unanswered.get(id) ?? 0) - 1;
    if (left > 0) this.#unanswered.set(id, left);
    else this.#unanswered.delete(id);
    if (this.#unanswered.size === 0) this.#answered?.();
  }

  readonly #report = (error: unknown): void => {
    this.onerror?.(asError(error));
  };

  /** Nobody reads the output any more. */
  readonly #broken = (error: Error): void => {
    if (this.#closed) return;
    this.#report(error);
    void this.close();
  };

  readonly #end = (): void => {
    void this.end();
  };

  readonly #read = (chunk: Buffer): void => {
    try {
      this.#buffer.append(chunk);
    } catch (error) {
      // A message exceeds the buffer, so the start of the next one is unknown.
      this.#report(error);
      void this.close();
      return;
    }
    while (this.#readMessage());
  };

  #readMessage(): boolean {
    const line = this.#buffer.next();
    if (line === undefined) return false;
    try {
      const value = parseMessage(line);
      const message = messageOf(value);
      if (message instanceof Error) this.#refuse(value, message);
      else this.#receive(message);
    } catch (error) {
      // A line that is not JSON is not a message: something else has written to the stream.
      if (!(error instanceof SyntaxError)) this.#report(error);
    }
    return true;
  }

  #receive(message: JSONRPCMessage): void {
    this.#note(message);
    this.onmessage?.(message);
  }

  /** A client also waits for the response to a request that is not valid (JSON-RPC 2.0 §5 "Response object"). */
  #refuse(value: unknown, why: Error): void {
    this.#report(why);
    const id = requestId(value);
    if (id === undefined) return;
    this.#await(id);
    const error = { code: ProtocolErrorCode.InvalidRequest, message: INVALID_REQUEST };
    this.send({ jsonrpc: '2.0', id, error }).catch(this.#report);
  }

  #note(message: JSONRPCMessage): void {
    if (!('method' in message)) return;
    if ('id' in message) {
      // A subscription stays open on purpose.
      if (message.method !== 'subscriptions/listen') this.#await(message.id);
    } else if (message.method === 'notifications/cancelled') this.#forget(message.params?.requestId);
  }
}

const INVALID_REQUEST =
  'Invalid request: "jsonrpc" must be "2.0", "params" and "params._meta" objects, "progressToken" a string or an integer. Other fields are not allowed.';

function messageOf(value: unknown): JSONRPCMessage | Error {
  try {
    return parseJSONRPCMessage(value);
  } catch (error) {
    return asError(error);
  }
}

/** The id of what its sender means as a request. */
function requestId(value: unknown): RequestId | undefined {
  if (!isRecord(value) || typeof value.method !== 'string') return undefined;
  const { id } = value;
  return typeof id === 'string' || (typeof id === 'number' && Number.isSafeInteger(id)) ? id : undefined;
}
