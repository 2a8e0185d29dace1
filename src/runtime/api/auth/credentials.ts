import { type ApiModel, type AuthScheme, defined, takesClient, variablePart } from '../../../model/index.ts';
import { canBeHeaderValue } from '../header-syntax.ts';
import type { AuthHandler } from './auth-handler.ts';
import type { CallerCredential } from './caller-credential.ts';
import { type ClientCredentials, clientVariables, readClient } from './client-credentials.ts';
import { type Environment, readSecret, readText } from './environment-text.ts';

export type { ClientCredentials } from './client-credentials.ts';
export type { Environment } from './environment-text.ts';

type Auth = ApiModel['auth'];

/** The credential for a scheme. */
export type Credential =
  | { readonly kind: 'apiKey'; readonly value: string }
  /** An access token, for `bearer`, `oauth2` and `openIdConnect`. */
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | ClientCredentials
  | LoginCredential
  | CallerCredential
  | AwsCredential
  /** Code of the user, for a scheme of any type. */
  | { readonly kind: 'handler'; readonly handler: AuthHandler };

/** The login of a person: a token that is renewed until the authorization server requires a new login. */
export interface LoginCredential {
  readonly kind: 'login';
  /** The only origin of the API that gets the token. */
  readonly audience: string;
  /** The command that logs in (again). */
  readonly command: string;
  /** When the stored token expires, in milliseconds since 1970; `undefined` if that is unknown. */
  readonly expiresAt: number | undefined;
  /** Whether the token can be renewed without the person. */
  readonly renewable: boolean;
  /**
   * A valid token. Aborting `signal` ends the wait of this caller only.
   *
   * @throws CallError `CREDENTIAL_REFUSED`
   */
  token(signal: AbortSignal): Promise<string>;
  /** Never returns this token again, because the API rejected it. */
  drop(token: string): void;
}

/** For AWS Signature Version 4. */
export interface AwsCredential {
  readonly kind: 'aws';
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string;
  /** Default: read from the host of the API. */
  readonly region?: string;
  /** The name in the credential scope. Default: read from the host of the API. */
  readonly service?: string;
}

/** By scheme name; schemes without a credential are absent. */
export type Credentials = Readonly<Record<string, Credential>>;

/** The environment variables of a scheme. */
export interface CredentialVariables {
  /** Alternatives, each with all of its variables set. Empty for schemes that no variable can satisfy. */
  readonly alternatives: readonly (readonly string[])[];
  readonly optional: readonly string[];
}

/**
 * The variables of a scheme: `API_KEY_<SCHEME>`, `BEARER_TOKEN_<SCHEME>` and so on, prefixed with `<PREFIX>_` if
 * several APIs are served.
 */
export function credentialVariables(name: string, scheme: AuthScheme, prefix: string | undefined): CredentialVariables {
  const variable = variableOf(name, prefix);
  const bearer = [variable('BEARER_TOKEN')];
  switch (scheme.kind) {
    case 'apiKey':
      return { alternatives: [[variable('API_KEY')]], optional: [] };
    case 'basic':
    case 'digest':
      return { alternatives: [[variable('BASIC_USERNAME'), variable('BASIC_PASSWORD')]], optional: [] };
    case 'awsSigV4':
      return {
        alternatives: [[variable('AWS_ACCESS_KEY_ID'), variable('AWS_SECRET_ACCESS_KEY')]],
        optional: [variable('AWS_SESSION_TOKEN'), variable('AWS_REGION'), variable('AWS_SERVICE')],
      };
    case 'bearer':
      return { alternatives: [bearer], optional: [] };
    case 'oauth2':
    case 'openIdConnect': {
      if (!takesClient(scheme)) return { alternatives: [bearer], optional: [] };
      const { alternatives, optional } = clientVariables(variable);
      return { alternatives: [bearer, ...alternatives], optional };
    }
    case 'mutualTls':
    case 'otherHttp':
      return { alternatives: [], optional: [] };
  }
}

const variableOf = (scheme: string, prefix: string | undefined) => (kind: string) =>
  `${prefix === undefined ? '' : `${prefix}_`}${kind}_${variablePart(scheme)}`;

/**
 * Reads the credentials of an API. An empty or blank value counts as missing, except one half of a Basic pair: many
 * APIs use a key as the user name with an empty password, or the other way round.
 *
 * @throws Error if a value cannot be sent; it names the variable, never the value
 */
export function credentialsFromEnvironment(auth: Auth, env: Environment, prefix?: string): Credentials {
  const entries = Object.entries(auth).map(([name, scheme]) => [name, readCredential(name, scheme, env, prefix)]);
  return Object.fromEntries(entries.filter(([, credential]) => credential !== undefined));
}

function readCredential(
  name: string,
  scheme: AuthScheme,
  env: Environment,
  prefix: string | undefined,
): Credential | undefined {
  const { alternatives } = credentialVariables(name, scheme, prefix);
  const [first = []] = alternatives;
  switch (scheme.kind) {
    case 'apiKey': {
      const value = readSecret(env, first[0]);
      if (value !== undefined && scheme.in === 'header') checkHeaderText(value, first[0]);
      return value === undefined ? undefined : { kind: 'apiKey', value };
    }
    case 'basic':
    case 'digest':
      return readBasic(env, first);
    case 'awsSigV4':
      return readAws(env, variableOf(name, prefix));
    case 'bearer':
    case 'oauth2':
    case 'openIdConnect': {
      const token = readSecret(env, first[0]);
      if (token === undefined) {
        return takesClient(scheme) ? readClient(env, variableOf(name, prefix)) : undefined;
      }
      checkHeaderText(token, first[0]);
      return { kind: 'bearer', token };
    }
    case 'mutualTls':
    case 'otherHttp':
      return undefined;
  }
}

function readBasic(env: Environment, [userVariable, passwordVariable]: readonly string[]): Credential | undefined {
  const username = readText(env, userVariable);
  const password = readText(env, passwordVariable);
  if (username === undefined || password === undefined || (username.trim() === '' && password.trim() === '')) {
    return undefined;
  }
  // RFC 7617 §2: the first colon ends the user name.
  if (username.includes(':')) throw new Error(`${userVariable} contains a colon, which a user name cannot contain.`);
  return { kind: 'basic', username, password };
}

function readAws(env: Environment, variable: (kind: string) => string): AwsCredential | undefined {
  const read = (kind: string) => {
    const text = readSecret(env, variable(kind))?.trim();
    if (text !== undefined) checkHeaderText(text, variable(kind));
    return text;
  };
  const [accessKeyId, secretAccessKey] = [read('AWS_ACCESS_KEY_ID'), read('AWS_SECRET_ACCESS_KEY')];
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  const [sessionToken, region, service] = ['AWS_SESSION_TOKEN', 'AWS_REGION', 'AWS_SERVICE'].map(read);
  return { kind: 'aws', accessKeyId, secretAccessKey, ...defined({ sessionToken, region, service }) };
}

function checkHeaderText(value: string, variable: string | undefined): void {
  if (!canBeHeaderValue(value)) throw new Error(`${variable} contains a character that HTTP headers cannot contain.`);
}
