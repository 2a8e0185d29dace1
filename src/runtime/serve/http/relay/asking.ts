import { isStoreUnavailable, type SharedStore, type StoreError } from '../../../shared-store.ts';
import { parsedJson } from '../../../text/parsed-json.ts';
import { randomText } from '../../../text/random-text.ts';
import { CallsInFlight } from '../../calls-in-flight.ts';
import { channelOf } from '../../process-id.ts';
import { failure } from '../../sessions/failure.ts';
import { isRequest } from '../../sessions/session-requests.ts';
import { MOST_REQUESTS, passedHeaders, type RelayMessage, WINDOW_BYTES } from './messages.ts';
import { watchProcesses } from './watch-processes.ts';

type Answer = Exclude<RelayMessage, { readonly from: string }>;

export interface AskingOptions {
  readonly store: SharedStore;
  /** This process. */
  readonly id: string;
}

interface Passed {
  readonly id: string;
  readonly owner: string;
  readonly request: Request;
  readonly body: string | undefined;
}

interface Asked {
  readonly owner: string;
  receive(answer: Answer): void;
  /** The owner has ended. */
  die(): void;
  /** Answers may have been lost. */
  lose(): void;
  /** This process ends. */
  leave(): void;
}

/** After the store was away, processes need a moment to listen again. */
const SETTLE_MS = 3_000;

/** Requests that other processes answer. */
export class Asking {
  readonly #options: AskingOptions;
  readonly #asked = new Map<string, Asked>();
  readonly #calls = new CallsInFlight();
  #unwatch: (() => void) | undefined;
  #lostAt = Number.NEGATIVE_INFINITY;

  constructor(options: AskingOptions) {
    this.#options = options;
  }

