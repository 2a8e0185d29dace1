import { type AuthInfo, createMcpHandler } from '@modelcontextprotocol/server';
import { asError } from '../../errors.ts';
import type { ListChange, Provider } from '../../provider.ts';
import { inviterOf } from '../call/caller-tokens.ts';
import { sessionIdFor } from '../call/url-elicitation.ts';
import { CallsInFlight } from '../calls-in-flight.ts';
import { mcpServerFactory } from '../mcp-server.ts';
import type { Sharing } from '../process-id.ts';
import { PATH } from '../serve-defaults.ts';
import type { SessionWatch } from '../session-watch.ts';
import type { AdmittedRequest } from '../sessions/session.ts';
import { SESSION_DEFAULTS, type SessionOptions } from '../sessions/session-options.ts';
import { concernsSession, hasRequest } from '../sessions/session-requests.ts';
import type { Sessions, SessionsOptions } from '../sessions/sessions.ts';
import { changesEverywhere } from '../shared-changes.ts';
import type { PlainAnswer } from './admission.ts';
import {
  type AuthenticationOptions,
  type AuthenticationParts,
  authentication,
  publicNames,
  scopedProvider,
} from './authentication.ts';
import { challenged } from './challenged.ts';
import { parsedExactly } from './exact-body.ts';
import { createGate, type GateOptions } from './gate.ts';
import type { RequestHead } from './request-head.ts';

export interface EndpointOptions {
  /** Maximum size of a request body. */
  readonly maxBodyBytes: number;
  /**
   * Serve 2025 clients without sessions too, so that any of several processes can respond: they cannot be asked questions
   * and are not notified. Workers are always stateless.
   */
  readonly stateless: boolean;
  /** Bounds of their sessions. Clients of 2026-07-28 have none. */
  readonly sessions: Partial<SessionOptions>;
  /** Called when a session begins, and when it ends. */
  readonly onSession?: SessionWatch | undefined;
  readonly onError: (error: Error) => void;
}

export interface EndpointParts extends EndpointOptions {
  /** What this process shares with others; absent: it is alone. */
  readonly sharing?: Sharing | undefined;
}

export type HttpHandlerOptions = Omit<GateOptions, 'authentication' | 'ready' | 'onError'> &
  AuthenticationOptions &
  EndpointOptions;

/** What is known of a request besides itself. */
export interface FetchInfo {
  /** The caller, if the environment verifies tokens itself. */
  readonly authInfo?: AuthInfo;
  /** The parsed body, if it has already been read. */
  readonly parsedBody?: unknown;
}

/** A web-standard request handler: for Workers, Deno, Bun, Hono, and behind `serveHttp` for Node. */
export interface HttpHandler {
  fetch(request: Request, info?: FetchInfo): Promise<Response>;
  /**
   * Responds with 503 to further requests of clients. Notifications and responses, which belong to calls in flight, still
   * arrive.
   */
  refuseCalls(): void;
  /** Resolves as soon as no call is in flight, but no later than after `ms`. */
  drain(ms: number): Promise<void>;
  /** Ends subscriptions, aborts calls in flight, responds with 503 from then on. Leaves the provider open. */
  close(): Promise<void>;
}

export const HTTP_HANDLER_DEFAULTS: Omit<HttpHandlerOptions, 'onError'> = {
  path: PATH.default,
  token: undefined,
  auth: undefined,
  allowedHosts: [],
  allowedOrigins: [],
  flags: false,
  maxBodyBytes: 4 * 1024 * 1024,
  stateless: false,
  sessions: {},
};

/**
 * Serves MCP over Streamable HTTP: MCP at `path`, `ok` at `/healthz` and `/readyz`, with the gate in front of everything
 * else.
 */
export function createHttpHandler(
  provider: Provider,
  options: Partial<HttpHandlerOptions> & Pick<HttpHandlerOptions, 'onError'>,
): HttpHandler {
  const settled = { ...HTTP_HANDLER_DEFAULTS, ...options };
  let isOpen = true;
  const name = provider.info.title ?? provider.info.name;
  const admit = createGate(gateOptions(settled, { name, ready: async () => isOpen }));
  const endpoint = restrictedEndpoint(provider, settled);
  return {
    ...endpoint,
    fetch: gatedFetch({ admit, endpoint, headOf: webHead }),
    close() {
      isOpen = false;
      return endpoint.close();
    },
  };
}

