import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from '../runtime/provider.ts';
import { asError } from '../runtime/serve/call-tool.ts';
import { nodeHandler } from '../runtime/serve/node-handler.ts';
import { nodeHead } from '../runtime/serve/request-head.ts';
import { authInfoOf, guardedEndpoint, type HttpMountOptions } from './http/guarded-endpoint.ts';

export type { HttpMountOptions } from './http/guarded-endpoint.ts';

/** What Express adds to Node's request, as far as it is used. */
interface ExpressRequest extends IncomingMessage {
  /** Set where a body parser has run. */
  readonly body?: unknown;
  /** Set where a route led here (`app.all`), not a mount (`app.use`). */
  readonly route?: unknown;
  /** Set by the SDK's `requireBearerAuth`, or another middleware that knows who calls. */
  auth?: unknown;
}

export interface ExpressHandler {
  (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): Promise<void>;
  /** Lets the calls in flight end, ends subscriptions, and answers 503 from now on. The provider stays open. */
  close(): Promise<void>;
}

/**
 * Serves a provider in an Express 5 app, at the path that it is mounted at. It works with and without `express.json()`
 * in front of it. With `insecure: true` the caller is who `request.auth` says.
 *
 * ```ts
 * const mcp = mcpHandler(await fromOpenApi('petstore.yaml'), { token: process.env.OPENAPI_MCP_TOKEN });
 * app.use('/mcp', mcp);
 * process.once('SIGTERM', async () => {
 *   await mcp.close();
 *   httpServer.close();
 * });
 * ```
 *
 * @throws ServeError where there is neither a token nor `insecure: true`.
 */
export function mcpHandler(provider: Provider, options: HttpMountOptions): ExpressHandler {
  const guarded = guardedEndpoint(provider, options, 'mcpHandler()');
  const handle = nodeHandler(guarded.endpoint, guarded);

  const serve = async (request: ExpressRequest, response: ServerResponse, next: () => void): Promise<void> => {
    // `app.use('/mcp')` leads everything below here, too: that is for others, or nobody.
    if (request.route === undefined && pathOf(request) !== '/') return next();
    const admission = await guarded.admit(nodeHead(request));
    if (!admission.admitted) {
      const { status, text, headers } = admission.answer;
      response.writeHead(status, headers).end(text);
      return;
    }
    for (const [name, value] of Object.entries(admission.headers)) response.setHeader(name, value);
    const authInfo = admission.authInfo ?? authInfoOf(request.auth);
    await handle(Object.assign(request, { auth: authInfo }), response, parsedBody(request));
  };
  const handler = async (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => {
    try {
      await serve(request, response, next);
    } catch (error) {
      next(asError(error));
    }
  };
  return Object.assign(handler, { close: guarded.close });
}

const pathOf = ({ url = '/' }: IncomingMessage) => url.split('?', 1)[0];

/** The body, where it was read already; `undefined` where it is still to come. */
function parsedBody({ body, readableEnded }: ExpressRequest): unknown {
  if (body === undefined || !readableEnded) return undefined;
  // `express.text()` and `express.raw()` leave the parsing to whoever wants it.
  if (typeof body === 'string' || body instanceof Uint8Array) return jsonOf(body);
  return body;
}

function jsonOf(body: string | Uint8Array): unknown {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  try {
    return JSON.parse(text);
  } catch {
    // No JSON-RPC message either: answered as such.
    return text;
  }
}
