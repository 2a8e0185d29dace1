import type { Provider } from '../runtime/provider.ts';
import type { Admission } from '../runtime/serve/http/admission.ts';
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
  /** With `auth`: serves the paths at the root that clients need to log in: `app.use(mcp.authPages)`. */
  readonly authPages: (context: HonoContext, next: () => Promise<void>) => Promise<Response | undefined>;
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
 * @throws ServeError if there is neither a token, nor `auth`, nor `insecure: true`
 */
export function mcpHandler(provider: Provider, options: HttpMountOptions): HonoHandler {
  const guarded = guardedEndpoint(provider, options, 'mcpHandler()');
  const handler = async ({ req, var: set }: HonoContext): Promise<Response> => {
    const admission = await guarded.admit(webHead(req.raw));
    if (admission.kind !== 'admitted') return answered(admission, req.raw);
    const authInfo = admission.authInfo ?? authInfoOf('auth' in set ? set.auth : undefined);
    const response = await guarded.endpoint.fetch(await unread(req), authInfo && { authInfo });
    return withHeaders(response, admission.headers);
  };
  const authPages = async ({ req }: HonoContext, next: () => Promise<void>): Promise<Response | undefined> => {
    const admission = await guarded.admitPage(webHead(req.raw));
    if (admission && admission.kind !== 'admitted') return answered(admission, req.raw);
    await next();
    return undefined;
  };
  return Object.assign(handler, { close: guarded.close, authPages });
}

async function answered(
  admission: Exclude<Admission, { readonly kind: 'admitted' }>,
  request: Request,
): Promise<Response> {
  return admission.kind === 'page' ? admission.respond(request) : responseOf(admission.answer);
}

/** The request with a readable body: Hono caches a body that middleware has read. */
async function unread(req: HonoContext['req']): Promise<Request> {
  const { raw } = req;
  if (!raw.bodyUsed) return raw;
  return new Request(raw.url, { method: raw.method, headers: raw.headers, signal: raw.signal, body: await req.text() });
}
