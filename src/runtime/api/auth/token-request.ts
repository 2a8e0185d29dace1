import { CallError } from '../../call-error.ts';
import { createConcealer } from '../conceal/concealer.ts';
import { secretsOf } from '../conceal/secrets-of.ts';
import { type HttpSender, headerValue } from '../http.ts';
import { basicAuthorization, formEncoded } from './basic.ts';
import type { ClientCredentials } from './credentials.ts';
import { readJson } from './read-json.ts';

/** Client authentication methods at the token endpoint: RFC 6749 §2.3.1. */
export type ClientAuthentication = 'basic' | 'body';

export interface Token {
  readonly value: string;
  /** In seconds, from the server; may be absent. */
  readonly expiresIn?: number;
}

/** `refused`: the error code of RFC 6749 §5.2, or the status if there is none; `detail` for the reader. */
export type TokenAnswer =
  | { readonly token: Token }
  | { readonly refused: string; readonly status: number; readonly detail: string };

/**
 * Requests a token by client credentials (RFC 6749 §4.4.2). Redirects are not followed: the secret is only for this
 * endpoint.
 *
 * @throws CallError of the sender; `CREDENTIAL_REFUSED` if the response contains no usable token
 */
export async function requestToken({
  tokenUrl,
  client,
  scopes,
  authentication,
  send,
  signal,
}: {
  tokenUrl: string;
  client: ClientCredentials;
  scopes: readonly string[];
  authentication: ClientAuthentication;
  send: HttpSender;
  signal: AbortSignal;
}): Promise<TokenAnswer> {
  const { clientId, clientSecret } = client;
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scopes.length > 0) form.set('scope', scopes.join(' '));
  if (authentication === 'body') {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  }
  const basic = basicAuthorization(formEncoded(clientId), formEncoded(clientSecret));
  const response = await send({
    method: 'POST',
    url: tokenUrl,
    headers: [
      ['Accept', 'application/json'],
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ...(authentication === 'basic' ? [['Authorization', basic] as const] : []),
    ],
    body: form.toString(),
    signal,
  });
  const answer = await readJson(response.body);
  if (response.status === 200 || response.status === 201) return { token: readToken(answer, tokenUrl) };
  const challenge = headerValue(response.headers, 'www-authenticate') ?? '';
  return { status: response.status, ...refusal(answer, response.status, challenge, client) };
}

/** RFC 6749 §5.1. A missing `token_type` counts as Bearer, which servers without it mean. */
function readToken(answer: Readonly<Record<string, unknown>>, tokenUrl: string): Token {
  const { access_token: value, token_type: type = 'Bearer', expires_in: expiresIn } = answer;
  const refuse = (why: string) => {
    return new CallError('CREDENTIAL_REFUSED', `The token endpoint at ${new URL(tokenUrl).host} responded ${why}.`);
  };
  // RFC 6750 §2.1: b64token; more characters are accepted here, but none that would end the header.
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) throw refuse('without an access token');
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') {
    throw refuse('with a token whose type is not Bearer');
  }
  const seconds = typeof expiresIn === 'string' && expiresIn.trim() !== '' ? Number(expiresIn) : expiresIn;
  return typeof seconds === 'number' && Number.isFinite(seconds) ? { value, expiresIn: seconds } : { value };
}

/** RFC 6749 §5.2. The server's text is for the reader, but must not echo the secret. */
function refusal(
  { error, error_description: description }: Readonly<Record<string, unknown>>,
  status: number,
  challenge: string,
  client: ClientCredentials,
): { refused: string; detail: string } {
  const refused = typeof error === 'string' ? error : `status ${status}`;
  const told = typeof description === 'string' ? `${refused}: ${description}` : refused;
  const detail = challenge !== '' && typeof error !== 'string' ? `${told} (${challenge})` : told;
  // Even short secrets: this text comes from the server that received them.
  const { anywhere, whole } = secretsOf({ credentials: { client }, headers: [], secrets: [] });
  const withoutSecret = createConcealer({ anywhere: [...anywhere, ...whole], whole: [] }).text(detail);
  return { refused, detail: withoutSecret.slice(0, MAX_DETAIL) };
}

/** Maximum length of the server's text in a message. */
const MAX_DETAIL = 300;