  /** The response of the process that owns what the request asks for; `undefined` if there is no such process. */
  async ask(owner: string, request: Request, body: string | undefined): Promise<Response | undefined> {
    if (this.#asked.size >= MOST_REQUESTS) return later('There are too many requests at other processes.');
    const { store, id: from } = this.#options;
    const id = randomText(12);
    const { method, url } = request;
    const headers = passedHeaders(request.headers);
    const message: RelayMessage = {
      kind: 'request',
      id,
      from,
      method,
      url,
      headers,
      ...(body !== undefined && { body }),
    };
    const exchange = this.#begin({ id, owner, request, body });
    try {
      const receivers = await store.publish(channelOf(owner), JSON.stringify(message));
      if (receivers > 0) return await exchange.response;
      exchange.drop();
      return performance.now() - this.#lostAt < SETTLE_MS ? later(AWAY) : undefined;
    } catch (error) {
      exchange.drop();
      if (!isStoreUnavailable(error)) throw error;
      // What was sent may arrive when the store responds again.
      return (error as Partial<StoreError>).mayHaveRun && method !== 'GET' ? lost() : later(AWAY);
    }
  }

  receive(answer: Answer): void {
    this.#asked.get(answer.id)?.receive(answer);
  }

  /** Answers may have been lost. */
  loseAll(): void {
    this.#lostAt = performance.now();
    for (const asked of [...this.#asked.values()]) asked.lose();
  }

  /** Resolves as soon as no call waits for another process, but no later than after `ms`. */
  drain(ms: number): Promise<void> {
    return this.#calls.idle(ms);
  }

  /** The other processes end what is still open: clients go on elsewhere. */
  close(): void {
    for (const asked of [...this.#asked.values()]) asked.leave();
  }

  #begin({ id, owner, request, body }: Passed) {
    const { store, id: from } = this.#options;
    const send = (message: Extract<RelayMessage, { kind: 'abort' | 'read' }>) =>
      // Without the store, the other side notices by itself.
      void store.publish(channelOf(owner), JSON.stringify(message)).catch(() => {});
    let finish = () => {};
    // Streams of notifications never end by themselves.
    if (request.method !== 'GET') void this.#calls.count(() => new Promise<void>((resolve) => (finish = resolve)));
    const ended = () => {
      this.#asked.delete(id);
      request.signal.removeEventListener('abort', abort);
      finish();
      if (this.#asked.size > 0) return;
      this.#unwatch?.();
      this.#unwatch = undefined;
    };
    const answer = new AnswerOf({
      read: (bytes) => send({ kind: 'read', id, from, bytes }),
      cancelled: () => {
        send({ kind: 'abort', id, from });
        ended();
      },
      ended,
    });
    const abort = () => answer.cancel();
    request.signal.addEventListener('abort', abort, { once: true });
    this.#asked.set(id, {
      owner,
      receive: (message) => answer.receive(message),
      die: () => answer.die(idsIn(body)),
      lose: () => answer.lose(),
      leave: () => {
        send({ kind: 'abort', id, from });
        answer.lose();
      },
    });
    this.#unwatch ??= this.#watch();
    return { response: answer.response, drop: ended };
  }

  #watch(): () => void {
    const all = () => [...this.#asked.values()];
    return watchProcesses(this.#options.store, {
      ids: () => all().map(({ owner }) => owner),
      ended: (id) => {
        for (const asked of all()) if (asked.owner === id) asked.die();
      },
    });
  }
}

const AWAY = 'The store that the processes of this server share cannot be reached.';

const later = (message: string): Response =>
  failure(503, -32000, `${message} Try again later.`, { 'Retry-After': '1' });

/** Whether the call was made is unknown. */
const ENDED = {
  code: -32000,
  message: 'The process that was to respond has ended. It is unknown whether the request was carried out.',
};
const lost = (): Response => failure(502, ENDED.code, ENDED.message);

/** The ids of the requests in a body. */
function idsIn(body: string | undefined): readonly unknown[] {
  return [parsedJson(body)].flat().flatMap((one) => (isRequest(one) ? [one.id] : []));
}

interface AnswerEvents {
  readonly read: (bytes: number) => void;
  /** The client has gone. */
  readonly cancelled: () => void;
  readonly ended: () => void;
}

/** A response that arrives in messages. */
class AnswerOf {
  readonly response: Promise<Response>;
  readonly #events: AnswerEvents;
  #respond: (response: Response) => void = () => {};
  #body: ReadableStreamDefaultController<Uint8Array> | undefined;
  #isStream = false;
  #isEnded = false;
  #next = 0;
  /** Bytes that the other process does not know to have been read. */
  #unread = 0;

  constructor(events: AnswerEvents) {
    this.#events = events;
    this.response = new Promise((resolve) => {
      this.#respond = resolve;
    });
  }

  receive(answer: Answer): void {
    if (this.#isEnded) return;
    if (answer.kind === 'head') this.#head(answer);
    else if (answer.number !== this.#next) this.cancel();
    else if (answer.kind === 'chunk') this.#chunk(answer);
    else if (answer.failed) this.lose();
    else this.#end();
  }

  #chunk({ data }: Extract<Answer, { readonly kind: 'chunk' }>): void {
    this.#next += 1;
    const bytes = Buffer.from(data, 'base64');
    this.#unread += bytes.length;
    this.#body?.enqueue(bytes);
  }

  /** Nobody will respond to these requests any more. */
  die(ids: readonly unknown[]): void {
    if (this.#isStream && !this.#isEnded) {
      const event = (id: unknown) =>
        `event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, error: ENDED })}\n\n`;
      this.#body?.enqueue(new TextEncoder().encode(ids.map(event).join('')));
    }
    this.lose();
  }

  /** Clients resume a stream that ends; other bodies must not look complete. */
  lose(): void {
    if (this.#isEnded) return;
    if (!this.#body) this.#respond(lost());
    else if (!this.#isStream) this.#body.error(new Error('The process that was to respond has ended.'));
    const body = this.#isStream ? this.#body : undefined;
    this.#finish();
    body?.close();
  }

  cancel(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#respond(lost());
    this.#body?.error(new Error('The request was cancelled.'));
    this.#events.cancelled();
  }

  #head({ status, headers, hasBody }: Extract<Answer, { readonly kind: 'head' }>): void {
    const init = { status, headers: new Headers(headers.map(([name, value]) => [name, value])) };
    this.#isStream = init.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    if (!hasBody) {
      this.#respond(new Response(null, init));
      this.#finish();
      return;
    }
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#body = controller;
        },
        // Called when there is room: what came before has been read.
        pull: () => {
          if (this.#unread < WINDOW_BYTES / 4) return;
          this.#events.read(this.#unread);
          this.#unread = 0;
        },
        cancel: () => {
          this.#body = undefined;
          this.cancel();
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: WINDOW_BYTES / 4 }),
    );
    this.#respond(new Response(body, init));
  }

  #end(): void {
    this.#body?.close();
    this.#finish();
  }

  #finish(): void {
    this.#isEnded = true;
    this.#events.ended();
  }
}
