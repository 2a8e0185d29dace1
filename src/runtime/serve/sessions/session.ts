import { type AuthInfo, type RequestId, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import { isRecord } from '../../is-record.ts';
import { CallsInFlight } from '../calls-in-flight.ts';
import type { ProviderServer, ServerFactory } from '../mcp-server.ts';
import type { SessionEvents } from './event-store.ts';
import { failure } from './failure.ts';
import { whenEnded } from './when-ended.ts';

/** A request that has passed the gate. */
export interface AdmittedRequest {
  readonly request: Request;
  readonly authInfo: AuthInfo | undefined;
  readonly parsedBody: unknown;
}

export interface SessionParts {
  readonly id: string;
  /** Whom it belongs to; `undefined` without authentication. */
  readonly caller: string | undefined;
  readonly events: SessionEvents;
  readonly makeServer: ServerFactory;
  /** All calls of the endpoint. */
  readonly calls: CallsInFlight;
  /** Called once, however it ends. */
  readonly onEnd: () => void;
}

/** One client of 2025, with the streams over which it is asked and notified. */
export class Session {
  readonly id: string;
  readonly caller: string | undefined;
  /** Absent until the client's first request has been read. */
  server: ProviderServer | undefined;
  readonly #parts: SessionParts;
  readonly #transport: WebStandardStreamableHTTPServerTransport;
  readonly #calls: CallsInFlight;
  #reading = 0;
  #streams = 0;
  #lastUse = performance.now();
  #ended = false;

  constructor(parts: SessionParts) {
    this.id = parts.id;
    this.caller = parts.caller;
    this.#parts = parts;
    this.#calls = new CallsInFlight(parts.calls);
    this.#transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => parts.id,
      eventStore: parts.events,
      retryInterval: RETRY_MS,
    });
  }

  /** Whether a call is in flight, or a request is being read. */
  get isBusy(): boolean {
    return this.#reading > 0 || this.#calls.areAny;
  }

  /** Whether the client waits for notifications. */
  get isConnected(): boolean {
    return this.#streams > 0;
  }

  /** For how long there was neither a request nor a stream for notifications, in milliseconds. */
  get idleMs(): number {
    if (this.isConnected || this.isBusy) return 0;
    return performance.now() - Math.max(this.#lastUse, this.#calls.lastEnd);
  }

  /** Responds to the `initialize` request; unless it succeeds, the session ends with it. */
  async begin(admitted: AdmittedRequest): Promise<Response> {
    this.#reading += 1;
    try {
      const { authInfo } = admitted;
      // As for a connection: no request's headers say what will be called, and changes can be sent.
      const server = await this.#parts.makeServer({ era: 'legacy', ...(authInfo && { authInfo }) }, this.#calls);
      server.server.onclose = () => this.#end();
      await server.connect(this.#transport);
      this.server = server;
      return await this.respond(admitted);
    } finally {
      this.#reading -= 1;
      if (this.#transport.sessionId === undefined) await this.close();
    }
  }

  async respond({ request, authInfo, parsedBody }: AdmittedRequest): Promise<Response> {
    this.#reading += 1;
    try {
      if (await this.#isLost(request)) return lostStream();
      const taken = requestIds(parsedBody).find((id) => this.#streamOf.has(id));
      if (taken !== undefined)
        return failure(400, -32600, `The id ${JSON.stringify(taken)} belongs to a request in flight.`);
      const response = await this.#transport.handleRequest(request, {
        ...(authInfo && { authInfo }),
        ...(parsedBody !== undefined && { parsedBody }),
      });
      for (const id of cancelledIn(parsedBody)) this.#closeStream(id);
      if (request.method !== 'GET') return response;
      // The response to a call was admitted with the call. Notifications are sent as long as the token is valid.
      const expiresAt = authInfo?.expiresAt;
      return this.#counted(response, expiresAt === undefined ? undefined : expiresAt * 1000);
    } finally {
      this.#reading -= 1;
      this.#lastUse = performance.now();
    }
  }

  async close(): Promise<void> {
    await (this.server ?? this.#transport).close();
    this.#end();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#parts.events.close();
    this.#parts.onEnd();
  }

  #counted(response: Response, at: number | undefined): Response {
    this.#streams += 1;
    const ended = () => {
      this.#streams -= 1;
      this.#lastUse = performance.now();
    };
    return whenEnded(response, { ended, at });
  }

  /**
   * The streams of requests in flight, by the ids of these. The SDK does not check whether an id is taken, and its earlier
   * request would never get its response. Pinned by a test.
   */
  get #streamOf(): Map<RequestId, string> {
    // biome-ignore lint/complexity/useLiteralKeys: TypeScript allows access to a private member only in this form
    return this.#transport['_requestToStreamMapping'];
  }

  /** Whether the request resumes a stream that cannot be resumed. */
  async #isLost({ method, headers }: Request): Promise<boolean> {
    const eventId = method === 'GET' ? headers.get('last-event-id') : null;
    return eventId !== null && (await this.#parts.events.getStreamIdForEventId(eventId)) === undefined;
  }

  /**
   * The SDK keeps the stream of a cancelled request open for a response that never comes, and browsers open only six
   * connections. It has no other way to close it for good.
   */
  #closeStream(request: RequestId): void {
    const streams = this.#streamOf;
    const stream = streams.get(request);
    if (stream === undefined) return;
    const others = [...streams].filter(([id, other]) => other === stream && id !== request);
    // A batch has one stream for all of its requests.
    if (others.length === 0) {
      this.#transport.closeSSEStream(request);
      this.#parts.events.forget(stream);
    }
    streams.delete(request);
  }
}

/** How long a client waits before it resumes a stream (SSE, `retry`). */
const RETRY_MS = 1_000;

/** The requests that the client cancels. */
function cancelledIn(body: unknown): RequestId[] {
  return messagesOf(body).flatMap(({ method, params }) =>
    method === 'notifications/cancelled' && isRecord(params) && isId(params.requestId) ? [params.requestId] : [],
  );
}

function requestIds(body: unknown): RequestId[] {
  return messagesOf(body).flatMap(({ method, id }) => (method !== undefined && isId(id) ? [id] : []));
}

const messagesOf = (body: unknown) => (Array.isArray(body) ? body : [body]).filter(isRecord);

const isId = (value: unknown): value is RequestId => typeof value === 'string' || typeof value === 'number';

/** The only refusal of a stream that MCP 2025-11-25 knows: clients then do not ask again. */
const lostStream = () =>
  failure(
    405,
    -32000,
    'This stream cannot be resumed: its request was cancelled, or its messages are no longer kept.',
    { Allow: 'GET, POST, DELETE' },
  );
