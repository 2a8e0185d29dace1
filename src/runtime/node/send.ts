import type { HttpRequest, HttpSender } from '../api/http.ts';
import { CallError } from '../call-error.ts';
import type { exchange } from './exchange.ts';
import type { Routes } from './routes.ts';
import type { NodeSenderOptions } from './sender-options.ts';

export interface NodeSender {
  readonly send: HttpSender;
  /** Closes every connection; calls in flight fail with `CANCELLED`. */
  close(): Promise<void>;
}

/**
 * Sends requests over kept-alive HTTP/1.1 connections exactly as given: target, method and header names are sent byte
 * for byte. Failures are `CallError`s, including those of the body.
 *
 * undici is loaded with the first request, not at startup.
 */
export function createNodeSender(options: NodeSenderOptions): NodeSender {
  let means: Promise<Means> | undefined;
  let closed = false;
  return {
    async send(request) {
      if (closed) throw new CallError('CANCELLED', 'The request was not sent: this server is shutting down.');
      means ??= openMeans(options);
      return sendBy(await means, request);
    },
    async close() {
      closed = true;
      // Routes that could not be opened have nothing to close.
      await (await means?.catch(() => undefined))?.routes.close();
    },
  };
}

interface Means {
  /** Parsed, by how a URL starts. */
  readonly origins: Map<string, URL>;
  readonly routes: Routes;
  readonly exchange: typeof exchange;
}

async function openMeans(options: NodeSenderOptions): Promise<Means> {
  const [{ openRoutes }, { exchange }] = await Promise.all([import('./routes.ts'), import('./exchange.ts')]);
  return { routes: openRoutes(options), exchange, origins: new Map() };
}

function sendBy({ routes, exchange, origins }: Means, { url, method, headers, body, signal }: HttpRequest) {
  const { origin, target } = splitUrl(url, origins);
  const { dispatcher, connectTo, targetPrefix, proxyHeaders, via } = routes.to(origin);
  const options = {
    origin: connectTo,
    path: targetPrefix + target,
    method,
    headers: [...proxyHeaders, ...headers.flat()],
    body: body ?? null,
  };
  return exchange({ dispatcher, options, signal, address: address(origin) + via });
}

/**
 * Scheme with authority, and the rest without fragment: the regular expression of RFC 3986, Appendix B, for http(s).
 * `new URL(url).pathname` would rewrite the path (`/a/%2E%2E/b` becomes `/b`), but is fine for the origin.
 */
function splitUrl(url: string, origins: Map<string, URL>): { origin: URL; target: string } {
  const [, authority = '', rest = ''] = /^(https?:\/\/[^/?#]*)([^#]*)/i.exec(url) ?? [];
  const origin = origins.get(authority) ?? new URL(authority);
  // An API may redirect to many places.
  if (origins.size >= MOST_ORIGINS) origins.clear();
  origins.set(authority, origin);
  return { origin, target: rest.startsWith('/') ? rest : `/${rest}` };
}

const MOST_ORIGINS = 100;

const address = ({ hostname, port, protocol }: URL): string =>
  `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
