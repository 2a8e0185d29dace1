import { type ApiModel, type AuthScheme, variablePart } from '../../../model/index.ts';
import type { CallerCredential } from './caller-credential.ts';

type Auth = ApiModel['auth'];
export type Environment = Readonly<Record<string, string | undefined>>;

/** The credential for a scheme. */
export type Credential =
  | { readonly kind: 'apiKey'; readonly value: string }
  /** An access token, for `bearer`, `oauth2` and `openIdConnect`. */
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | ClientCredentials
  | LoginCredential
  | CallerCredential;

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

/** OAuth 2.0 client credentials, RFC 6749 §4.4. */
export interface ClientCredentials {
  readonly kind: 'clientCredentials';
  readonly clientId: string;
  readonly clientSecret: string;
  /** Requested instead of the operation's scopes. */
  readonly scopes?: readonly string[];
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
  const variable = (kind: string) => `${prefix === undefined ? '' : `${prefix}_`}${kind}_${variablePart(name)}`;
  const bearer = [variable('BEARER_TOKEN')];
  const client = [variable('OAUTH_CLIENT_ID'), variable('OAUTH_CLIENT_SECRET')];
  switch (scheme.kind) {
    case 'apiKey':
      return { alternatives: [[variable('API_KEY')]], optional: [] };
    case 'basic':
      return { alternatives: [[variable('BASIC_USERNAME'), variable('BASIC_PASSWORD')]], optional: [] };
    case 'bearer':
      return { alternatives: [bearer], optional: [] };
    case 'oauth2':
      return scheme.clientCredentials === undefined
        ? { alternatives: [bearer], optional: [] }
        : { alternatives: [bearer, client], optional: [variable('OAUTH_SCOPES')] };
    case 'openIdConnect':
      return { alternatives: [bearer, client], optional: [variable('OAUTH_SCOPES')] };
    case 'mutualTls':
    case 'otherHttp':
      return { alternatives: [], optional: [] };
  }
}

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
  const { alternatives, optional } = credentialVariables(name, scheme, prefix);
  const [first = [], second = []] = alternatives;
  switch (scheme.kind) {
    case 'apiKey': {
      const value = readSecret(env, first[0]);
      if (value !== undefined && scheme.in === 'header') checkHeaderText(value, first[0]);
      return value === undefined ? undefined : { kind: 'apiKey', value };
    }
    case 'basic':
      return readBasic(env, first);
    case 'bearer':
    case 'oauth2':
    case 'openIdConnect': {
      const token = readSecret(env, first[0]);
      if (token === undefined) return readClient(env, second, optional[0]);
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

function readClient(
  env: Environment,
  [idVariable, secretVariable]: readonly string[],
  scopesVariable: string | undefined,
): ClientCredentials | undefined {
  const clientId = readSecret(env, idVariable);
  const clientSecret = readSecret(env, secretVariable);
  if (clientId === undefined || clientSecret === undefined) return undefined;
  // RFC 6749 §3.3: scopes are separated by spaces.
  const scopes = readSecret(env, scopesVariable)?.trim().split(/\s+/);
  return { kind: 'clientCredentials', clientId, clientSecret, ...(scopes === undefined ? {} : { scopes }) };
}

function readSecret(env: Environment, variable: string | undefined): string | undefined {
  const text = readText(env, variable);
  return text?.trim() ? text : undefined;
}

function readText(env: Environment, variable: string | undefined): string | undefined {
  const text = variable === undefined ? undefined : env[variable];
  if (text !== undefined && /[\r\n\0]/.test(text)) {
    throw new Error(`${variable} contains a line break or NUL. Set it to the bare value.`);
  }
  return text;
}

/** RFC 9110 §5.5: visible ASCII, space, tab, and bytes above. */
function checkHeaderText(value: string, variable: string | undefined): void {
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
    throw new Error(`${variable} contains a character that HTTP headers cannot contain.`);
  }
}
