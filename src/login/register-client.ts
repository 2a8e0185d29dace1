import { LoginError } from '../runtime/api/auth/login-error.ts';
import { readJson } from '../runtime/api/auth/read-json.ts';
import type { AuthorizationServer, IssuerAccess } from '../runtime/api/auth/server-metadata.ts';
import { unreachable } from '../runtime/api/auth/server-metadata.ts';
import type { TokenClient } from '../runtime/api/auth/token-request.ts';

export interface ClientMeans {
  /** Given by the user; `undefined`: registered. */
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /** Names of what could have given it, for messages: `--client-id or OAUTH_CLIENT_ID_LOGIN`. */
  readonly clientIdFrom: string;
}

/** What a new client is for. */
export interface Registration {
  readonly grants: readonly string[];
  readonly redirectUris: readonly string[];
}

/**
 * The client of a login: the user's own, or a new public one (RFC 7591).
 *
 * @throws LoginError if neither is possible
 */
export async function loginClient(
  server: AuthorizationServer,
  { clientId, clientSecret, clientIdFrom }: ClientMeans,
  { access, registration }: { readonly access: IssuerAccess; readonly registration: Registration },
): Promise<TokenClient> {
  if (clientId !== undefined) {
    if (clientSecret === undefined) return { clientId, authentication: 'none' };
    const { authMethods } = server;
    const onlyBody = !authMethods.includes('client_secret_basic') && authMethods.includes('client_secret_post');
    return { clientId, clientSecret, authentication: onlyBody ? 'body' : 'basic' };
  }
  if (server.registrationEndpoint === undefined) {
    throw new LoginError('LOGIN_CLIENT_MISSING', `${server.issuer} does not register clients by itself.`, {
      hint: `Register an application there with the redirect URI http://127.0.0.1/callback, and pass its client id: ${clientIdFrom}.`,
    });
  }
  return register(server.registrationEndpoint, registration, access);
}

async function register(
  url: string,
  { grants, redirectUris }: Registration,
  { send, signal }: IssuerAccess,
): Promise<TokenClient> {
  const metadata = {
    client_name: 'openapi-mcp',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: grants,
    redirect_uris: redirectUris,
    response_types: redirectUris.length > 0 ? ['code'] : [],
  };
  const headers = [
    ['Accept', 'application/json'],
    ['Content-Type', 'application/json'],
  ] as const;
  const response = await send({ method: 'POST', url, headers, body: JSON.stringify(metadata), signal }).catch((error) =>
    Promise.reject(unreachable(url, error)),
  );
  const answer = await readJson(response.body);
  const { client_id: clientId, client_secret: clientSecret, token_endpoint_auth_method: method } = answer;
  if (response.status >= 300 || typeof clientId !== 'string') {
    const { error } = answer;
    const why = typeof error === 'string' ? error : `status ${response.status}`;
    throw new LoginError('LOGIN_CLIENT_MISSING', `The authorization server did not register a client: ${why}.`, {
      hint: 'Register an application there, and pass its client id with --client-id.',
    });
  }
  if (typeof clientSecret !== 'string' || method === 'none') return { clientId, authentication: 'none' };
  return { clientId, clientSecret, authentication: method === 'client_secret_post' ? 'body' : 'basic' };
}
