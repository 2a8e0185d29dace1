import type { HttpRequest, HttpSender } from '../api/http.ts';
import { splitUrl } from '../api/split-url.ts';
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
  readonly routes: Routes;
  readonly exchange: typeof exchange;
}

async function openMeans(options: NodeSenderOptions): Promise<Means> {
  const [{ openRoutes }, { exchange }] = await Promise.all([import('./routes.ts'), import('./exchange.ts')]);
  return { routes: openRoutes(options), exchange };
}

function sendBy({ routes, exchange }: Means, { url, method, headers, body, signal }: HttpRequest) {
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
