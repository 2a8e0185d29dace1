import { type ApiModel, type AuthRequirement, type AuthScheme, getOwn, takesClient } from '../../../model/index.ts';
import { defaultClientAuth } from './client-credentials.ts';
import { type Credential, type Credentials, credentialVariables } from './credentials.ts';

/** The credentials that a server has for its calls. */
export interface Means {
  readonly auth: ApiModel['auth'];
  readonly credentials: Credentials;
  /** Schemes whose credential came from the program or config file (`auth`). */
  readonly given?: ReadonlySet<string>;
  /** The user's own headers (`--header`), sent to the API's servers only. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The sender has a certificate and key for mutual TLS. */
  readonly hasClientCertificate: boolean;
  /** Prefix of variable names if several APIs are served. */
  readonly prefix?: string | undefined;
  /** The command that logs a person in for a scheme; absent where stored logins are not used. */
  readonly loginCommand?: ((scheme: string) => string) | undefined;
}

/** One scheme in a startup report. Contains no values. */
export interface SchemeReport {
  readonly scheme: string;
  /** In words: `API key in header X-API-Key`. */
  readonly kind: string;
  /** All of its variables, including alternatives. */
  readonly variables: readonly string[];
  /** Each is enough, with all of its variables. */
  readonly alternatives: readonly (readonly string[])[];
  readonly found: boolean;
  /** The source of its credential: variable names, or `auth.<scheme>`. */
  readonly set: readonly string[];
  /** Each caller connects an account at a third party. */
  readonly connect?: true;
  /** The command that logs a person in for it; absent if that is not possible. */
  readonly loginCommand?: string;
  /** The stored login that is used. `expiresAt`: of its token, ISO 8601; absent if that is unknown. */
  readonly login?: { readonly expiresAt?: string; readonly renewable: boolean };
}

/** Which credentials were found and which are missing, by scheme. */
export function describeCredentials(means: Means): readonly SchemeReport[] {
  return Object.entries(means.auth).map(([scheme, definition]) => {
    const { alternatives, optional } = credentialVariables(scheme, definition, means.prefix);
    return {
      scheme,
      kind: schemeInWords(definition),
      variables: [...new Set([...alternatives.flat(), ...optional])],
      alternatives,
      found: isSatisfied(scheme, means),
      set: originsOf(scheme, means, alternatives),
      ...(isConnected(scheme, means) && { connect: true as const }),
      ...loginOf(scheme, definition, means),
    };
  });
}

function isConnected(scheme: string, { credentials }: Means): boolean {
  const credential = getOwn(credentials, scheme);
  return credential?.kind === 'caller' && credential.way.kind === 'connect';
}

/** Whether a person can log in for a scheme. */
export function canLogIn(scheme: AuthScheme): boolean {
  if (scheme.kind === 'openIdConnect') return true;
  if (scheme.kind !== 'oauth2') return false;
  const { authorizationCode, deviceAuthorization, metadataUrl } = scheme;
  return authorizationCode !== undefined || deviceAuthorization !== undefined || metadataUrl !== undefined;
}

function loginOf(name: string, scheme: AuthScheme, { credentials, loginCommand }: Means) {
  const credential = getOwn(credentials, name);
  const command = loginCommand && canLogIn(scheme) ? { loginCommand: loginCommand(name) } : {};
  if (credential?.kind !== 'login') return command;
  const { expiresAt, renewable } = credential;
  const expiry = expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() };
  return { ...command, login: { ...expiry, renewable } };
}

/** The source of a scheme's credential: variable names, `auth.<scheme>`, or the user's own header. */
export function sourcesOf(scheme: string, means: Means): readonly string[] {
  const { auth, headers, prefix } = means;
  const definition = getOwn(auth, scheme);
  if (definition === undefined) return [];
  if (!isHandled(scheme, means) && isGivenByUser(definition, headers)) return [`the header ${headerOf(definition)}`];
  return originsOf(scheme, means, credentialVariables(scheme, definition, prefix).alternatives);
}

/** A client uses the variables of its secret or those of its key, every other credential the first. */
function originsOf(
  scheme: string,
  { credentials, given }: Means,
  [first = [], withSecret = [], withKey = []]: readonly (readonly string[])[],
): readonly string[] {
  if (given?.has(scheme)) return [`auth.${scheme}`];
  const credential = getOwn(credentials, scheme);
  if (credential === undefined) return [];
  if (credential.kind === 'login') return [`the login for "${scheme}"`];
  if (credential.kind !== 'clientCredentials') return first;
  switch (defaultClientAuth(credential)) {
    case 'private_key_jwt':
      return withKey;
    case 'tls_client_auth':
      return withSecret.slice(0, 1);
    default:
      return withSecret;
  }
}

