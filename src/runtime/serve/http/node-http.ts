import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Provider } from '../../provider.ts';
import type { SharedStore } from '../../shared-store.ts';
import { CallsInFlight } from '../calls-in-flight.ts';
import { newProcessId, type Sharing } from '../process-id.ts';
import { HOST, PORT } from '../serve-defaults.ts';
import type { PlainAnswer } from './admission.ts';
import { scopedProvider } from './authentication.ts';
import { createGate, HEALTH_PATHS } from './gate.ts';
import {
  createEndpoint,
  gatedFetch,
  gateOptions,
  HTTP_HANDLER_DEFAULTS,
  type HttpHandler,
  type HttpHandlerOptions,
  webHead,
} from './http-handler.ts';
import { listen, urlHost } from './listen.ts';
import { isLoopback } from './loopback.ts';
import { nodeHandler } from './node-handler.ts';
import type { Relay } from './relay/relay.ts';
import { nodeHead } from './request-head.ts';
import { ServeError } from './serve-error.ts';

export interface HttpServerOptions extends HttpHandlerOptions {
  readonly host: string;
  /** 0: a free port. */
  readonly port: number;
  /** Serve other machines without a token: anyone who reaches the port can call every tool. */
  readonly insecure: boolean;
  /** How long to wait for calls in flight after `close`. */
  readonly drainMs: number;
  /**
   * What the processes of this server share, so that any request may arrive at any of them: `redisStore()` of
   * `openapi-mcp/redis`. The server closes it. Default: none, a single process.
   */
  readonly store: SharedStore | undefined;
}

export interface HttpServer {
  /** The endpoint: `http://127.0.0.1:8000/mcp`. */
  readonly url: string;
  readonly port: number;
  /** Stops accepting, waits for calls in flight, closes everything including the provider. */
  close(): Promise<void>;
}

export const HTTP_DEFAULTS: Omit<HttpServerOptions, 'onError'> = {
  ...HTTP_HANDLER_DEFAULTS,
  host: HOST.default,
  port: PORT.default,
  insecure: false,
  drainMs: 10_000,
  store: undefined,
};

/**
 * Serves MCP over Streamable HTTP with Node's HTTP server.
 *
 * @throws ServeError if other machines could call without a token, or the address cannot be listened on
 */
export async function serveHttp(
  provider: Provider,
  options: Partial<HttpServerOptions> & Pick<HttpServerOptions, 'onError'>,
): Promise<HttpServer> {
  const settled: HttpServerOptions = { ...HTTP_DEFAULTS, ...options };
  assertServable(settled);
  const scoped = await scopedProvider(provider, settled.auth);
  const sharing = settled.store && { store: settled.store, process: newProcessId() };
  let isClosing = false;
  let { port } = settled;
  const url = () => `http://${urlHost(settled.host)}:${port}${settled.path}`;
  // The requested address is allowed; clients never connect to 0.0.0.0 as such.
  const allowing = { ...settled, allowedHosts: [...settled.allowedHosts, settled.host] };
  const ready = async () => !isClosing && (await isReached(settled.store));
  const name = provider.info.title ?? provider.info.name;
  const gate = gateOptions(allowing, { url, name, digest: sha256, ready, sharing });
  const admit = createGate(gate);
  const endpoint = createEndpoint(scoped, { ...settled, sharing });
  const relay = sharing && (await relayed(endpoint, admit, sharing, settled));
  const answers = new CallsInFlight();
  const serve = requestListener({ endpoint, admit, relay }, settled);
  const server = createServer((request, response) => {
    answers.count(() => once(response, 'close')).catch(settled.onError);
    serve(request, response);
  });
  try {
    await listen(server, settled, '--port');
    // With port 0, the URL for which tokens are issued is known only now.
    port = (server.address() as AddressInfo).port;
    await gate.authentication?.();
  } catch (error) {
    server.close();
    server.closeAllConnections();
    await relay?.close();
    await endpoint.close();
    throw error;
  }
  const shutDown = async () => {
    isClosing = true;
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    // Connections that are open already would bring one call after the other.
    endpoint.refuseCalls();
    await Promise.all([endpoint.drain(settled.drainMs), relay?.drain(settled.drainMs)]);
    await endpoint.close();
    await relay?.close();
    // A client that does not read its response cannot keep the process alive, nor can one that connects and sends
    // nothing.
    await answers.idle(1_000);
    server.closeAllConnections();
    await ended;
    await (await gate.authentication?.())?.close();
    await provider.close();
    await settled.store?.close();
  };
  let closing: Promise<void> | undefined;
  return {
    url: url(),
    port,
    close() {
      closing ??= shutDown();
      return closing;
    },
  };
}

