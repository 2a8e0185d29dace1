import type { AuthScheme } from '../model/index.ts';
import { issuerOf, metadataUrlOf, resolved } from '../runtime/api/auth/login-key.ts';
import { readJson } from '../runtime/api/auth/read-json.ts';
import type { HttpSender } from '../runtime/api/http.ts';
import { isPrivateUrl } from '../runtime/api/request/server-url.ts';
import { messageOf } from '../runtime/errors.ts';
import { LoginError } from './login-error.ts';

/** Requests to an authorization server. */
export interface IssuerAccess {
  readonly send: HttpSender;
  /** Whether the server may be at a private address. */
  readonly allowPrivate: boolean;
  readonly signal: AbortSignal;
}

/** What a login needs to know of an authorization server. All endpoints are checked. */
export interface AuthorizationServer {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly refreshEndpoint?: string;
  readonly authorizationEndpoint?: string;
  readonly deviceAuthorizationEndpoint?: string;
  readonly registrationEndpoint?: string;
  readonly revocationEndpoint?: string;
  /** `undefined`: there is no metadata. */
  readonly codeChallengeMethods: readonly string[] | undefined;
  /** RFC 9207 §3: responses always carry `iss`. */
  readonly sendsIssuer: boolean;
  /** RFC 8414 §2; the default is `client_secret_basic`. */
  readonly authMethods: readonly string[];
  readonly scopes: readonly string[];
}

/**
 * The authorization server of a scheme: from its metadata (RFC 8414, OpenID Connect Discovery 1.0), whose issuer must be
 * the one that the metadata URL stands for, otherwise from the document's flows.
 *
 * @throws LoginError
 */
export async function authorizationServer(
  scheme: AuthScheme,
  { serverUrl, ...access }: IssuerAccess & { readonly serverUrl: string },
): Promise<AuthorizationServer> {
  const issuer = issuerOf(scheme, serverUrl);
  if (issuer === undefined) throw unsupported('The scheme has no flow or metadata for a login.');
  const metadataUrl = metadataUrlOf(scheme, serverUrl);
  if (metadataUrl !== undefined) {
    const metadata = await fetchMetadata(metadataUrl, access);
    if (metadata === undefined) throw invalid(metadataUrl, 'cannot be read');
    return fromMetadata(metadata, { issuer, metadataUrl, access });
  }
  const described = fromDocument(scheme, { issuer, serverUrl, access });
  // Nobody promised that it is there: it counts only if it says the same as the document.
  const guess = `${issuer}/.well-known/oauth-authorization-server`;
  const metadata = await fetchMetadata(guess, access).catch(() => undefined);
  if (metadata?.issuer !== issuer || metadata.token_endpoint !== described.tokenEndpoint) return described;
  return { ...fromMetadata(metadata, { issuer, metadataUrl: guess, access }), ...described, ...facts(metadata) };
}

type Metadata = Readonly<Record<string, unknown>>;

interface Place {
  readonly issuer: string;
  readonly metadataUrl: string;
  readonly access: IssuerAccess;
}

function fromMetadata(metadata: Metadata, { issuer, metadataUrl, access }: Place): AuthorizationServer {
  // RFC 8414 §3.3: identical, or it could be the metadata of an attacker. Azure and others end it with a slash.
  if (metadata.issuer !== issuer && metadata.issuer !== `${issuer}/`) {
    throw invalid(metadataUrl, `names another issuer than ${issuer}`);
  }
  const endpoint = (name: string) => {
    const url = metadata[name];
    if (url === undefined) return undefined;
    if (typeof url !== 'string') throw invalid(metadataUrl, `has a "${name}" that is not a URL`);
    return checkedEndpoint(url, { name, access });
  };
  const tokenEndpoint = endpoint('token_endpoint');
  if (tokenEndpoint === undefined) throw invalid(metadataUrl, 'has no "token_endpoint"');
  return {
    issuer: metadata.issuer,
    tokenEndpoint,
    ...named('authorizationEndpoint', endpoint('authorization_endpoint')),
    ...named('deviceAuthorizationEndpoint', endpoint('device_authorization_endpoint')),
    ...named('registrationEndpoint', endpoint('registration_endpoint')),
    ...named('revocationEndpoint', endpoint('revocation_endpoint')),
    ...facts(metadata),
  };
}

