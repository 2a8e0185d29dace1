import { CallError } from '../../call-error.ts';
import { type ClientAuth, type ClientCredentials, defaultClientAuth } from './client-credentials.ts';
import { clockDifference } from './clock-difference.ts';
import type { TokenEndpoint } from './open-id-connect.ts';
import type { SchemeEndpointMeans } from './scheme-endpoint.ts';
import { type TokenCache, type TokenCacheMeans, tokenCache } from './token-cache.ts';
import { assertAllowed, requestToken, type Token, type TokenAnswer } from './token-request.ts';

export interface TokenSourceOptions extends TokenCacheMeans, Pick<SchemeEndpointMeans, 'allowPrivate' | 'send'> {
  /** Name of the scheme, for messages. */
  readonly scheme: string;
  readonly client: ClientCredentials;
  /** Called with the first token; a failure is not cached. */
  readonly endpoint: (signal: AbortSignal) => Promise<TokenEndpoint>;
}

/**
 * Tokens by OAuth 2.0 client credentials (RFC 6749 §4.4). The client authenticates by the method that the user chose,
 * otherwise by one that it has the means for and the server supports. A secret that is refused with Basic is sent in the
 * body, and the method that worked is remembered (§2.3.1: servers must support Basic, but many support only the other).
 *
 * `token` throws CallError `CREDENTIAL_REFUSED`, also if the token endpoint cannot be reached.
 */
export function tokenSource(options: TokenSourceOptions): TokenCache {
  const { scheme, client, endpoint, allowPrivate, now, timeoutMs } = options;
  let known: { readonly url: string; readonly methods: readonly [ClientAuth, ...ClientAuth[]] } | undefined;

  const fetchToken = async (scopes: readonly string[], signal: AbortSignal): Promise<Token> => {
    known ??= settle(await endpoint(signal), client);
    const { url, methods } = known;
    assertAllowed(url, allowPrivate);
    const { answer, method } = await askInTurn(methods, (each) => ask(each, { ...options, url, scopes, signal }));
    if ('refused' in answer) throw refused(answer, { scheme, url, method, now: now() });
    known = { url, methods: [method] };
    return answer.token;
  };

  return tokenCache({
    fetchToken: (scopes, signal) =>
      fetchToken(scopes, signal).catch((error) => Promise.reject(asRefusal(scheme, error))),
    now,
    timeoutMs,
  });
}

/** The endpoint, and the methods to try in this order. */
function settle({ url, mtlsUrl, methods }: TokenEndpoint, client: ClientCredentials) {
  if (client.clientAuth !== undefined) {
    return {
      url: (client.clientAuth === 'tls_client_auth' ? mtlsUrl : undefined) ?? url,
      methods: [client.clientAuth] as const,
    };
  }
  const means: readonly ClientAuth[] = [
    ...(client.privateKey === undefined ? [] : (['private_key_jwt'] as const)),
    ...(client.clientSecret === undefined ? [] : (['client_secret_basic', 'client_secret_post'] as const)),
  ];
  const first = means.find((method) => methods?.includes(method)) ?? defaultClientAuth(client);
  if (first === 'private_key_jwt') return { url, methods: [first] as const };
  const other = first === 'client_secret_basic' ? 'client_secret_post' : 'client_secret_basic';
  return { url, methods: [first, other] as const };
}

interface Asking extends TokenSourceOptions {
  readonly url: string;
  readonly scopes: readonly string[];
  readonly signal: AbortSignal;
}

async function ask(method: ClientAuth, { client, url, scopes, send, now, signal }: Asking): Promise<TokenAnswer> {
  const { clientId, clientSecret, privateKey: key, parameters } = client;
  const scope = (client.scopes ?? scopes).join(' ');
  const grant = { ...parameters, grant_type: 'client_credentials', ...(scope !== '' && { scope }) };
  const requested = { tokenUrl: url, send, signal };
  if (method === 'client_secret_basic' || method === 'client_secret_post') {
    const authentication = method === 'client_secret_basic' ? 'basic' : 'body';
    const secret = clientSecret === undefined ? {} : { clientSecret };
    return requestToken({ ...requested, client: { clientId, ...secret, authentication }, grant });
  }
  // RFC 8705 §2: the certificate of the connection authenticates the client, which only states its id.
  const named = { clientId, authentication: 'none' } as const;
  if (method === 'tls_client_auth' || key === undefined) return requestToken({ ...requested, client: named, grant });
  const { clientAssertion } = await import('./client-assertion.ts');
  const assertion = await clientAssertion({ clientId, key, tokenUrl: url, now: now() });
  return requestToken({ ...requested, client: named, grant: { ...grant, ...assertion } });
}

/** Asks with one client authentication method after the other, as long as the one before may not be supported. */
export async function askInTurn<Method>(
  [first, ...others]: readonly [Method, ...Method[]],
  ask: (method: Method) => Promise<TokenAnswer>,
): Promise<{ readonly answer: TokenAnswer; readonly method: Method }> {
  let method = first;
  let answer = await ask(method);
  for (const other of others) {
    if ('token' in answer || !mayBeUnderstoodOtherwise(answer)) break;
    method = other;
    answer = await ask(method);
  }
  return { answer, method };
}

/** Errors of RFC 6749 §5.2 and RFC 8693 §2.2.2, and Entra ID's, that mean the client itself was accepted. */
const CLIENT_IS_KNOWN: ReadonlySet<string> = new Set([
  'invalid_scope',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_target',
  'interaction_required',
  'consent_required',
  'login_required',
]);

function mayBeUnderstoodOtherwise({ refused, status }: { refused: string; status: number }): boolean {
  return (status === 400 || status === 401) && !CLIENT_IS_KNOWN.has(refused);
}

type Refusal = Extract<TokenAnswer, { readonly refused: string }>;

function refused(
  { detail, date }: Refusal,
  { scheme, url, method, now }: { scheme: string; url: string; method: ClientAuth; now: number },
): CallError {
  const message = `The token endpoint at ${new URL(url).host} returned no token for "${scheme}": ${detail}.`;
  const clock = method === 'private_key_jwt' ? clockDifference(date, now, MAX_CLOCK_DIFFERENCE) : undefined;
  return new CallError('CREDENTIAL_REFUSED', message, { hint: clock ?? HINTS[method] });
}

/** An assertion is valid for a minute. In milliseconds. */
const MAX_CLOCK_DIFFERENCE = 30_000;

const HINTS: Readonly<Record<ClientAuth, string>> = {
  client_secret_basic: 'Check the OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET and OAUTH_SCOPES variables of this scheme.',
  client_secret_post: 'Check the OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET and OAUTH_SCOPES variables of this scheme.',
  private_key_jwt:
    'Check the OAUTH_CLIENT_ID, OAUTH_PRIVATE_KEY and OAUTH_SCOPES variables of this scheme, and that the public key is registered with the authorization server. If the server expects another audience, such as its issuer, set OAUTH_ASSERTION_AUDIENCE.',
  tls_client_auth:
    'Check the OAUTH_CLIENT_ID and OAUTH_SCOPES variables of this scheme, and that the certificate of --cert is registered with the authorization server.',
};

/** Without a token, whatever the reason, no request goes to the API. */
export function asRefusal(scheme: string, error: unknown): CallError {
  if (error instanceof CallError && error.code === 'CREDENTIAL_REFUSED') return error;
  const why = error instanceof Error ? error.message : 'unknown reason';
  return new CallError('CREDENTIAL_REFUSED', `No token for "${scheme}": the token endpoint ${why}`, { cause: error });
}