async function isReached(store: SharedStore | undefined): Promise<boolean> {
  return (
    store === undefined ||
    store.ping().then(
      () => true,
      () => false,
    )
  );
}

/** Loaded for servers of several processes. */
async function relayed(
  endpoint: HttpHandler,
  admit: ReturnType<typeof createGate>,
  { store, process: id }: Sharing,
  { maxBodyBytes, onError }: HttpServerOptions,
): Promise<Relay> {
  const { openRelay } = await import('./relay/relay.ts');
  const serve = gatedFetch({ admit, endpoint, headOf: webHead });
  return openRelay({ store, id, serve, maxBodyBytes, onError });
}

function assertServable({ host, token, auth, insecure, path, flags, store }: HttpServerOptions): void {
  if (store && !store.isPrivate && (token !== undefined || auth)) throw keyRequired(flags);
  if (!path.startsWith('/') || HEALTH_PATHS.includes(path)) {
    throw new ServeError('BAD_PATH', `"${path}" is not a valid path. Pass a path that starts with "/", such as /mcp.`);
  }
  if (isLoopback(host) || token !== undefined || auth || insecure) return;
  const means = flags
    ? { token: 'Set OPENAPI_MCP_TOKEN to', auth: '--auth', none: 'pass --insecure' }
    : { token: 'Set token to', auth: 'auth', none: 'set insecure: true' };
  throw new ServeError(
    'TOKEN_REQUIRED',
    `Other machines can reach ${host}, and anyone who reaches it can call every tool. ${means.token} a secret that clients must send, authenticate callers with ${means.auth}, listen on 127.0.0.1, or ${means.none} to serve without a token.`,
  );
}

/** Sessions and tokens of callers pass through it. */
const keyRequired = (flags: boolean) =>
  new ServeError(
    'STORE_KEY_REQUIRED',
    `Tokens of callers pass through the store. ${flags ? 'Set OPENAPI_MCP_STORE_KEY to' : 'Pass the option key of the store,'} a text of at least 32 characters that all processes share, for example of: openssl rand -base64 32`,
  );

interface ListenerParts {
  readonly endpoint: HttpHandler;
  readonly admit: ReturnType<typeof createGate>;
  readonly relay: Relay | undefined;
}

function requestListener({ endpoint, admit, relay }: ListenerParts, { maxBodyBytes, onError }: HttpServerOptions) {
  const served = relay ? { fetch: relay.around(endpoint.fetch) } : endpoint;
  // What is passed on is passed on as it arrived.
  const handle = nodeHandler(served, { maxBodyBytes, takesParsed: !relay, onError });
  return (request: IncomingMessage, response: ServerResponse): void => {
    const serve = async () => {
      const admission = await admit(nodeHead(request));
      if (admission.kind === 'refused') return answer(response, admission.answer);
      if (admission.kind === 'page') {
        const fetch = relay ? relay.aroundPage(admission.respond) : admission.respond;
        return nodeHandler({ fetch }, { maxBodyBytes: MAX_PAGE_BYTES, onError })(request, response);
      }
      const { authInfo, headers } = admission;
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      await handle(authInfo ? Object.assign(request, { auth: authInfo }) : request, response);
    };
    serve().catch((error) => {
      onError(error);
      response.destroy();
    });
  };
}

/** Pages accept less where they can: forms of an OAuth server are short. */
const MAX_PAGE_BYTES = 1024 * 1024;

const sha256 = (text: string) => createHash('sha256').update(text).digest();

/** The body is ignored; Node drains it. */
function answer(response: ServerResponse, { status, text, headers }: PlainAnswer): void {
  response.writeHead(status, headers).end(text);
}