export interface Gated {
  readonly admit: ReturnType<typeof createGate>;
  readonly endpoint: Pick<HttpHandler, 'fetch'>;
  /** What the gate sees of a request. */
  readonly headOf: (request: Request) => ReturnType<typeof webHead>;
}

/** The endpoint behind the gate. */
export function gatedFetch({ admit, endpoint, headOf }: Gated): HttpHandler['fetch'] {
  return async (request, info) => {
    const admission = await admit(headOf(request));
    if (admission.kind === 'refused') return responseOf(admission.answer);
    if (admission.kind === 'page') return admission.respond(request);
    const authInfo = info?.authInfo ?? admission.authInfo;
    return withHeaders(await endpoint.fetch(request, { ...info, ...(authInfo && { authInfo }) }), admission.headers);
  };
}

/** The checks of a request's head, for a server with these options. */
export function gateOptions(
  { token, auth, onError, ...options }: HttpHandlerOptions,
  { ready, ...parts }: AuthenticationParts & Pick<GateOptions, 'ready'>,
): GateOptions {
  const { hosts, origins } = publicNames(auth, options.path);
  return {
    ...options,
    onError,
    ready,
    allowedHosts: [...options.allowedHosts, ...hosts],
    allowedOrigins: [...options.allowedOrigins, ...origins],
    authentication: authentication({ token, auth, flags: options.flags, onError }, parts),
  };
}

/** {@link createEndpoint} with scope rules. They are loaded and checked at the first request: creating it waits for nothing. */
export function restrictedEndpoint(
  provider: Provider,
  options: EndpointOptions & Pick<HttpHandlerOptions, 'auth'>,
): HttpHandler {
  if (!options.auth?.scopes) return createEndpoint(provider, options);
  let opened: Promise<HttpHandler | undefined> | undefined;
  const open = () => {
    opened ??= scopedProvider(provider, options.auth).then(
      (scoped) => createEndpoint(scoped, options),
      (error) => {
        options.onError(asError(error));
        // Checked again: a list may have been incomplete.
        opened = undefined;
        return undefined;
      },
    );
    return opened;
  };
  let closed = false;
  let refuses = false;
  return {
    async fetch(request, info) {
      const endpoint = closed ? await opened : await open();
      if (refuses) endpoint?.refuseCalls();
      if (endpoint) return endpoint.fetch(request, info);
      const text = closed ? CLOSED : 'This server cannot respond now: its scope rules cannot be applied.';
      return new Response(text, { status: 503 });
    },
    refuseCalls() {
      refuses = true;
      opened?.then((endpoint) => endpoint?.refuseCalls());
    },
    drain: async (ms) => (await opened)?.drain(ms),
    async close() {
      closed = true;
      await (await opened)?.close();
    },
  };
}

/**
 * The endpoint behind the gate. Clients of the 2026-07-28 era are served per request, and get everything. Those of 2025
 * get everything in a session, which begins with their handshake. Their requests without one are served as well, but
 * cannot lead to questions, and nothing is notified.
 */
