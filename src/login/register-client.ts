import { LoginError } from '../runtime/api/auth/login-error.ts';
import { readJson } from '../runtime/api/auth/read-json.ts';
import {
  type AuthorizationServer,
  clientAt,
  type IssuerAccess,
  unreachable,
} from '../runtime/api/auth/server-metadata.ts';
import type { TokenClient } from '../runtime/api/auth/token-request.ts';

export interface ClientMeans {
  /** Given by the user; `undefined`: registered. */
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  /**
   * https URL of a client ID metadata document with the redirect URI `http://127.0.0.1/callback`
   * (draft-ietf-oauth-client-id-metadata-document): used if the server reads such documents.
   */
  readonly clientMetadataUrl?: string | undefined;
  /** Names of what could have given it, for messages: `--client-id or OAUTH_CLIENT_ID_LOGIN`. */
  readonly clientIdFrom: string;
}

/** What a new client is for. */
export interface Registration {
  readonly grants: readonly string[];
  readonly redirectUris: readonly string[];
  /** Scopes that it may ever ask for. Default: the server decides. */
  readonly scopes?: readonly string[];
}

/**
 * The client of a login, in the order of MCP 2025-11-25: the user's own, one that is known by the URL of its metadata, or
 * a new public one (RFC 7591).
 *
 * @throws LoginError if neither is possible
 */
export async function loginClient(
  server: AuthorizationServer,
  { clientId, clientSecret, clientMetadataUrl, clientIdFrom }: ClientMeans,
  { access, registration }: { readonly access: IssuerAccess; readonly registration: Registration },
): Promise<TokenClient> {
  if (clientId !== undefined) return clientAt(server, { clientId, clientSecret });
  if (clientMetadataUrl !== undefined && server.readsClientMetadata) {
    return { clientId: checkedMetadataUrl(clientMetadataUrl), authentication: 'none' };
  }
  if (server.registrationEndpoint === undefined) {
    throw new LoginError('LOGIN_CLIENT_MISSING', `${server.issuer} does not register clients by itself.`, {
      hint: `Register an application there with the redirect URI http://127.0.0.1/callback, and pass its client id: ${clientIdFrom}.`,
    });
  }
  return register(server.registrationEndpoint, registration, access);
}

/** Section 3 of the draft: https, with a path, and without anything that makes two spellings of one client. */
function checkedMetadataUrl(text: string): string {
  const { protocol, pathname, hash, username, password } = URL.canParse(text) ? new URL(text) : { protocol: '' };
  if (protocol === 'https:' && pathname !== '/' && !hash && !username && !password) return text;
  throw new LoginError('LOGIN_CLIENT_MISSING', 'The URL of the client metadata cannot be a client id.', {
    hint: 'It must be an https URL with a path, without a password and a fragment.',
  });
}

async function register(url: string, registration: Registration, access: IssuerAccess): Promise<TokenClient> {
  const answer = await requestClient(url, registration, access);
  const { scopes, ...rest } = registration;
  // Some servers register no client for a scope that they do not know.
  const isScope = answer.clientId === undefined && scopes !== undefined;
  const { clientId, clientSecret, method, why } = isScope ? await requestClient(url, rest, access) : answer;
  if (clientId === undefined) {
    throw new LoginError('LOGIN_CLIENT_MISSING', `The authorization server did not register a client: ${why}.`, {
      hint: 'Register an application there, and pass its client id with --client-id.',
    });
  }
  if (clientSecret === undefined || method === 'none') return { clientId, authentication: 'none' };
  return { clientId, clientSecret, authentication: method === 'client_secret_post' ? 'body' : 'basic' };
}

async function requestClient(
  url: string,
  { grants, redirectUris, scopes = [] }: Registration,
  { send, signal }: IssuerAccess,
) {
  const metadata = {
    client_name: 'openapi-mcp',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: grants,
    redirect_uris: redirectUris,
    response_types: redirectUris.length > 0 ? ['code'] : [],
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
  };
  const headers = [
    ['Accept', 'application/json'],
    ['Content-Type', 'application/json'],
  ] as const;
  const response = await send({ method: 'POST', url, headers, body: JSON.stringify(metadata), signal }).catch((error) =>
    Promise.reject(unreachable(url, error)),
  );
  const answer = await readJson(response.body);
  const { client_id: clientId, client_secret: clientSecret, token_endpoint_auth_method: method, error } = answer;
  const isRegistered = response.status < 300 && typeof clientId === 'string';
  return {
    clientId: isRegistered ? clientId : undefined,
    clientSecret: typeof clientSecret === 'string' ? clientSecret : undefined,
    method,
    why: typeof error === 'string' ? error : `status ${response.status}`,
  };
}
