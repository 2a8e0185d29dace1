import { errorJson, json, OAuthError, readForm } from '../runtime/serve/pages/http.ts';
import { type Handler, pageRoute, reported, wrongMethod } from '../runtime/serve/pages/page-route.ts';
import { authorize, decide } from './authorize.ts';
import { finishLogin } from './callback.ts';
import type { Context } from './context.ts';
import { metadataPaths, serverMetadata } from './metadata.ts';
import { register } from './registration.ts';
import { revoke } from './revoke.ts';
import { token } from './token.ts';

/** The endpoints by their path. */
export function routesOf(context: Context): ReadonlyMap<string, Handler> {
  const { settings, clients } = context;
  const below = settings.base.pathname.replace(/\/$/, '');
  const metadata = serverMetadata(settings);
  const form = (request: Request) => readForm(request, MAX_FORM_BYTES);
  const api = (method: 'GET' | 'POST', serve: Handler) => apiRoute(context, method, serve);
  const page = (method: 'GET' | 'POST', serve: Handler) => hostedRoute(context, method, serve);
  const describe = api('GET', async () => json(metadata, { headers: { 'Cache-Control': 'public, max-age=300' } }));
  return new Map<string, Handler>([
    ...metadataPaths(settings).map((path) => [path, describe] as const),
    [`${below}/register`, api('POST', (request) => register(request, settings, clients))],
    [`${below}/token`, api('POST', async (request) => token(await form(request), context))],
    [`${below}/revoke`, api('POST', async (request) => revoke(await form(request), context))],
    [`${below}/authorize`, page('GET', (request) => authorize(request, context))],
    [`${below}/consent`, page('POST', async (request) => decide(request, await form(request), context))],
    [`${below}/auth/callback`, page('GET', (request) => finishLogin(request, context))],
  ]);
}

const MAX_FORM_BYTES = 32 * 1024;

/** For programs, those in browsers included: no cookies, so any origin may use it (Fetch, CORS protocol). */
function apiRoute(context: Context, method: 'GET' | 'POST', serve: Handler): Handler {
  return async (request) => {
    const response = await respond();
    response.headers.set('Access-Control-Allow-Origin', '*');
    return response;
    async function respond() {
      if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: preflight(method) });
      if (request.method !== method) return errorJson(wrongMethod(method), { Allow: `${method}, OPTIONS` });
      try {
        return await serve(request);
      } catch (error) {
        return errorJson(reported(context, error));
      }
    }
  };
}

const preflight = (method: string) => ({
  'Access-Control-Allow-Methods': method,
  'Access-Control-Allow-Headers': 'Authorization, Content-Type, MCP-Protocol-Version',
  'Access-Control-Max-Age': '7200',
});

/** For people: only at the server's own host. */
function hostedRoute(context: Context, method: 'GET' | 'POST', serve: Handler): Handler {
  const { settings, onError } = context;
  return pageRoute({ origin: settings.base.origin, onError }, method, async (request) => {
    checkHost(request, context);
    return serve(request);
  });
}

/** DNS rebinding: a page whose host name leads here could read the consent page, and answer it. */
function checkHost(request: Request, { settings }: Context): void {
  const host = (request.headers.get('host') ?? new URL(request.url).host).toLowerCase();
  if (settings.hosts.has(host)) return;
  const remedy = 'If a reverse proxy changes Host, add the new one to allowedHosts.';
  throw new OAuthError('access_denied', `This page is at ${settings.issuer}, not at ${host}. ${remedy}`, 403);
}
