import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { codeOf } from '../../errors.ts';
import type { Provider } from '../../provider.ts';
import { CallsInFlight } from '../calls-in-flight.ts';
import { HOST, PORT } from '../serve-defaults.ts';
import type { PlainAnswer } from './admission.ts';
import { scopedProvider } from './authentication.ts';
import { createGate } from './gate.ts';
import {
  createEndpoint,
  gateOptions,
  HTTP_HANDLER_DEFAULTS,
  type HttpHandler,
  type HttpHandlerOptions,
} from './http-handler.ts';
import { isLoopback } from './loopback.ts';
import { nodeHandler } from './node-handler.ts';
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
  let { port } = settled;
  const url = () => `http://${urlHost(settled.host)}:${port}${settled.path}`;
  // The requested address is allowed; clients never connect to 0.0.0.0 as such.
  const allowing = { ...settled, allowedHosts: [...settled.allowedHosts, settled.host] };
  const gate = gateOptions(allowing, { url, name: provider.info.title ?? provider.info.name, digest: sha256 });
  const admit = createGate(gate);
  const endpoint = createEndpoint(scoped, settled);
  const answers = new CallsInFlight();
  const serve = requestListener(endpoint, admit, settled);
  const server = createServer((request, response) => {
    answers.count(() => once(response, 'close')).catch(settled.onError);
    serve(request, response);
  });
  try {
    await listen(server, settled);
    // With port 0, the URL for which tokens are issued is known only now.
    port = (server.address() as AddressInfo).port;
    await gate.authentication?.();
  } catch (error) {
    server.close();
    server.closeAllConnections();
    await endpoint.close();
    throw error;
  }
  const shutDown = async () => {
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    // Connections that are open already would bring one call after the other.
    endpoint.refuseCalls();
    await endpoint.drain(settled.drainMs);
    await endpoint.close();
    // A client that does not read its response cannot keep the process alive, nor can one that connects and sends
    // nothing.
    await answers.idle(1_000);
    server.closeAllConnections();
    await ended;
    await (await gate.authentication?.())?.close();
    await provider.close();
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

function assertServable({ host, token, auth, insecure, path, flags }: HttpServerOptions): void {
  if (!path.startsWith('/') || path === '/healthz') {
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

function requestListener(
  endpoint: HttpHandler,
  admit: ReturnType<typeof createGate>,
  { maxBodyBytes, onError }: HttpServerOptions,
) {
  const handle = nodeHandler(endpoint, { maxBodyBytes, takesParsed: true, onError });
  return (request: IncomingMessage, response: ServerResponse): void => {
    const serve = async () => {
      const admission = await admit(nodeHead(request));
      if (admission.kind === 'refused') return answer(response, admission.answer);
      if (admission.kind === 'page') {
        return nodeHandler({ fetch: admission.respond }, { maxBodyBytes: MAX_PAGE_BYTES, onError })(request, response);
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

function listen(server: Server, { host, port }: HttpServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
}

function listenError(error: Error, host: string, port: number): ServeError {
  const options = { cause: error };
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new ServeError(
        'PORT_IN_USE',
        `Port ${port} of ${host} is in use. Choose another with --port, or --port 0 for a free one.`,
        options,
      );
    case 'EACCES':
      return new ServeError(
        'CANNOT_LISTEN',
        `Port ${port} requires more privileges. Choose a port above 1023.`,
        options,
      );
    default:
      return new ServeError('CANNOT_LISTEN', `Cannot listen on ${host}:${port}: ${error.message}`, options);
  }
}

const urlHost = (host: string) => (host.includes(':') ? `[${host}]` : host);
