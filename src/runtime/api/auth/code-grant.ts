import { digestText, randomText } from '../../text/random-text.ts';
import { LoginError } from './login-error.ts';
import { type AuthorizationServer, type IssuerAccess, unreachable } from './server-metadata.ts';
import { requestToken, type Token, type TokenClient } from './token-request.ts';

// The authorization code grant with PKCE (RFC 6749 §4.1, RFC 7636): its requests, and what their responses must be.

/** Why nobody can log in at a server with this flow; `undefined` if they can. */
export function codeFlowProblem(server: AuthorizationServer): LoginError | undefined {
  const hint = 'Use --device, or pass an access token.';
  if (server.authorizationEndpoint === undefined) {
    return new LoginError('LOGIN_UNSUPPORTED', `${server.issuer} has no authorization endpoint.`, { hint });
  }
  // RFC 9700 §2.1.1. A document without metadata cannot say so: then it is used without being asked.
  if (server.codeChallengeMethods === undefined || server.codeChallengeMethods.includes('S256')) return undefined;
  return new LoginError('LOGIN_UNSUPPORTED', `${server.issuer} does not support PKCE with S256.`, { hint });
}

/** An authorization request. */
export interface CodeRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly scopes: readonly string[];
  /** Further parameters, such as `resource`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Where to send the browser, and what completes the grant afterwards. */
export interface StartedCode {
  readonly url: string;
  /** RFC 7636 §4.1. */
  readonly verifier: string;
}

/** @throws LoginError if nobody can log in at the server with this flow */
export async function startCode(server: AuthorizationServer, request: CodeRequest): Promise<StartedCode> {
  const problem = codeFlowProblem(server);
  if (server.authorizationEndpoint === undefined || problem !== undefined) throw problem;
  const verifier = randomText();
  return { url: authorizationUrl(server.authorizationEndpoint, request, await digestText(verifier)), verifier };
}

/** RFC 6749 §4.1.1: a query that the endpoint already has is kept. */
function authorizationUrl(endpoint: string, request: CodeRequest, challenge: string): string {
  const { clientId, redirectUri, state, scopes, parameters } = request;
  const url = new URL(endpoint);
  const own = {
    // OpenID Connect Core 1.0 §11: otherwise the scope is ignored.
    ...(scopes.includes('offline_access') && { prompt: 'consent' }),
    ...parameters,
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
  };
  for (const [name, value] of Object.entries(own)) url.searchParams.set(name, value);
  return url.href;
}

/** What the browser brought back, and what the request was made with. */
export interface CodeResponse {
  readonly response: URLSearchParams;
  readonly redirectUri: string;
  readonly verifier: string;
  /** Further parameters of the token request. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Exchanges the code of a response for tokens (RFC 6749 §4.1.3).
 *
 * @returns also the client, authenticated in the way that worked
 * @throws LoginError; it shows nothing of a response of another issuer (RFC 9207 §2.4)
 */
export async function finishCode(
  { response, redirectUri, verifier, parameters }: CodeResponse,
  parts: { readonly server: AuthorizationServer; readonly client: TokenClient; readonly access: IssuerAccess },
): Promise<{ readonly token: Token; readonly client: TokenClient }> {
  const grant = {
    ...parameters,
    grant_type: 'authorization_code',
    code: codeOf(response, parts.server),
    redirect_uri: redirectUri,
    code_verifier: verifier,
  };
  return exchange(grant, parts);
}

function codeOf(parameters: URLSearchParams, { issuer, sendsIssuer }: AuthorizationServer): string {
  const issuers = parameters.getAll('iss');
  const isRight = issuers.length === 0 ? !sendsIssuer : issuers.length === 1 && issuers[0] === issuer;
  if (!isRight) {
    throw new LoginError('LOGIN_REFUSED', `The response did not come from ${issuer}. Nothing of it was used.`, {
      hint: 'Log in again. If it happens twice, report it to the operator of the API.',
    });
  }
  const [error] = parameters.getAll('error');
  if (error !== undefined) throw refused(error, parameters.get('error_description') ?? undefined);
  const [code, another] = parameters.getAll('code');
  if (code === undefined || another !== undefined) {
    throw new LoginError('LOGIN_REFUSED', 'The authorization server sent no code.');
  }
  return code;
}

/** RFC 6749 §4.1.2.1. */
export function refused(error: string, description?: string): LoginError {
  const told = description === undefined ? shown(error) : `${shown(error)}: ${shown(description)}`;
  return new LoginError('LOGIN_REFUSED', `The authorization server refused the login: ${told}.`);
}

const shown = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 300).replace(/\.$/, '');

async function exchange(
  grant: Readonly<Record<string, string>>,
  { server, client, access }: { server: AuthorizationServer; client: TokenClient; access: IssuerAccess },
): Promise<{ readonly token: Token; readonly client: TokenClient }> {
  const { send, signal } = access;
  const tokenUrl = server.tokenEndpoint;
  const ask = (asked: TokenClient) =>
    requestToken({ tokenUrl, client: asked, grant, send, signal }).catch((error) =>
      Promise.reject(signal.aborted ? error : unreachable(tokenUrl, error)),
    );
  const answer = await ask(client);
  if ('token' in answer) return { token: answer.token, client };
  // Many servers understand a secret only in the body (RFC 6749 §2.3.1). The code is not used up by that.
  if (answer.refused === 'invalid_client' && client.authentication === 'basic') {
    const other: TokenClient = { ...client, authentication: 'body' };
    const second = await ask(other);
    if ('token' in second) return { token: second.token, client: other };
  }
  throw refused(answer.detail);
}