export function createEndpoint(provider: Provider, options: EndpointParts): HttpHandler {
  const { maxBodyBytes, onSession, onError, sharing } = options;
  const calls = new CallsInFlight();
  const changes = changesEverywhere(provider, sharing, {
    changed(change) {
      tell[change]();
      sessions.opened()?.tell(change);
    },
    updated(uri) {
      handler.notify.resourceUpdated(uri);
      sessions.opened()?.tellUpdate(uri);
    },
  });
  const makeServer = mcpServerFactory(provider, { onError, calls, announced: changes.announced, sharing });
  const handler = createMcpHandler(makeServer, { maxRequestBodySize: maxBodyBytes, onerror: onError });
  const sessions = lazySessions(options, { makeServer, calls, onSession, onError, process: sharing?.process });
  const isStateless = options.stateless || isWorker();
  const tell: Record<ListChange, () => void> = {
    tools: handler.notify.toolsChanged,
    resources: handler.notify.resourcesChanged,
    prompts: handler.notify.promptsChanged,
  };
  let closed = false;
  let refuses = false;
  const respond = async ({ request, authInfo, parsedBody }: AdmittedRequest): Promise<Response> => {
    const inSession = !isStateless && (await concernsSession(request, parsedBody));
    const open = inSession ? await sessions.open() : undefined;
    // While the module was loaded: nobody would end a session that begins now.
    if (closed) return new Response(CLOSED, { status: 503 });
    const answer = open
      ? await open.respond({ request, authInfo, parsedBody })
      : await handler.fetch(request, {
          ...(authInfo && { authInfo }),
          ...(parsedBody !== undefined && { parsedBody }),
        });
    const response = challenged(answer, authInfo, onError);
    const sessionId = !inSession && inviterOf(authInfo) && response.ok ? sessionIdFor(parsedBody) : undefined;
    if (sessionId !== undefined) response.headers.set('Mcp-Session-Id', sessionId);
    // The SDK sets `keep-alive`, but the connection belongs to the HTTP server (RFC 9110 §7.6.1): a client that asked
    // for `close` would wait for it, and HTTP/2 forbids the header (RFC 9113 §8.2.2).
    response.headers.delete('connection');
    return response;
  };
  return {
    async fetch(request, info) {
      if (closed) return new Response(CLOSED, { status: 503 });
      const parsedBody = info?.parsedBody ?? (await parsedExactly(request, maxBodyBytes));
      const admitted = { request, authInfo: info?.authInfo, parsedBody };
      if (!hasRequest(parsedBody)) return respond(admitted);
      if (refuses) return new Response(CLOSED, { status: 503 });
      // From here on it is answered: it counts before its call begins.
      return calls.count(() => respond(admitted));
    },
    refuseCalls() {
      refuses = true;
    },
    drain: (ms) => calls.idle(ms),
    async close() {
      closed = true;
      changes.stop();
      await Promise.all([handler.close(), sessions.opened()?.close()]);
    },
  };
}

/** Loaded for the first client that needs one. */
function lazySessions(
  options: EndpointOptions,
  parts: Pick<SessionsOptions, 'makeServer' | 'calls' | 'onSession' | 'onError' | 'process'>,
): { opened(): Sessions | undefined; open(): Promise<Sessions> } {
  let loading: Promise<Sessions> | undefined;
  let opened: Sessions | undefined;
  return {
    opened: () => opened,
    open() {
      loading ??= import('../sessions/sessions.ts').then(({ Sessions }) => {
        opened = new Sessions({ ...SESSION_DEFAULTS, ...options.sessions, ...parts });
        return opened;
      });
      return loading;
    },
  };
}

/** Cloudflare sends the requests of a client to any of its machines. */
const isWorker = (): boolean =>
  (globalThis as { navigator?: { userAgent?: string } }).navigator?.userAgent === 'Cloudflare-Workers';

const CLOSED = 'This server is shutting down.';

/** The head of a web-standard request, for the gate. */
export function webHead(request: Request): RequestHead {
  const { pathname, host } = new URL(request.url);
  return {
    method: request.method,
    path: pathname,
    // Platforms that terminate HTTP themselves put the host into the URL.
    host: request.headers.get('host') ?? host,
    origin: request.headers.get('origin'),
    authorization: request.headers.get('authorization'),
    requestedHeaders: request.headers.get('access-control-request-headers'),
  };
}

/** The gate's own responses. */
export function responseOf({ status, text, headers }: PlainAnswer): Response {
  return new Response(status === 204 ? null : text, { status, headers });
}

/** The response with the headers that the gate adds. */
export function withHeaders(response: Response, extra: Readonly<Record<string, string>>): Response {
  const added = Object.entries(extra);
  if (added.length === 0) return response;
  // The headers of a foreign response may be immutable.
  const headers = new Headers([...response.headers, ...added]);
  return new Response(response.body, { status: response.status, headers });
}
