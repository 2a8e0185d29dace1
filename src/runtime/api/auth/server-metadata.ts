import { messageOf } from '../../errors.ts';
import type { HttpSender } from '../http.ts';
import { isPrivateUrl } from '../request/server-url.ts';
import { LoginError } from './login-error.ts';
import { readJson } from './read-json.ts';
import { authenticationFor, type TokenClient } from './token-request.ts';

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
  /** Whether a client id may be the URL of the client's metadata (draft-ietf-oauth-client-id-metadata-document §5). */
  readonly readsClientMetadata: boolean;
}

export type Metadata = Readonly<Record<string, unknown>>;

interface Place {
  readonly issuer: string;
  readonly metadataUrl: string;
  readonly access: IssuerAccess;
  /** Allow the slash that Azure and others add to the issuer. Default: false, as RFC 8414 §3.3 requires. */
  readonly allowSlash?: boolean;
}

/**
 * The authorization server with an issuer identifier, from the first of its metadata URLs that has some (RFC 8414 §3.1,
 * OpenID Connect Discovery 1.0 §4.1).
 *
 * @throws LoginError `LOGIN_UNREACHABLE`, or `LOGIN_METADATA_INVALID` also if there is no metadata
 */
export async function serverOfIssuer(
  issuer: string,
  { openId = true, ...access }: IssuerAccess & { /** Also by OpenID Connect Discovery. */ readonly openId?: boolean },
): Promise<AuthorizationServer> {
  checkedEndpoint(issuer, { name: 'issuer', access });
  for (const metadataUrl of metadataUrls(issuer).slice(0, openId ? undefined : 1)) {
    const metadata = await fetchMetadata(metadataUrl, access);
    if (metadata !== undefined) return fromMetadata(metadata, { issuer, metadataUrl, access });
  }
  throw new LoginError('LOGIN_METADATA_INVALID', `The authorization server ${issuer} publishes no metadata.`, {
    hint: 'Report it to its operator.',
  });
}

/** In the order of MCP 2025-11-25, authorization server metadata discovery. */
function metadataUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const urls = [
    // RFC 8414 first.
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}/.well-known/openid-configuration${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ];
  return [...new Set(urls)];
}

/** @throws LoginError unless the metadata is that of the issuer, and every endpoint may be used */
export function fromMetadata(metadata: Metadata, place: Place): AuthorizationServer {
  const { issuer, metadataUrl, access, allowSlash = false } = place;
  // RFC 8414 §3.3: identical, or it could be the metadata of an attacker.
  if (metadata.issuer !== issuer && !(allowSlash && metadata.issuer === `${issuer}/`)) {
    throw invalidMetadata(metadataUrl, `names another issuer than ${issuer}`);
  }
  const endpoint = (name: string) => {
    const url = metadata[name];
    if (url === undefined) return undefined;
    if (typeof url !== 'string') throw invalidMetadata(metadataUrl, `has a "${name}" that is not a URL`);
    return checkedEndpoint(url, { name, access });
  };
  const tokenEndpoint = endpoint('token_endpoint');
  if (tokenEndpoint === undefined) throw invalidMetadata(metadataUrl, 'has no "token_endpoint"');
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

/** What metadata says besides its endpoints. */
export const facts = (metadata: Metadata) => ({
  codeChallengeMethods: texts(metadata.code_challenge_methods_supported),
  sendsIssuer: metadata.authorization_response_iss_parameter_supported === true,
  authMethods:
    metadata.token_endpoint_auth_methods_supported === undefined
      ? ['client_secret_basic']
      : texts(metadata.token_endpoint_auth_methods_supported),
  scopes: texts(metadata.scopes_supported),
  readsClientMetadata: metadata.client_id_metadata_document_supported === true,
});

/** What is assumed of a server that publishes no metadata. */
export const WITHOUT_METADATA = {
  codeChallengeMethods: undefined,
  sendsIssuer: false,
  authMethods: ['client_secret_basic'],
  scopes: [],
  readsClientMetadata: false,
} as const satisfies Partial<AuthorizationServer>;

/** A client, with the way in which it authenticates at a server. */
export function clientAt(
  { authMethods }: Pick<AuthorizationServer, 'authMethods'>,
  { clientId, clientSecret }: { readonly clientId: string; readonly clientSecret?: string | undefined },
): TokenClient {
  if (clientSecret === undefined) return { clientId, authentication: 'none' };
  return { clientId, clientSecret, authentication: authenticationFor(authMethods) };
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

/** The JSON object at a URL; `undefined` if the status is not 200. @throws LoginError */
export async function fetchMetadata(url: string, access: IssuerAccess): Promise<Metadata | undefined> {
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

/** A server did not respond. */
export function unreachable(url: string, cause: unknown, what = 'authorization server'): LoginError {
  const message = `The ${what} at ${new URL(url).host} cannot be reached: it ${messageOf(cause)}`;
  return new LoginError('LOGIN_UNREACHABLE', message, { hint: 'Check the network and proxy settings.', cause });
}

export const invalidMetadata = (url: string, why: string): LoginError =>
  new LoginError('LOGIN_METADATA_INVALID', `The metadata at ${url} ${why}.`, {
    hint: 'Check that address. If it is right, report this to its operator.',
  });

/** The strings of a list; none if it is not a list. */
export const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

/** A member, if it has a value. */
export const named = <Name extends string>(name: Name, value: string | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: string };
