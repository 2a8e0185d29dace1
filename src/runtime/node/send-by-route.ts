import type { HttpRequest, HttpResponse } from '../api/http.ts';
import { splitUrl } from '../api/split-url.ts';
import { exchange } from './exchange.ts';
import type { Routes } from './routes.ts';

/** Sends a request over the route to its origin. */
export function sendByRoute(
  routes: Routes,
  { url, method, headers, body, signal }: HttpRequest,
): Promise<HttpResponse> {
  const { origin, target } = splitUrl(url);
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

const address = ({ hostname, port, protocol }: URL): string =>
  `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
