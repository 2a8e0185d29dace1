import type { Readable, Writable } from 'node:stream';
import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  parseJSONRPCMessage,
  type RequestId,
  STDIO_DEFAULT_MAX_BUFFER_SIZE,
  serializeMessage,
  type Transport,
} from '@modelcontextprotocol/server';
import { parseMessage } from '../exact-message.ts';
import { LineBuffer } from './line-buffer.ts';

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
  readonly #unanswered = new Set<RequestId>();
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
      this.#output.write(serializeMessage(message), (error) => {
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
    if (isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) this.#forget(message.id);
  }

  #forget(id: unknown): void {
    this.#unanswered.delete(id as RequestId);
    if (this.#unanswered.size === 0) this.#answered?.();
  }

  readonly #report = (error: unknown): void => {
    this.onerror?.(error instanceof Error ? error : new Error(String(error)));
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
      const message = parseJSONRPCMessage(parseMessage(line));
      this.#note(message);
      this.onmessage?.(message);
    } catch (error) {
      // A line that is not JSON is not a message: something else has written to the stream.
      if (!(error instanceof SyntaxError)) this.#report(error);
    }
    return true;
  }

  #note(message: JSONRPCMessage): void {
    // A subscription stays open on purpose.
    if (isJSONRPCRequest(message) && message.method !== 'subscriptions/listen') this.#unanswered.add(message.id);
    if (isJSONRPCNotification(message) && message.method === 'notifications/cancelled') {
      this.#forget(message.params?.requestId);
    }
  }
}
