import type { ConfigValue } from '../config/config-spec.ts';
import type { Provider } from '../runtime/provider.ts';
import type { AuthOptions } from '../runtime/serve/auth/auth-options.ts';
import { createGate } from '../runtime/serve/http/gate.ts';
import {
  gateOptions,
  HTTP_HANDLER_DEFAULTS,
  type HttpHandler,
  responseOf,
  restrictedEndpoint,
  webHead,
  withHeaders,
} from '../runtime/serve/http/http-handler.ts';
import { NotConfigured } from './packed-server.ts';

export interface ServeFetchMeans {
  readonly config: ConfigValue;
  readonly variables: Readonly<Record<string, string>>;
  readonly onError: (error: Error) => void;
}

/**
 * Like `createHttpHandler()`, without a check of the host unless the config names some: the platform sends a Worker only
 * requests for host names that its owner has routed to it.
 *
 * @throws NotConfigured if nothing says who may call
 */
export function serveFetch(
  provider: Provider,
  { config, variables, onError }: ServeFetchMeans,
): Pick<HttpHandler, 'fetch'> {
  const { path = HTTP_HANDLER_DEFAULTS.path, allowedHosts = [], allowedOrigins = [] } = config;
  const callers = { token: tokenOf(config, variables), auth: callersOf(config, variables) };
  const settled = { ...HTTP_HANDLER_DEFAULTS, ...callers, path, allowedHosts, allowedOrigins, onError };
  const admit = createGate(gateOptions(settled, { name: provider.info.title ?? provider.info.name }));
  const endpoint = restrictedEndpoint(provider, settled);
  return {
    async fetch(request) {
      const head = webHead(request);
      const admission = await admit(allowedHosts.length > 0 ? head : { ...head, host: 'localhost' });
      if (admission.kind === 'refused') return responseOf(admission.answer);
      if (admission.kind === 'page') return admission.respond(request);
      const { authInfo, headers } = admission;
      return withHeaders(await endpoint.fetch(request, authInfo && { authInfo }), headers);
    },
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
function callersOf({ auth }: ConfigValue, variables: ServeFetchMeans['variables']): AuthOptions | undefined {
  if (!auth) return undefined;
  const { OPENAPI_MCP_AUTH_CLIENT_ID: clientId, OPENAPI_MCP_AUTH_CLIENT_SECRET: clientSecret } = variables;
  const { proxy: _, login: __, ...callers } = auth;
  // A verifier has exactly one of its kinds, which is checked when it is opened.
  return { ...(callers as AuthOptions), ...(clientId && { clientId }), ...(clientSecret && { clientSecret }) };
}
