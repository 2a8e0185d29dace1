import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Provider } from '../runtime/provider.ts';
import { hostOf, nodeHead } from '../runtime/serve/http/request-head.ts';
import { type AuthInfo, authInfoOf, guardedEndpoint, type HttpMountOptions } from './http/guarded-endpoint.ts';
import { answer } from './http/node-answer.ts';

export type { HttpMountOptions } from './http/guarded-endpoint.ts';

/** A Fastify plugin. */
export interface FastifyMcpPlugin {
  (app: FastifyInstance): Promise<void>;
  /**
   * With `auth`: another plugin, for the app itself, which serves the paths at the root that clients need to log in:
   * `await app.register(mcp.authPages)`.
   */
  readonly authPages: (app: FastifyInstance) => Promise<void>;
}

/**
 * Serves a provider in a Fastify 5 app, at the prefix that the plugin is registered with. Closing the app waits for
 * calls in flight; the provider stays open. With `insecure: true`, the caller is `request.raw.auth`.
 *
 * ```ts
 * await app.register(mcpPlugin(server, { token: process.env.OPENAPI_MCP_TOKEN }), { prefix: '/mcp' });
 * ```
 *
 * @throws ServeError if there is neither a token, nor `auth`, nor `insecure: true`
 */
export function mcpPlugin(provider: Provider, options: HttpMountOptions): FastifyMcpPlugin {
  const guarded = guardedEndpoint(provider, options, 'mcpPlugin()');
  const plugin = async (app: FastifyInstance) => {
    const callers = new WeakMap<FastifyRequest, AuthInfo>();
    app.route({
      method: ['GET', 'POST', 'DELETE', 'OPTIONS'],
      url: '/',
      bodyLimit: guarded.maxBodyBytes,
      // Before the body is read.
      onRequest: async (request, reply) => {
        const admission = await guarded.admit(nodeHead(request.raw));
        if (admission.kind === 'refused') {
          const { status, text, headers } = admission.answer;
          return reply.code(status).headers(headers).send(text);
        }
        // Pages have other paths.
        if (admission.kind === 'page') return;
        reply.headers(admission.headers);
        const authInfo = admission.authInfo ?? authInfoOf((request.raw as { readonly auth?: unknown }).auth);
        if (authInfo) callers.set(request, authInfo);
      },
      handler: async (request, reply) => {
        const authInfo = callers.get(request);
        const response = await guarded.endpoint.fetch(webRequest(request, reply), authInfo && { authInfo });
        return reply.send(response);
      },
    });
    // Before the server waits for its connections: an open subscription would block it forever.
    app.addHook('preClose', guarded.close);
  };
  const authPages = async (app: FastifyInstance) => {
    app.addHook('onRequest', async ({ raw }, reply) => {
      const admission = await guarded.admitPage(nodeHead(raw));
      if (!admission || admission.kind === 'admitted') return;
      reply.hijack();
      await answer(admission, raw, reply.raw, guarded);
    });
  };
  return Object.assign(plugin, { authPages: unencapsulated(authPages) });
}

/** Hooks of the plugin apply to the app that registers it (Fastify, `skip-override`). */
const unencapsulated = <Plugin extends object>(plugin: Plugin): Plugin =>
  Object.assign(plugin, { [Symbol.for('skip-override')]: true });

/** Fastify has read and parsed the body, so headers about its bytes no longer apply. */
const ABOUT_THE_BODY: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'content-encoding']);

function webRequest(request: FastifyRequest, reply: FastifyReply): Request {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  const headers = Object.entries(request.headers).flatMap(([name, value]) => {
    // In HTTP/2, method, path and authority are headers that start with a colon.
    if (value === undefined || ABOUT_THE_BODY.has(name) || name.startsWith(':')) return [];
    return [[name, Array.isArray(value) ? value.join(', ') : value] satisfies [string, string]];
  });
  const { body } = request;
  return new Request(new URL(request.url, `http://${hostOf(request.raw.rawHeaders)}`), {
    method: request.method,
    headers,
    signal: gone.signal,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}
