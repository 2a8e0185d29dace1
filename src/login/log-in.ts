import type { AuthScheme } from '../model/index.ts';
import { authorizationServer } from '../runtime/api/auth/authorization-server.ts';
import { LoginError } from '../runtime/api/auth/login-error.ts';
import { loginKey } from '../runtime/api/auth/login-key.ts';
import { type AuthorizationServer, type IssuerAccess, named } from '../runtime/api/auth/server-metadata.ts';
import { storeLogin } from '../runtime/api/auth/stored-login.ts';
import type { TokenClient } from '../runtime/api/auth/token-request.ts';
import type { TokenKey, TokenRecord, TokenStore } from '../runtime/secrets/token-store.ts';
import { codeFlow } from './code-flow.ts';
import { DEVICE_GRANT, type DevicePrompt, deviceFlow } from './device-flow.ts';
import { type ClientMeans, loginClient } from './register-client.ts';

/** How a person logs in, and where the tokens are stored. */
export interface LoginFlow extends ClientMeans {
  readonly store: TokenStore;
  readonly access: IssuerAccess;
  /** Use the device flow, even if the code flow is possible. */
  readonly device: boolean;
  /** Additional parameters of the authorization and token requests, such as `audience`. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly onUrl: (url: string) => void;
  readonly onPrompt: (prompt: DevicePrompt) => void;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface LoginOptions extends LoginFlow {
  readonly scheme: AuthScheme;
  /** The API's server. */
  readonly serverUrl: string;
  /** Requested scopes. `offline_access` is added if the server has it, so that the login can be renewed. */
  readonly scopes: readonly string[];
  /** Which API the token is for (RFC 8707). Default: the authorization server decides. */
  readonly resource?: string | undefined;
}

/**
 * Logs a person in to an API and stores the tokens.
 *
 * @throws LoginError, TokenStoreError, and the reason of the signal
 */
export async function logIn(options: LoginOptions): Promise<TokenRecord> {
  const { scheme, serverUrl, scopes, resource } = options;
  const key = loginKey(scheme, serverUrl);
  if (key === undefined) throw new LoginError('LOGIN_UNSUPPORTED', 'Nobody can log in for this security scheme.');
  const access = patient(options.access);
  const server = await authorizationServer(scheme, { ...access, serverUrl });
  return logInAt(server, { key, scopes, ...named('resource', resource) }, { ...options, access });
}

/** What is requested, and where it is stored. */
export interface RequestedLogin {
  readonly key: TokenKey;
  readonly scopes: readonly string[];
  /** Scopes that a new client registers for, besides the requested ones. */
  readonly laterScopes?: readonly string[];
  /** Which MCP server or API the token is for (RFC 8707). */
  readonly resource?: string;
  /** Where its metadata is. */
  readonly resourceMetadata?: string | undefined;
}

/**
 * Logs a person in at an authorization server and stores the tokens.
 *
 * @throws LoginError, TokenStoreError, and the reason of the signal
 */
export async function logInAt(
  server: AuthorizationServer,
  requested: RequestedLogin,
  flow: LoginFlow,
): Promise<TokenRecord> {
  const { key, resource, resourceMetadata } = requested;
  const { store } = flow;
  const isOffline = server.codeChallengeMethods !== undefined && server.scopes.includes('offline_access');
  const scopes = [...new Set([...requested.scopes, ...(isOffline ? ['offline_access'] : [])])];
  const { token, client } = await tokensFor(server, { ...requested, scopes }, flow);
  return storeLogin(store, key, { server, token, client, scopes, resource, resourceMetadata, now: flow.now() });
}

/** For one request. */
const TIMEOUT_MS = 30_000;

/** A server that does not respond must not hold a login up for as long as a person may take. */
export const patient = (access: IssuerAccess): IssuerAccess => ({
  ...access,
  send: (request) => {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    return access.send({ ...request, signal });
  },
});

function tokensFor(server: AuthorizationServer, { scopes, laterScopes, resource }: RequestedLogin, flow: LoginFlow) {
  const { access, device } = flow;
  const registered = laterScopes && [...new Set([...scopes, ...laterScopes])];
  const clientFor = (grants: readonly string[], redirectUris: readonly string[]): Promise<TokenClient> =>
    loginClient(server, flow, {
      access,
      registration: {
        grants: [...grants, 'refresh_token'],
        redirectUris,
        ...(registered && { scopes: registered }),
      },
    });
  const shared = { server, access, scopes, parameters: { ...flow.parameters, ...named('resource', resource) } };
  if (device || server.authorizationEndpoint === undefined) {
    const { onPrompt, sleep } = flow;
    return deviceFlow({ ...shared, client: () => clientFor([DEVICE_GRANT], []), onPrompt, sleep });
  }
  const { timeoutMs, onUrl } = flow;
  const client = (redirectUri: string) => clientFor(['authorization_code'], [redirectUri]);
  return codeFlow({ ...shared, client, timeoutMs, onUrl });
}
