import type { HttpSender } from '../api/http.ts';
import { CallError } from '../call-error.ts';
import type { Routes } from './routes.ts';
import type { sendByRoute } from './send-by-route.ts';
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
      const { routes, sendByRoute } = await means;
      return sendByRoute(routes, request);
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
  readonly sendByRoute: typeof sendByRoute;
}

async function openMeans(options: NodeSenderOptions): Promise<Means> {
  const [{ openRoutes }, { sendByRoute }] = await Promise.all([import('./routes.ts'), import('./send-by-route.ts')]);
  return { routes: openRoutes(options), sendByRoute };
}
