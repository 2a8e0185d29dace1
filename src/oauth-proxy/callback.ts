import type { VerifiedToken } from '../runtime/serve/auth/token-verifier.ts';
import { OAuthError, seeOther, singleParameters, unavailable, withParameters } from '../runtime/serve/pages/http.ts';
import { digestText } from '../runtime/text/random-text.ts';
import { errorRedirect, LOGIN_TTL, START_AGAIN } from './authorize.ts';
import type { Context } from './context.ts';
import { isNamed } from './grants.ts';
import type { Login } from './records.ts';
import { grantedScopes } from './scopes.ts';
import { newGrantId } from './tickets.ts';
import { UpstreamRefusedError, type UpstreamTokens } from './upstream.ts';

/** How long a code is valid, in seconds. */
export const CODE_TTL = 300;

/**
 * The end of the login at the upstream: exchanges the upstream's code, and gives the client one of the proxy's own.
 *
 * @throws OAuthError if the login is unknown, or of another browser, or the upstream cannot be reached now
 */
export async function finishLogin(request: Request, context: Context): Promise<Response> {
  const { records, browsers, settings } = context;
  const given = singleParameters(new URL(request.url).searchParams);
  const state = given.get('state') ?? '';
  const login = state === '' ? undefined : await records.take('login', state);
  if (!login) {
    throw new OAuthError('invalid_request', `This login is unknown, or has expired or ended. ${START_AGAIN}`);
  }
  const browser = await browsers.of(request);
  if (browser === undefined || (await digestText(browser)) !== login.browser) {
    throw new OAuthError('access_denied', `This login was started in another browser. ${START_AGAIN}`, 403);
  }
  // RFC 9207 §2.4: of a response from another provider nothing is used, its error neither.
  const issuer = given.get('iss');
  if (issuer !== undefined && settings.upstream.issuer !== undefined && issuer !== settings.upstream.issuer) {
    throw new OAuthError('invalid_request', `The response is from another identity provider. ${START_AGAIN}`);
  }
  const error = given.get('error');
  if (error !== undefined) return errorRedirect(context, login.request, upstreamError(error, given));
  const code = given.get('code');
  if (code === undefined) throw new OAuthError('invalid_request', `The response has no code. ${START_AGAIN}`);
  return complete(context, { state, login, code });
}

/** Only the code of RFC 6749 §4.1.2.1 that means the same for our client; the rest is text. */
function upstreamError(error: string, given: ReadonlyMap<string, string>): OAuthError {
  const code = error === 'access_denied' || error === 'temporarily_unavailable' ? error : 'server_error';
  const detail = given.get('error_description');
  return new OAuthError(code, `The identity provider responded: ${error}${detail === undefined ? '' : `: ${detail}`}`);
}

interface Completion {
  readonly state: string;
  readonly login: Login;
  readonly code: string;
}

async function complete(context: Context, { state, login, code }: Completion): Promise<Response> {
  const { records, upstream, settings, onError } = context;
  let current = login;
  try {
    const tokens = login.tokens ?? (await upstream.exchange(code, login.verifier));
    // Kept, because the upstream's code can be exchanged only once.
    current = { ...login, tokens };
    const user = await settings.verifier.verify(tokens.access);
    return await issueCode(context, { login, tokens, user });
  } catch (error) {
    if (isNamed(error, 'VerifierUnavailableError')) {
      // Reloading the page continues.
      await records.put('login', state, current, LOGIN_TTL);
      onError(error);
      throw unavailable('The identity provider cannot be reached. Nothing is lost: reload this page in a few seconds.');
    }
    if (error instanceof UpstreamRefusedError) {
      onError(new Error(`The identity provider refused the code of a login: ${error.message}`));
      const message = `The identity provider refused the login: ${error.code}.`;
      return errorRedirect(context, login.request, new OAuthError('server_error', message));
    }
    if (isNamed(error, 'InvalidTokenError')) {
      const message = 'The account that you signed in with has no access to this server.';
      return errorRedirect(context, login.request, new OAuthError('access_denied', message));
    }
    throw error;
  }
}

interface Verified {
  readonly login: Login;
  readonly tokens: UpstreamTokens;
  readonly user: VerifiedToken;
}

async function issueCode(context: Context, { login: { request }, tokens, user }: Verified): Promise<Response> {
  const { grants, tickets, records, settings } = context;
  const scopes = grantedScopes(request.scopes, { asked: settings.upstream.scopes, tokens, user });
  const created = await grants.create(tokens, user, { clientId: request.clientId, scopes });
  const code = await tickets.issue('code', newGrantId());
  await records.put('code', code, { request, ...created }, CODE_TTL);
  return seeOther(withParameters(request.redirectUri, { code, state: request.state, iss: settings.issuer }));
}