const facts = (metadata: Metadata) => ({
  codeChallengeMethods: texts(metadata.code_challenge_methods_supported),
  sendsIssuer: metadata.authorization_response_iss_parameter_supported === true,
  authMethods:
    metadata.token_endpoint_auth_methods_supported === undefined
      ? ['client_secret_basic']
      : texts(metadata.token_endpoint_auth_methods_supported),
  scopes: texts(metadata.scopes_supported),
});

function fromDocument(
  scheme: AuthScheme,
  { issuer, serverUrl, access }: { issuer: string; serverUrl: string; access: IssuerAccess },
): AuthorizationServer {
  const { authorizationCode, deviceAuthorization } = scheme.kind === 'oauth2' ? scheme : {};
  const flow = authorizationCode ?? deviceAuthorization;
  const endpoint = (url: string | undefined, name: string) =>
    url === undefined ? undefined : checkedEndpoint(resolved(url, serverUrl) ?? url, { name, access });
  const tokenEndpoint = endpoint(flow?.tokenUrl, 'tokenUrl');
  if (tokenEndpoint === undefined) throw unsupported('The scheme has no token URL.');
  return {
    issuer,
    tokenEndpoint,
    ...named('refreshEndpoint', endpoint(flow?.refreshUrl, 'refreshUrl')),
    ...named('authorizationEndpoint', endpoint(authorizationCode?.authorizationUrl, 'authorizationUrl')),
    ...named(
      'deviceAuthorizationEndpoint',
      endpoint(deviceAuthorization?.deviceAuthorizationUrl, 'deviceAuthorizationUrl'),
    ),
    codeChallengeMethods: undefined,
    sendsIssuer: false,
    authMethods: ['client_secret_basic'],
    scopes: flow?.scopes ?? [],
  };
}

/**
 * Endpoints get codes, tokens and secrets, or are opened in a browser: https, or http in a private network
 * (RFC 9700 §2.6; `javascript:` and the like are refused).
 */
export function checkedEndpoint(
  url: string,
  { name, access: { allowPrivate } }: { readonly name: string; readonly access: Pick<IssuerAccess, 'allowPrivate'> },
): string {
  const { protocol, host, username, password } = URL.canParse(url) ? new URL(url) : { protocol: '' };
  const isPrivate = isPrivateUrl(url);
  if (protocol !== 'https:' && !(protocol === 'http:' && isPrivate)) {
    throw new LoginError('LOGIN_METADATA_INVALID', `The authorization server's "${name}" is not an https URL.`);
  }
  if (username || password) {
    throw new LoginError('LOGIN_METADATA_INVALID', `The authorization server's "${name}" contains a password.`);
  }
  if (isPrivate && !allowPrivate) {
    throw new LoginError('LOGIN_METADATA_INVALID', `The authorization server's "${name}" is at the private ${host}.`, {
      hint: 'If that is right, pass --allow-private.',
    });
  }
  return url;
}

async function fetchMetadata(url: string, access: IssuerAccess): Promise<Metadata | undefined> {
  checkedEndpoint(url, { name: 'metadata URL', access });
  const { send, signal } = access;
  try {
    const response = await send({ method: 'GET', url, headers: [['Accept', 'application/json']], signal });
    const metadata = await readJson(response.body);
    return response.status === 200 ? metadata : undefined;
  } catch (error) {
    throw unreachable(url, error);
  }
}

/** The authorization server did not respond. */
export function unreachable(url: string, cause: unknown): LoginError {
  const message = `The authorization server at ${new URL(url).host} cannot be reached: it ${messageOf(cause)}`;
  return new LoginError('LOGIN_UNREACHABLE', message, { hint: 'Check the network and proxy settings.', cause });
}

const unsupported = (message: string): LoginError => new LoginError('LOGIN_UNSUPPORTED', message);

const invalid = (url: string, why: string): LoginError =>
  new LoginError('LOGIN_METADATA_INVALID', `The metadata at ${url} ${why}.`, {
    hint: 'Check the security scheme in the document.',
  });

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

const named = <Name extends string>(name: Name, value: string | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: string };
