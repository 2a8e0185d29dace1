import { CallError } from '../../call-error.ts';
import { createConcealer } from '../conceal/concealer.ts';
import { type HttpSender, headerValue } from '../http.ts';
import { isPrivateUrl } from '../request/server-url.ts';
import { basicAuthorization, formEncoded } from './basic.ts';
import { readJson } from './read-json.ts';

/** Client authentication methods at the token endpoint (RFC 6749 §2.3.1) of a client that has a secret. */
export type ClientAuthentication = 'basic' | 'body';

/** Without a secret it is a public client, which only states its id (RFC 6749 §3.2.1). */
export interface TokenClient {
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly authentication: ClientAuthentication | 'none';
}

/**
 * The authentication of a client that has a secret, at a server that supports these methods (RFC 8414 §2): Basic, unless
 * only the body is supported (RFC 6749 §2.3.1).
 */
export function authenticationFor(methods: readonly string[]): ClientAuthentication {
  const onlyBody = !methods.includes('client_secret_basic') && methods.includes('client_secret_post');
  return onlyBody ? 'body' : 'basic';
}

export interface Token {
  readonly value: string;
  /** In seconds, from the server; may be absent. */
  readonly expiresIn?: number;
  readonly refreshToken?: string;
  /** Granted scopes, if they differ from the requested ones (RFC 6749 §5.1). */
  readonly scopes?: readonly string[];
}

/**
 * `refused`: the error code of RFC 6749 §5.2, or the status if there is none; `detail` for the reader; `claims`: what the
 * next token of the user must contain, in JSON (Entra ID, claims challenge).
 */
export type TokenAnswer =
  | { readonly token: Token }
  | {
      readonly refused: string;
      readonly status: number;
      readonly detail: string;
      /** The server's clock: the header `Date`. */
      readonly date?: string;
      readonly claims?: string;
    };

export interface TokenRequest {
  readonly tokenUrl: string;
  readonly client: TokenClient;
  /** The grant, and what belongs to it: `grant_type`, `scope`, `code` … */
  readonly grant: Readonly<Record<string, string>>;
  readonly send: HttpSender;
  readonly signal: AbortSignal;
}

/**
 * Requests a token (RFC 6749 §4.1.3, §4.4.2, §6; RFC 8628 §3.4). Redirects are not followed: the secrets are only for
 * this endpoint.
 *
 * @throws CallError of the sender; `CREDENTIAL_REFUSED` if the response contains no usable token
 */
export async function requestToken(request: TokenRequest): Promise<TokenAnswer> {
  const { tokenUrl } = request;
  const response = await postForm(tokenUrl, request);
  const answer = await readJson(response.body);
  if ((response.status === 200 || response.status === 201) && !isError(answer)) {
    return { token: readToken(answer, tokenUrl) };
  }
  const challenge = headerValue(response.headers, 'www-authenticate') ?? '';
  const date = headerValue(response.headers, 'date');
  const { claims } = answer;
  return {
    status: response.status,
    ...(date !== undefined && { date }),
    ...refusal(answer, response.status, challenge, request),
    ...(typeof claims === 'string' && claims.length <= MAX_CLAIMS && { claims }),
  };
}

/** @throws CallError `FORBIDDEN_ADDRESS`, unless the endpoint may be at a private address */
export function assertAllowed(url: string, allowPrivate: boolean): void {
  if (allowPrivate || !isPrivateUrl(url)) return;
  throw new CallError('FORBIDDEN_ADDRESS', 'is at a private address, which this API may not access.');
}

/** Posts a form as an authenticated client. */
export function postForm(url: string, { client, grant, send, signal }: Omit<TokenRequest, 'tokenUrl'>) {
  const { clientId, clientSecret = '', authentication } = client;
  const form = new URLSearchParams(grant);
  if (authentication !== 'basic') form.set('client_id', clientId);
  if (authentication === 'body') form.set('client_secret', clientSecret);
  const basic = basicAuthorization(formEncoded(clientId), formEncoded(clientSecret));
  return send({
    method: 'POST',
    url,
    headers: [
      ['Accept', 'application/json'],
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ...(authentication === 'basic' ? [['Authorization', basic] as const] : []),
    ],
    body: form.toString(),
    signal,
  });
}

/** GitHub reports errors with status 200. */
const isError = (answer: Readonly<Record<string, unknown>>): boolean =>
  typeof answer.error === 'string' && answer.access_token === undefined;

/** RFC 6749 §5.1. A missing `token_type` counts as Bearer, which servers without it mean. */
function readToken(answer: Readonly<Record<string, unknown>>, tokenUrl: string): Token {
  const { access_token: value, token_type: type = 'Bearer', expires_in: expiresIn, refresh_token, scope } = answer;
  const refuse = (why: string) => {
    return new CallError('CREDENTIAL_REFUSED', `The token endpoint at ${new URL(tokenUrl).host} responded ${why}.`);
  };
  // RFC 6750 §2.1: b64token; more characters are accepted here, but none that would end the header.
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) throw refuse('without an access token');
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') {
    throw refuse('with a token whose type is not Bearer');
  }
  const seconds = typeof expiresIn === 'string' && expiresIn.trim() !== '' ? Number(expiresIn) : expiresIn;
  return {
    value,
    ...(typeof seconds === 'number' && Number.isFinite(seconds) && { expiresIn: seconds }),
    ...(typeof refresh_token === 'string' && refresh_token !== '' && { refreshToken: refresh_token }),
    ...(typeof scope === 'string' && { scopes: scope.split(' ').filter(Boolean) }),
  };
}

/** RFC 6749 §5.2. The server's text is for the reader, but must not echo the secret. */
function refusal(
  { error, error_description: description }: Readonly<Record<string, unknown>>,
  status: number,
  challenge: string,
  { client, grant }: Pick<TokenRequest, 'client' | 'grant'>,
): { refused: string; detail: string } {
  const refused = typeof error === 'string' ? error : `status ${status}`;
  const told = typeof description === 'string' ? `${refused}: ${description}` : refused;
  const detail = challenge !== '' && typeof error !== 'string' ? `${told} (${challenge})` : told;
  // Even short secrets: this text comes from the server that received them.
  const { clientId, clientSecret } = client;
  const own = clientSecret === undefined ? [] : [clientSecret, basicText(clientId, clientSecret)];
  const secrets = [...own, ...SECRET_PARAMETERS.flatMap((name) => grant[name] ?? [])];
  const withoutSecret = createConcealer({ anywhere: secrets, whole: [] }).text(detail);
  return { refused, detail: withoutSecret.slice(0, MAX_DETAIL) };
}

const basicText = (clientId: string, clientSecret: string): string =>
  basicAuthorization(formEncoded(clientId), formEncoded(clientSecret)).slice('Basic '.length);

const SECRET_PARAMETERS = [
  'refresh_token',
  'code',
  'code_verifier',
  'device_code',
  'client_assertion',
  'subject_token',
  'actor_token',
  'assertion',
];

/** It is passed on in a header. */
const MAX_CLAIMS = 2_000;

/** Maximum length of the server's text in a message. */
const MAX_DETAIL = 300;
