import { CallError } from '../../call-error.ts';
import type { HttpSender } from '../http.ts';
import { isPrivateUrl } from '../request/server-url.ts';
import type { ClientCredentials } from './credentials.ts';
import { type TokenCache, tokenCache } from './token-cache.ts';
import { type ClientAuthentication, requestToken, type Token, type TokenAnswer } from './token-request.ts';

/** The token endpoint, and the first client authentication method to try. */
export interface TokenEndpoint {
  readonly url: string;
  readonly authentication: ClientAuthentication;
}

export interface TokenSourceOptions {
  /** Name of the scheme, for messages. */
  readonly scheme: string;
  readonly client: ClientCredentials;
  /** Called with the first token; a failure is not cached. */
  readonly endpoint: (signal: AbortSignal) => Promise<TokenEndpoint>;
  /** Whether the token endpoint may be at a private address. */
  readonly allowPrivate: boolean;
  readonly send: HttpSender;
  readonly now: () => number;
  readonly timeoutMs: number;
}

/**
 * Tokens by OAuth 2.0 client credentials (RFC 6749 §4.4). The client authenticates with Basic first and, if that is not
 * supported, in the body. The method that worked is remembered (§2.3.1: servers must support Basic, but many support
 * only the other).
 *
 * `token` throws CallError `CREDENTIAL_REFUSED`, also if the token endpoint cannot be reached.
 */
export function tokenSource({
  scheme,
  client,
  send,
  endpoint,
  allowPrivate,
  now,
  timeoutMs,
}: TokenSourceOptions): TokenCache {
  let known: TokenEndpoint | undefined;

  const fetchToken = async (scopes: readonly string[], signal: AbortSignal): Promise<Token> => {
    known ??= await endpoint(signal);
    const { url, authentication: first } = known;
    if (!allowPrivate && isPrivateUrl(url)) {
      throw new CallError('FORBIDDEN_ADDRESS', 'is at a private address, which this API may not access.');
    }
    const scope = (client.scopes ?? scopes).join(' ');
    const grant = { grant_type: 'client_credentials', ...(scope !== '' && { scope }) };
    const ask = (authentication: ClientAuthentication) =>
      requestToken({ tokenUrl: url, client: { ...client, authentication }, grant, send, signal });
    const { answer, authentication } = await askEitherWay(first, ask);
    if ('refused' in answer) throw refused(scheme, url, answer.detail);
    known = { url, authentication };
    return answer.token;
  };

  return tokenCache({
    fetchToken: (scopes, signal) =>
      fetchToken(scopes, signal).catch((error) => Promise.reject(asRefusal(scheme, error))),
    now,
    timeoutMs,
  });
}

/** Asks with one client authentication method and, if that is not supported, with the other. */
export async function askEitherWay(
  first: ClientAuthentication,
  ask: (authentication: ClientAuthentication) => Promise<TokenAnswer>,
): Promise<{ readonly answer: TokenAnswer; readonly authentication: ClientAuthentication }> {
  const answer = await ask(first);
  if ('token' in answer || !mayBeUnderstoodOtherwise(answer)) return { answer, authentication: first };
  const authentication = first === 'basic' ? 'body' : 'basic';
  return { answer: await ask(authentication), authentication };
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

const refused = (scheme: string, url: string, detail: string): CallError =>
  new CallError(
    'CREDENTIAL_REFUSED',
    `The token endpoint at ${new URL(url).host} returned no token for "${scheme}": ${detail}.`,
    {
      hint: 'Check the OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET and OAUTH_SCOPES variables of this scheme.',
    },
  );

/** Without a token, whatever the reason, no request goes to the API. */
export function asRefusal(scheme: string, error: unknown): CallError {
  if (error instanceof CallError && error.code === 'CREDENTIAL_REFUSED') return error;
  const why = error instanceof Error ? error.message : 'unknown reason';
  return new CallError('CREDENTIAL_REFUSED', `No token for "${scheme}": the token endpoint ${why}`, { cause: error });
}
