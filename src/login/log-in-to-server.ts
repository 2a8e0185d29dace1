import { codeFlowProblem } from '../runtime/api/auth/code-grant.ts';
import { LoginError } from '../runtime/api/auth/login-error.ts';
import { type AuthorizationServer, type IssuerAccess, unreachable } from '../runtime/api/auth/server-metadata.ts';
import { headerValue } from '../runtime/api/http.ts';
import { isPrivateUrl } from '../runtime/api/request/server-url.ts';
import { type BearerChallenge, bearerChallenge } from '../runtime/compose/remote/auth/bearer-challenge.ts';
import { authorizationServerOf, protectedResource } from '../runtime/compose/remote/auth/protected-resource.ts';
import { resourceUrl } from '../runtime/compose/remote/auth/resource-url.ts';
import { SELF, type TokenKey, type TokenRecord, type TokenStore } from '../runtime/secrets/token-store.ts';
import { deviceFlowProblem } from './device-flow.ts';
import { type LoginFlow, logInAt, patient } from './log-in.ts';

export interface ServerLoginOptions extends LoginFlow {
  /** The URL of the MCP server. */
  readonly serverUrl: string;
  /** Default, also if it is empty: those of the server's challenge, otherwise those of its metadata, otherwise none. */
  readonly scopes?: readonly string[] | undefined;
  /** Where its metadata is. Default: where its challenge says, otherwise the well-known URLs. */
  readonly resourceMetadata?: string | undefined;
}

/**
 * Logs a person in to an MCP server, at the first usable authorization server that its metadata names, and stores the
 * tokens. They replace those of a login at another authorization server, which are not for this one.
 *
 * @throws LoginError, TokenStoreError, and the reason of the signal
 */
export async function logInToServer(
  options: ServerLoginOptions,
): Promise<{ readonly key: TokenKey; readonly record: TokenRecord }> {
  const { serverUrl, store, device } = options;
  const access = patient(options.access);
  checkEncryption(serverUrl);
  const challenge = await challengeOf(serverUrl, access);
  const metadataUrl = options.resourceMetadata ?? challenge.resourceMetadata;
  const resource = await protectedResource(serverUrl, { metadataUrl, access });
  const problemOf = (server: AuthorizationServer) =>
    device || server.authorizationEndpoint === undefined ? deviceFlowProblem(server) : codeFlowProblem(server);
  const server = await authorizationServerOf(resource, access, problemOf);
  const key = { issuer: server.issuer, audience: resourceUrl(serverUrl), account: SELF };
  const record = await logInAt(
    server,
    {
      key,
      scopes: [options.scopes ?? [], challenge.scopes, resource.scopes].find(({ length }) => length > 0) ?? [],
      laterScopes: resource.scopes,
      resource: resource.resource,
      resourceMetadata: resource.metadataUrl,
    },
    { ...options, access },
  );
  for (const other of await serverLogins(store, serverUrl)) {
    if (other.issuer !== server.issuer) await store.delete(other);
  }
  return { key, record };
}

/** The stored logins for an MCP server. */
export async function serverLogins(store: TokenStore, serverUrl: string): Promise<readonly TokenKey[]> {
  const audience = resourceUrl(serverUrl);
  return (await store.list()).filter((key) => key.audience === audience && key.account === SELF);
}

/** RFC 6750 §5.3: what protects the token later protects the challenge now. */
function checkEncryption(serverUrl: string): void {
  if (new URL(serverUrl).protocol === 'https:' || isPrivateUrl(serverUrl)) return;
  throw new LoginError('LOGIN_UNSUPPORTED', `${resourceUrl(serverUrl)} would receive the token without encryption.`, {
    hint: 'Use its https URL.',
  });
}

/** A request that starts no session, and that a server without authorization may answer as it likes. */
const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });

/** What the server says to a request without a token. @throws LoginError if it cannot be reached */
async function challengeOf(url: string, { send, signal }: IssuerAccess): Promise<BearerChallenge> {
  const headers = [
    ['Accept', 'application/json, text/event-stream'],
    ['Content-Type', 'application/json'],
  ] as const;
  try {
    const response = await send({ method: 'POST', url, headers, body: PING, signal });
    for await (const _ of response.body) break;
    const isAsked = response.status === 401;
    return bearerChallenge(isAsked ? headerValue(response.headers, 'www-authenticate') : undefined);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw unreachable(url, error, 'MCP server');
  }
}
