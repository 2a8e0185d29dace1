import { OAuthError, printable, seeOther, singleParameters, withParameters } from '../runtime/serve/pages/http.ts';
import { digestText, randomText } from '../runtime/text/random-text.ts';
import { newBrowserId } from './browser.ts';
import type { Client } from './client.ts';
import { consentPage } from './consent-page.ts';
import type { Context } from './context.ts';
import type { AuthorizationRequest } from './records.ts';
import { isRegistered, redirectFault } from './redirect-uri.ts';
import { scopesOf } from './scopes.ts';

/** How long a user may look at the page, in seconds. */
const CONSENT_TTL = 600;

/**
 * The authorization endpoint (RFC 6749 §4.1.1). Nothing is stored before the user has consented: the request is in the
 * page, sealed.
 *
 * @throws OAuthError if the client or its redirect URI is not valid: then nothing may be redirected
 */
export async function authorize(request: Request, context: Context): Promise<Response> {
  const { settings, browsers, keys } = context;
  const { searchParams } = new URL(request.url);
  const client = await clientOf(searchParams, context);
  const redirectUri = redirectUriOf(searchParams, client, context);
  let asked: AuthorizationRequest;
  try {
    asked = requestOf(singleParameters(searchParams), { client, redirectUri, context });
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    const state = searchParams.get('state');
    return errorRedirect(context, { redirectUri, ...(state !== null && { state }) }, error);
  }
  // Kept if there is one: logins in several tabs.
  const browser = (await browsers.of(request)) ?? newBrowserId();
  const sealed = await keys.seal(JSON.stringify({ asked, until: settings.now() + CONSENT_TTL * 1000 }), 'consent');
  const csrf = await keys.mac('consent', `${browser}\0${sealed}`);
  return consentPage(settings, { client, asked, request: sealed, csrf, cookie: await browsers.cookie(browser) });
}

/**
 * The answer of the user. Starts the login at the upstream, whose `state` is created only now, for this browser.
 *
 * @throws OAuthError if the form is forged, expired or of another browser
 */
export async function decide(request: Request, form: ReadonlyMap<string, string>, context: Context): Promise<Response> {
  const { settings, browsers, keys, records, upstream } = context;
  const browser = await browsers.of(request);
  const sealed = form.get('request') ?? '';
  const genuine =
    browser !== undefined && (await keys.isMac('consent', `${browser}\0${sealed}`, form.get('csrf') ?? ''));
  const text = genuine ? await keys.open(sealed, 'consent') : undefined;
  if (browser === undefined || text === undefined) {
    throw new OAuthError('access_denied', `This form was not created for this browser. ${START_AGAIN}`, 403);
  }
  const { asked, until } = JSON.parse(text) as { readonly asked: AuthorizationRequest; readonly until: number };
  if (until <= settings.now()) throw new OAuthError('invalid_request', `This page has expired. ${START_AGAIN}`);
  if (form.get('decision') !== 'allow') {
    return errorRedirect(context, asked, new OAuthError('access_denied', 'The user denied the request.'));
  }
  const state = randomText();
  const verifier = settings.upstream.pkce ? randomText() : undefined;
  const login = { request: asked, browser: await digestText(browser), ...(verifier !== undefined && { verifier }) };
  await records.put('login', state, login, LOGIN_TTL);
  return seeOther(upstream.authorizationUrl(state, verifier && (await digestText(verifier))));
}

/** How long the user may take to sign in, in seconds. */
export const LOGIN_TTL = 600;

export const START_AGAIN = 'Start again from the program that you want to connect.';

/** An error for the client (RFC 6749 §4.1.2.1), with the issuer (RFC 9207). */
export function errorRedirect(
  { settings }: Context,
  { redirectUri, state }: Pick<AuthorizationRequest, 'redirectUri' | 'state'>,
  { code, message }: OAuthError,
): Response {
  const parameters = { error: code, error_description: printable(message), state, iss: settings.issuer };
  return seeOther(withParameters(redirectUri, parameters));
}

/** A parameter that occurs exactly once, before it is known where errors may be sent. */
function only(parameters: URLSearchParams, name: string): string {
  const [value = '', ...more] = parameters.getAll(name);
  if (value === '') throw new OAuthError('invalid_request', `The parameter ${name} is missing. ${START_AGAIN}`);
  if (more.length > 0) throw new OAuthError('invalid_request', `The parameter ${name} is repeated.`);
  return value;
}

async function clientOf(parameters: URLSearchParams, { clients }: Context): Promise<Client> {
  const client = await clients.find(only(parameters, 'client_id'));
  if (client) return client;
  const remedy = 'Remove this server from the program and add it again, so that the program registers itself.';
  throw new OAuthError('invalid_client', `This server does not know the program that sent you here. ${remedy}`);
}

function redirectUriOf(parameters: URLSearchParams, client: Client, { settings }: Context): string {
  const uri = only(parameters, 'redirect_uri');
  // Checked again, because the server may allow less than when the client was registered.
  if (isRegistered(uri, client.redirectUris) && redirectFault(uri, settings.redirectPatterns) === undefined) return uri;
  throw new OAuthError('invalid_request', `The redirect URI ${uri} is not one that this program has registered.`);
}

interface Asking {
  readonly client: Client;
  readonly redirectUri: string;
  readonly context: Context;
}

function requestOf(given: ReadonlyMap<string, string>, { client, redirectUri, context }: Asking): AuthorizationRequest {
  const { settings } = context;
  if (given.get('response_type') !== 'code') {
    throw new OAuthError('unsupported_response_type', 'Only response_type=code is supported.');
  }
  if (given.has('request') || given.has('request_uri')) {
    throw new OAuthError(
      given.has('request') ? 'request_not_supported' : 'request_uri_not_supported',
      'Send parameters.',
    );
  }
  const mode = given.get('response_mode') ?? 'query';
  if (mode !== 'query') throw new OAuthError('invalid_request', 'Only response_mode=query is supported.');
  const challenge = given.get('code_challenge') ?? '';
  if (given.get('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge)) {
    throw new OAuthError('invalid_request', 'PKCE is required: code_challenge, with code_challenge_method=S256.');
  }
  checkResource(given.get('resource'), settings.resource);
  const state = given.get('state');
  if ((state?.length ?? 0) > MAX_STATE) throw new OAuthError('invalid_request', 'state is too long.');
  return {
    clientId: client.id,
    redirectUri,
    scopes: scopesOf(given.get('scope'), settings.scopesSupported),
    challenge,
    ...(state !== undefined && { state }),
  };
}

const MAX_STATE = 2048;

/** RFC 8707 §2. Clients of older specifications send none. */
export function checkResource(given: string | undefined, expected: string): void {
  if (given === undefined || (URL.canParse(given) && new URL(given).href === new URL(expected).href)) return;
  throw new OAuthError('invalid_target', `The only resource of this server is ${expected}.`);
}
