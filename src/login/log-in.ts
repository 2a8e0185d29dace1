import type { AuthScheme } from '../model/index.ts';
import { LoginError } from '../runtime/api/auth/login-error.ts';
import { loginKey } from '../runtime/api/auth/login-key.ts';
import type { AuthorizationServer, IssuerAccess } from '../runtime/api/auth/server-metadata.ts';
import { recordOf } from '../runtime/api/auth/stored-login.ts';
import type { TokenClient } from '../runtime/api/auth/token-request.ts';
import type { TokenRecord, TokenStore } from '../runtime/secrets/token-store.ts';
import { authorizationServer } from './authorization-server.ts';
import { codeFlow } from './code-flow.ts';
import { DEVICE_GRANT, type DevicePrompt, deviceFlow } from './device-flow.ts';
import { type ClientMeans, loginClient } from './register-client.ts';

export interface LoginOptions extends ClientMeans {
  readonly scheme: AuthScheme;
  /** The API's server. */
  readonly serverUrl: string;
  readonly store: TokenStore;
  readonly access: IssuerAccess;
  /** Use the device flow, even if the code flow is possible. */
  readonly device: boolean;
  /** Requested scopes. `offline_access` is added if the server has it, so that the login can be renewed. */
  readonly scopes: readonly string[];
  readonly timeoutMs: number;
  readonly onUrl: (url: string) => void;
  readonly onPrompt: (prompt: DevicePrompt) => void;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Logs a person in and stores the tokens.
 *
 * @throws LoginError, TokenStoreError, and the reason of the signal
 */
export async function logIn(options: LoginOptions): Promise<TokenRecord> {
  const { scheme, serverUrl, store, now } = options;
  const key = loginKey(scheme, serverUrl);
  if (key === undefined) throw new LoginError('LOGIN_UNSUPPORTED', 'Nobody can log in for this security scheme.');
  const access = patient(options.access);
  const server = await authorizationServer(scheme, { ...access, serverUrl });
  const isOffline = server.codeChallengeMethods !== undefined && server.scopes.includes('offline_access');
  const scopes = [...new Set([...options.scopes, ...(isOffline ? ['offline_access'] : [])])];
  const { token, client } = await tokensFor(server, scopes, { ...options, access });
  const { clientId, clientSecret, authentication } = client;
  const record = recordOf(token, {
    now: now(),
    scopes,
    clientId,
    ...(clientSecret !== undefined && { clientSecret }),
    clientAuthentication: authentication,
    tokenEndpoint: server.tokenEndpoint,
    ...(server.refreshEndpoint !== undefined && { refreshEndpoint: server.refreshEndpoint }),
    ...(server.revocationEndpoint !== undefined && { revocationEndpoint: server.revocationEndpoint }),
  });
  // An unreadable record of an earlier login would be in the way.
  await store.get(key).catch(() => store.delete(key));
  return store.update(key, async () => record);
}

/** For one request. */
const TIMEOUT_MS = 30_000;

/** A server that does not respond must not hold a login up for as long as a person may take. */
const patient = (access: IssuerAccess): IssuerAccess => ({
  ...access,
  send: (request) => {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    return access.send({ ...request, signal });
  },
});

function tokensFor(server: AuthorizationServer, scopes: readonly string[], options: LoginOptions) {
  const { access, device } = options;
  const clientFor = (grants: readonly string[], redirectUris: readonly string[]): Promise<TokenClient> =>
    loginClient(server, options, {
      access,
      registration: { grants: [...grants, 'refresh_token'], redirectUris },
    });
  const shared = { server, access, scopes, parameters: {} };
  if (device || server.authorizationEndpoint === undefined) {
    const { onPrompt, sleep } = options;
    return deviceFlow({ ...shared, client: () => clientFor([DEVICE_GRANT], []), onPrompt, sleep });
  }
  const { timeoutMs, onUrl } = options;
  const client = (redirectUri: string) => clientFor(['authorization_code'], [redirectUri]);
  return codeFlow({ ...shared, client, timeoutMs, onUrl });
}
