import { defined } from '../../../model/index.ts';
import { type Environment, readLines, readSecret } from './environment-text.ts';

/** Client authentication methods at the token endpoint: RFC 6749 §2.3.1, OpenID Connect Core 1.0 §9, RFC 8705 §2.1. */
export const CLIENT_AUTH = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'tls_client_auth'] as const;

export type ClientAuth = (typeof CLIENT_AUTH)[number];

/** OAuth 2.0 client credentials (RFC 6749 §4.4), as a program or config file gives them. */
export interface GivenClient {
  readonly clientId: string;
  readonly clientSecret?: string;
  /** Requested instead of the operation's scopes. */
  readonly scopes?: readonly string[];
  /**
   * How the client authenticates. Default: `private_key_jwt` if there is a key, otherwise `client_secret_basic`; if the
   * metadata of the server lists other methods, one that it supports. `tls_client_auth` uses the certificate of `cert`.
   */
  readonly clientAuth?: ClientAuth;
  /** The key for `private_key_jwt`: PEM (PKCS #8), or a JWK as JSON. */
  readonly privateKey?: string;
  /** `kid` of the key. Default: that of the JWK, if it has one. */
  readonly keyId?: string;
  /** The signature algorithm, such as `PS256`. Default: by the type of the key. */
  readonly algorithm?: string;
  /** `aud` of the assertion. Default: the token endpoint; some servers want their issuer. */
  readonly assertionAudience?: string;
  /** The token parameter `audience`. */
  readonly audience?: string;
  /** The token parameter `resource` (RFC 8707). */
  readonly resource?: string;
  /** Further parameters of the token request. */
  readonly tokenParameters?: Readonly<Record<string, string>>;
}

/** OAuth 2.0 client credentials, checked. */
export interface ClientCredentials {
  readonly kind: 'clientCredentials';
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly scopes?: readonly string[];
  /** Absent: chosen by what the client has and the server supports. */
  readonly clientAuth?: ClientAuth;
  readonly privateKey?: ClientKey;
  /** Of the token request, besides the grant, the scope and the client. */
  readonly parameters?: Readonly<Record<string, string>>;
}

export interface ClientKey {
  /** PEM (PKCS #8), or a JWK as JSON. */
  readonly text: string;
  readonly keyId?: string;
  readonly algorithm?: string;
  readonly audience?: string;
}

/** Which of the client's own credentials it uses by default: a key rather than a secret. */
export function defaultClientAuth({ clientAuth, privateKey }: ClientCredentials): ClientAuth {
  return clientAuth ?? (privateKey === undefined ? 'client_secret_basic' : 'private_key_jwt');
}

/**
 * Checks a client.
 *
 * @param wrong makes the error from a message, which never contains a secret
 */
export function checkedClient(client: GivenClient, wrong: (message: string) => Error): ClientCredentials {
  const { clientId, clientSecret, scopes, clientAuth, privateKey: key } = client;
  const { keyId, algorithm, assertionAudience, audience, resource, tokenParameters } = client;
  const problem = missingPart(client) ?? keyProblem(key) ?? parameterProblem(tokenParameters) ?? secretProblem(client);
  if (problem !== undefined) throw wrong(problem);
  const all = { ...tokenParameters, ...defined({ audience, resource }) };
  const parameters = Object.keys(all).length > 0 ? all : undefined;
  const privateKey =
    key === undefined ? undefined : { text: key.trim(), ...defined({ keyId, algorithm, audience: assertionAudience }) };
  return {
    kind: 'clientCredentials',
    clientId,
    ...defined({ clientSecret, scopes, clientAuth, privateKey, parameters }),
  };
}

function missingPart({ clientSecret, clientAuth, privateKey }: GivenClient): string | undefined {
  switch (clientAuth) {
    case 'client_secret_basic':
    case 'client_secret_post':
      return clientSecret === undefined ? `has no client secret, which ${clientAuth} needs.` : undefined;
    case 'private_key_jwt':
      return privateKey === undefined ? 'has no private key, which private_key_jwt needs.' : undefined;
    case 'tls_client_auth':
      return undefined;
    case undefined:
      return clientSecret === undefined && privateKey === undefined
        ? 'has neither a client secret nor a private key. For a client certificate, set the client authentication to tls_client_auth.'
        : undefined;
  }
}

