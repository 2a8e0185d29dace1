import type { Provider } from '../runtime/provider.ts';
import { responseOf, webHead, withHeaders } from '../runtime/serve/http/http-handler.ts';
import { authInfoOf, guardedEndpoint, type HttpMountOptions } from './http/guarded-endpoint.ts';

export type { HttpMountOptions } from './http/guarded-endpoint.ts';

/** The part of Hono's context that is used. */
interface HonoContext {
  readonly req: { readonly raw: Request; text(): Promise<string> };
  /** Values set by middleware; `auth` by one that authenticates the caller. */
  readonly var: object;
}

export interface HonoHandler {
  (context: HonoContext): Promise<Response>;
  /** Waits for calls in flight, ends subscriptions, and responds with 503 from then on. The provider stays open. */
  close(): Promise<void>;
}

/**
 * Serves a provider in a Hono app, on any platform that Hono supports. With `insecure: true`, the caller is the value
 * of `context.set('auth', …)`.
 *
 * ```ts
 * const mcp = mcpHandler(server, { token: process.env.OPENAPI_MCP_TOKEN });
 * app.all('/mcp', mcp);
 * ```
 *
 * @throws ServeError if there is neither a token nor `insecure: true`
 */
export function mcpHandler(provider: Provider, options: HttpMountOptions): HonoHandler {
  const guarded = guardedEndpoint(provider, options, 'mcpHandler()');
  const handler = async ({ req, var: set }: HonoContext): Promise<Response> => {
    const admission = await guarded.admit(webHead(req.raw));
    if (!admission.admitted) return responseOf(admission.answer);
    const authInfo = admission.authInfo ?? authInfoOf('auth' in set ? set.auth : undefined);
    const response = await guarded.endpoint.fetch(await unread(req), authInfo && { authInfo });
    return withHeaders(response, admission.headers);
  };
  return Object.assign(handler, { close: guarded.close });
}

/** The request with a readable body: Hono caches a body that middleware has read. */
async function unread(req: HonoContext['req']): Promise<Request> {
  const { raw } = req;
  if (!raw.bodyUsed) return raw;
  return new Request(raw.url, { method: raw.method, headers: raw.headers, signal: raw.signal, body: await req.text() });
}
