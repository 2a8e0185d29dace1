import type { ConfigValue } from '../config/config-spec.ts';
import type { Provider } from '../runtime/provider.ts';
import { senderFetch } from '../runtime/serve/auth/auth-fetch.ts';
import type { AuthOptions } from '../runtime/serve/auth/auth-options.ts';
import type { CallsInFlight } from '../runtime/serve/calls-in-flight.ts';
import { createGate } from '../runtime/serve/http/gate.ts';
import {
  gatedFetch,
  gateOptions,
  HTTP_HANDLER_DEFAULTS,
  type HttpHandler,
  restrictedEndpoint,
  webHead,
} from '../runtime/serve/http/http-handler.ts';
import { fetchSenders } from './fetch-senders.ts';
import { NotConfigured } from './packed-server.ts';

export interface ServeFetchMeans {
  readonly config: ConfigValue;
  readonly variables: Readonly<Record<string, string>>;
  /** To the API and to authorization servers. */
  readonly requests: CallsInFlight;
  readonly onError: (error: Error) => void;
}

export type ServedFetch = Pick<HttpHandler, 'fetch' | 'drain'>;

/**
 * Like `createHttpHandler()`, without a check of the host unless the config names some: the platform sends a Worker only
 * requests for host names that its owner has routed to it.
 *
 * @throws NotConfigured if nothing says who may call
 */
export function serveFetch(provider: Provider, { config, variables, requests, onError }: ServeFetchMeans): ServedFetch {
  const { path = HTTP_HANDLER_DEFAULTS.path, allowedHosts = [], allowedOrigins = [] } = config;
  const callers = { token: tokenOf(config, variables), auth: callersOf(config, variables, requests) };
  const settled = {
    ...HTTP_HANDLER_DEFAULTS,
    stateless: true,
    ...callers,
    path,
    allowedHosts,
    allowedOrigins,
    onError,
  };
  const admit = createGate(gateOptions(settled, { name: provider.info.title ?? provider.info.name }));
  const endpoint = restrictedEndpoint(provider, settled);
  return {
    // Requests may go on after the call that started them.
    drain: async (ms) => void (await Promise.all([endpoint.drain(ms), requests.idle(ms)])),
    fetch: gatedFetch({
      admit,
      endpoint,
      headOf: (request) => ({ ...webHead(request), ...(allowedHosts.length === 0 && { host: 'localhost' }) }),
    }),
  };
}

function tokenOf({ token, auth, insecure }: ConfigValue, variables: ServeFetchMeans['variables']): string | undefined {
  const given = token ?? variables.OPENAPI_MCP_TOKEN;
  if (auth || given || (insecure && given === undefined)) return given;
  throw new NotConfigured(
    'This server requires a token, and has none: npx wrangler secret put OPENAPI_MCP_TOKEN (locally, in .dev.vars).',
  );
}

/** The variables override the config, as elsewhere. */
function callersOf(
  { auth }: ConfigValue,
  variables: ServeFetchMeans['variables'],
  requests: CallsInFlight,
): AuthOptions | undefined {
  if (!auth) return undefined;
  const { OPENAPI_MCP_AUTH_CLIENT_ID: clientId, OPENAPI_MCP_AUTH_CLIENT_SECRET: clientSecret } = variables;
  const { proxy: _, login: __, ...callers } = auth;
  // A verifier has exactly one of its kinds, which is checked when it is opened.
  const fetch = senderFetch(fetchSenders(requests).document);
  return { ...(callers as AuthOptions), fetch, ...(clientId && { clientId }), ...(clientSecret && { clientSecret }) };
}