function keyProblem(text: string | undefined): string | undefined {
  if (text === undefined || /^\s*-----BEGIN PRIVATE KEY-----/.test(text)) return undefined;
  if (/^\s*-----BEGIN (?:RSA|EC|ENCRYPTED) PRIVATE KEY-----/.test(text)) {
    return 'has a private key that is not unencrypted PKCS #8. Convert it: openssl pkcs8 -topk8 -nocrypt -in key.pem';
  }
  return isPrivateJwk(text) ? undefined : 'has a private key that is neither PEM (PKCS #8) nor a private JWK.';
}

function isPrivateJwk(text: string): boolean {
  try {
    const { kty, d } = JSON.parse(text);
    return typeof kty === 'string' && typeof d === 'string';
  } catch {
    return false;
  }
}

/** What the request sets by itself. */
const RESERVED = ['grant_type', 'scope', 'client_id', 'client_secret', 'client_assertion', 'client_assertion_type'];

function parameterProblem(parameters: GivenClient['tokenParameters'] = {}): string | undefined {
  const reserved = RESERVED.find((name) => Object.hasOwn(parameters, name));
  return reserved === undefined ? undefined : `cannot set the token parameter "${reserved}", which is set already.`;
}

function secretProblem({ clientId, clientSecret = '' }: GivenClient): string | undefined {
  if (clientId.trim() === '') return 'has an empty client id.';
  return /[\r\n\0]/.test(clientId + clientSecret) ? 'contains a line break or NUL.' : undefined;
}

/** The variables of a client: alternatives with everything they need, and what is optional. */
export function clientVariables(variable: (kind: string) => string) {
  const id = variable('OAUTH_CLIENT_ID');
  return {
    alternatives: [
      [id, variable('OAUTH_CLIENT_SECRET')],
      [id, variable('OAUTH_PRIVATE_KEY')],
    ],
    optional: OPTIONAL.map(variable),
  };
}

const OPTIONAL = [
  'OAUTH_SCOPES',
  'OAUTH_CLIENT_AUTH',
  'OAUTH_KEY_ID',
  'OAUTH_ALGORITHM',
  'OAUTH_ASSERTION_AUDIENCE',
  'OAUTH_AUDIENCE',
  'OAUTH_RESOURCE',
  'OAUTH_TOKEN_PARAMETERS',
];

/** The client of the environment; `undefined` if a part is missing. @throws Error that names the variable */
export function readClient(env: Environment, variable: (kind: string) => string): ClientCredentials | undefined {
  const read = (kind: string) => readSecret(env, variable(kind));
  const clientId = read('OAUTH_CLIENT_ID');
  const clientSecret = read('OAUTH_CLIENT_SECRET');
  const privateKey = readLines(env, variable('OAUTH_PRIVATE_KEY'));
  const written = read('OAUTH_CLIENT_AUTH')?.trim();
  const clientAuth = CLIENT_AUTH.find((method) => method === written);
  if (written !== undefined && clientAuth === undefined) {
    throw new Error(`${variable('OAUTH_CLIENT_AUTH')} must be one of ${CLIENT_AUTH.join(', ')}.`);
  }
  const hasProof = clientSecret !== undefined || privateKey !== undefined || clientAuth === 'tls_client_auth';
  if (clientId === undefined || !hasProof) return undefined;
  const parameters = read('OAUTH_TOKEN_PARAMETERS');
  const set = defined({
    clientSecret,
    privateKey,
    clientAuth,
    // RFC 6749 §3.3: scopes are separated by spaces.
    scopes: read('OAUTH_SCOPES')?.trim().split(/\s+/),
    keyId: read('OAUTH_KEY_ID'),
    algorithm: read('OAUTH_ALGORITHM'),
    assertionAudience: read('OAUTH_ASSERTION_AUDIENCE'),
    audience: read('OAUTH_AUDIENCE'),
    resource: read('OAUTH_RESOURCE'),
    tokenParameters: parameters === undefined ? undefined : Object.fromEntries(new URLSearchParams(parameters)),
  });
  const wrong = (problem: string) => new Error(`The client of ${variable('OAUTH_CLIENT_ID')} ${problem}`);
  return checkedClient({ ...set, clientId }, wrong);
}
