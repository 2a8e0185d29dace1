import { asError } from '../../../errors.ts';
import type { SharedStore } from '../../../shared-store.ts';
import { within } from '../../../until-aborted.ts';
import { CallsInFlight } from '../../calls-in-flight.ts';
import { channelOf } from '../../process-id.ts';
import { MOST_REQUESTS, passedHeaders, type RelayMessage, WINDOW_BYTES } from './messages.ts';
import { watchProcesses } from './watch-processes.ts';

type Question = Extract<RelayMessage, { readonly from: string }>;
type Asked = Extract<Question, { readonly kind: 'request' }>;
type Answer = Exclude<RelayMessage, Question>;

export interface AnsweringOptions {
  readonly store: SharedStore;
  /** Responds as to a request that came over the network, with all checks. */
  readonly serve: (request: Request) => Promise<Response>;
  readonly onError: (error: Error) => void;
}

/** Requests that other processes have received and this one answers. */
export class Answering {
  readonly #options: AnsweringOptions;
  readonly #served = new Map<string, Served>();
  readonly #answers = new CallsInFlight();
  #unwatch: (() => void) | undefined;

  constructor(options: AnsweringOptions) {
    this.#options = options;
  }

  receive(question: Question): void {
    const key = `${question.from} ${question.id}`;
    switch (question.kind) {
      case 'request':
        this.#serve(key, question);
        break;
      case 'abort':
        this.#served.get(key)?.abort();
        break;
      case 'read':
        this.#served.get(key)?.read(question.bytes);
        break;
    }
  }

  /** Resolves as soon as all answers have been passed on, but no later than after `ms`. */
  drain(ms: number): Promise<void> {
    return this.#answers.idle(ms);
  }

  /** The processes that asked have given up. */
  loseAll(): void {
    for (const served of this.#served.values()) served.abort();
  }

  #serve(key: string, asked: Asked): void {
    const { store, onError } = this.#options;
    const send = async (answer: Answer) => {
      const receivers = await store.publish(channelOf(asked.from), JSON.stringify(answer));
      if (receivers === 0) throw new Gone();
    };
    if (this.#served.size >= MOST_REQUESTS) {
      const { id } = asked;
      send({ kind: 'head', id, status: 503, headers: [['retry-after', '1']], hasBody: false }).catch(() => {});
      return;
    }
    const served = new Served(asked, send);
    this.#served.set(key, served);
    this.#unwatch ??= this.#watch();
    this.#answers
      .count(() => served.run(this.#options.serve))
      // The other process or the store is gone: nobody waits any more.
      .catch((error) => served.isAborted || error instanceof Gone || onError(asError(error)))
      .finally(() => {
        served.abort();
        this.#served.delete(key);
        if (this.#served.size > 0) return;
        this.#unwatch?.();
        this.#unwatch = undefined;
      });
  }

  /** A client whose process was killed resumes its stream elsewhere: the old one must have ended. */
  #watch(): () => void {
    const all = () => [...this.#served.values()];
    return watchProcesses(this.#options.store, {
      ids: () => all().map(({ asker }) => asker),
      ended: (id) => {
        for (const served of all()) if (served.asker === id) served.abort();
      },
    });
  }
}

/** Nobody waits for the answer any more. */
class Gone extends Error {}

/** How long a client may read nothing while more than the window waits for it. */
const LONGEST_WAIT_MS = 60_000;

/** So much at once: other messages of the process go between. */
const CHUNK_BYTES = 64 * 1024;

class Served {
  readonly #asked: Asked;
  readonly #send: (answer: Answer) => Promise<void>;
  readonly #aborter = new AbortController();
  #unread = 0;
  #wake = () => {};

  constructor(asked: Asked, send: (answer: Answer) => Promise<void>) {
    this.#asked = asked;
    this.#send = send;
  }

  /** The process that asks. */
  get asker(): string {
    return this.#asked.from;
  }

  get isAborted(): boolean {
    return this.#aborter.signal.aborted;
  }

  abort(): void {
    this.#aborter.abort(new Error('The client has disconnected.'));
    this.#wake();
  }

  read(bytes: number): void {
    this.#unread -= bytes;
    this.#wake();
  }

  async run(serve: AnsweringOptions['serve']): Promise<void> {
    const { id, method, url, headers, body } = this.#asked;
    const { signal } = this.#aborter;
    const init = { method, headers: headers.map(([name, value]): [string, string] => [name, value]), signal };
    const response = await serve(new Request(url, { ...init, ...(body !== undefined && { body }) }));
    const reader = response.body?.getReader();
    // The request no longer aborts a response that has started.
    signal.addEventListener('abort', () => void reader?.cancel().catch(() => {}), { once: true });
    if (signal.aborted) return void (await reader?.cancel());
    const head = { status: response.status, headers: passedHeaders(response.headers), hasBody: reader !== undefined };
    await this.#send({ kind: 'head', id, ...head });
    if (reader) await this.#pass(reader);
  }

  async #pass(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    const { id } = this.#asked;
    let number = 0;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (this.isAborted) return;
        if (done) return await this.#send({ kind: 'end', id, number });
        for (let at = 0; at < value.length; at += CHUNK_BYTES) {
          await this.#room();
          const part = value.subarray(at, at + CHUNK_BYTES);
          this.#unread += part.length;
          await this.#send({ kind: 'chunk', id, number, data: Buffer.from(part).toString('base64') });
          number += 1;
        }
      }
    } catch (error) {
      if (!(error instanceof Gone)) await this.#send({ kind: 'end', id, number, failed: true }).catch(() => {});
      throw error;
    } finally {
      reader.cancel().catch(() => {});
    }
  }

  /** Waits for a client that reads slowly. */
  async #room(): Promise<void> {
    while (this.#unread > WINDOW_BYTES && !this.isAborted) {
      const woken = new Promise<true>((resolve) => {
        this.#wake = () => resolve(true);
      });
      if (!(await within(woken, LONGEST_WAIT_MS))) this.abort();
    }
    if (this.isAborted) throw new Gone();
  }
}