/** Whether a scheme can be satisfied: by the user's own header, by its credential, or by the client certificate. */
export function isSatisfied(scheme: string, means: Means): boolean {
  const definition = getOwn(means.auth, scheme);
  if (definition === undefined) return false;
  if (isHandled(scheme, means)) return true;
  if (definition.kind === 'mutualTls') return means.hasClientCertificate;
  if (isGivenByUser(definition, means.headers)) return true;
  const credential = getOwn(means.credentials, scheme);
  return credential !== undefined && (means.hasClientCertificate || !needsCertificate(credential));
}

/** Whether code of the user authenticates requests for the scheme. */
const isHandled = (scheme: string, { credentials }: Means): boolean => getOwn(credentials, scheme)?.kind === 'handler';

const needsCertificate = (credential: Credential): boolean =>
  credential.kind === 'clientCredentials' && credential.clientAuth === 'tls_client_auth';

/** Whether the user's own header is the one that would carry the scheme's credential. */
export function isGivenByUser(scheme: AuthScheme, headers: Means['headers']): boolean {
  const header = headerOf(scheme)?.toLowerCase();
  return header !== undefined && headers.some(([name]) => name.toLowerCase() === header);
}

/**
 * The requirement to use: the first one whose schemes can all be satisfied. An empty requirement (no credential) is
 * used only if there is no other. `undefined` if none can be satisfied. An empty list requires nothing.
 */
export function chooseRequirement(requirements: readonly AuthRequirement[], means: Means): AuthRequirement | undefined {
  if (requirements.length === 0) return NOTHING;
  const possible = requirements.filter(({ schemes }) => schemes.every(({ scheme }) => isSatisfied(scheme, means)));
  return possible.find(({ schemes }) => schemes.length > 0) ?? possible[0];
}

/** What would satisfy each requirement, in words: `an API key for "a" (set API_KEY_A) and …`. */
export function needsInWords(requirements: readonly AuthRequirement[], means: Means): readonly string[] {
  return requirements.map(({ schemes }) => {
    const missing = schemes.filter(({ scheme }) => !isSatisfied(scheme, means));
    return missing.map(({ scheme }) => needInWords(scheme, means)).join(' and ');
  });
}

const NOTHING: AuthRequirement = { schemes: [] };

function needInWords(name: string, { auth, credentials, prefix, loginCommand }: Means): string {
  const scheme = getOwn(auth, name);
  if (scheme === undefined) return `"${name}", which the document does not define`;
  const { alternatives } = credentialVariables(name, scheme, prefix);
  const article = /^(API|AWS|OAuth|OpenID)/.test(schemeInWords(scheme)) ? 'an' : 'a';
  const login = loginCommand && canLogIn(scheme) ? `, or log in: ${loginCommand(name)}` : '';
  const credential = getOwn(credentials, name);
  const way = credential && needsCertificate(credential) ? CERTIFICATE : wayInWords(scheme, alternatives);
  return `${article} ${schemeInWords(scheme)} for "${name}" (${way}${login})`;
}

const CERTIFICATE = 'pass --cert and --key';

function wayInWords(scheme: AuthScheme, alternatives: readonly (readonly string[])[]): string {
  if (scheme.kind === 'mutualTls') return CERTIFICATE;
  if (scheme.kind === 'otherHttp') return "give --header 'Authorization: …', or an auth handler";
  return `set ${alternativesInWords(alternatives)}`;
}

/** `A, or B and C` */
export const alternativesInWords = (alternatives: readonly (readonly string[])[]): string =>
  alternatives.map((variables) => variables.join(' and ')).join(', or ');

function schemeInWords(scheme: AuthScheme): string {
  switch (scheme.kind) {
    case 'apiKey':
      return `API key in ${scheme.in} ${scheme.name}`;
    case 'basic':
      return 'user name and password';
    case 'digest':
      return 'user name and password (digest)';
    case 'awsSigV4':
      return 'AWS access key';
    case 'bearer':
      return 'bearer token';
    case 'oauth2':
      return takesClient(scheme) ? 'OAuth 2.0 token or client' : 'OAuth 2.0 token';
    case 'openIdConnect':
      return 'OpenID Connect token or client';
    case 'mutualTls':
      return 'client certificate';
    case 'otherHttp':
      return `${scheme.scheme} authorization`;
  }
}

/** The header that carries the scheme's credential. */
function headerOf(scheme: AuthScheme): string | undefined {
  switch (scheme.kind) {
    case 'apiKey':
      if (scheme.in === 'header') return scheme.name;
      // The user's own Cookie header may contain anything, so it does not count as a particular key.
      return undefined;
    case 'mutualTls':
      return undefined;
    default:
      return 'Authorization';
  }
}
