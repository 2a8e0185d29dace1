import type { IncomingMessage, ServerResponse } from 'node:http';
import { asError } from '../runtime/errors.ts';
import type { Provider } from '../runtime/provider.ts';
import { nodeHandler } from '../runtime/serve/http/node-handler.ts';
import { nodeHead } from '../runtime/serve/http/request-head.ts';
import { parsedJson } from '../runtime/text/parsed-json.ts';
import { authInfoOf, guardedEndpoint, type HttpMountOptions } from './http/guarded-endpoint.ts';
import { answer } from './http/node-answer.ts';

export type { HttpMountOptions } from './http/guarded-endpoint.ts';

/** The properties that Express adds to Node's request, as far as they are used. */
interface ExpressRequest extends IncomingMessage {
  /** Set if a body parser has run. */
  readonly body?: unknown;
  /** Set if a route led here (`app.all`), not a mount (`app.use`). */
  readonly route?: unknown;
  /** Set by the SDK's `requireBearerAuth`, or another middleware that authenticates the caller. */
  auth?: unknown;
}

type Handle = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => Promise<void>;

export interface ExpressHandler extends Handle {
  /** Waits for calls in flight, ends subscriptions, and responds with 503 from then on. The provider stays open. */
  close(): Promise<void>;
  /** With `auth`: serves the paths at the root that clients need to log in: `app.use(mcp.authPages)`. */
  readonly authPages: Handle;
}

/**
 * Serves a provider in an Express 5 app, at the path where it is mounted. It works with or without `express.json()` in
 * front. With `insecure: true`, the caller is `request.auth`.
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
 * @throws ServeError if there is neither a token, nor `auth`, nor `insecure: true`
 */
export function mcpHandler(provider: Provider, options: HttpMountOptions): ExpressHandler {
  const guarded = guardedEndpoint(provider, options, 'mcpHandler()');
  const handle = nodeHandler(guarded.endpoint, { ...guarded, takesParsed: true });

  const handler = reporting(async (request: ExpressRequest, response, next) => {
    // `app.use('/mcp')` also matches everything below it, which is left to other handlers.
    if (request.route === undefined && pathOf(request) !== '/') return next();
    const admission = await guarded.admit(nodeHead(request));
    if (admission.kind !== 'admitted') return answer(admission, request, response, guarded);
    for (const [name, value] of Object.entries(admission.headers)) response.setHeader(name, value);
    const authInfo = admission.authInfo ?? authInfoOf(request.auth);
    await handle(Object.assign(request, { auth: authInfo }), response, parsedBody(request));
  });
  const authPages = reporting(async (request, response, next) => {
    const admission = await guarded.admitPage(nodeHead(request));
    if (!admission || admission.kind === 'admitted') return next();
    await answer(admission, request, response, guarded);
  });
  return Object.assign(handler, { close: guarded.close, authPages });
}

/** Passes errors on to Express. */
const reporting =
  (serve: Handle): Handle =>
  (request, response, next) =>
    serve(request, response, next).catch((error) => next(asError(error)));

const pathOf = ({ url = '/' }: IncomingMessage) => url.split('?', 1)[0];

/** The body if it has already been read; otherwise `undefined`. */
function parsedBody({ body, readableEnded }: ExpressRequest): unknown {
  if (body === undefined || !readableEnded) return undefined;
  // `express.text()` and `express.raw()` do not parse the body.
  if (typeof body === 'string' || body instanceof Uint8Array) return jsonOf(body);
  return body;
}

function jsonOf(body: string | Uint8Array): unknown {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const value = parsedJson(text);
  // Not a JSON-RPC message: the handler responds with an error.
  return value === undefined ? text : value;
}
