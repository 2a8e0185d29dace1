import { LoginError } from '../../../api/auth/login-error.ts';
import {
  type AuthorizationServer,
  checkedEndpoint,
  fetchMetadata,
  type IssuerAccess,
  invalidMetadata,
  type Metadata,
  serverOfIssuer,
  texts,
} from '../../../api/auth/server-metadata.ts';
import { covers, resourceUrl } from './resource-url.ts';

/** What an MCP server says about its tokens (RFC 9728 §2). */
export interface ProtectedResource {
  /** The `resource` parameter of requests for a token (RFC 8707). */
  readonly resource: string;
  /** Where this was found. `undefined`: nowhere; the server is its own authorization server (MCP 2025-03-26). */
  readonly metadataUrl: string | undefined;
  /** Issuer identifiers of its authorization servers, at least one. */
  readonly issuers: readonly string[];
  /** Scopes to request if no challenge names any. */
  readonly scopes: readonly string[];
}

/**
 * The metadata of an MCP server: at the URL that its challenge names, otherwise at the well-known URL with the path of
 * the server, then at the one of its origin (MCP 2025-11-25, protected resource metadata discovery).
 *
 * @throws LoginError `LOGIN_METADATA_INVALID` if it is for another resource, or names no authorization server
 */
export async function protectedResource(
  serverUrl: string,
  { metadataUrl, access }: { readonly metadataUrl: string | undefined; readonly access: IssuerAccess },
): Promise<ProtectedResource> {
  const { origin, pathname } = new URL(serverUrl);
  const known = `${origin}/.well-known/oauth-protected-resource`;
  const urls = metadataUrl === undefined ? [known + pathname.replace(/\/+$/, ''), known] : [metadataUrl];
  for (const url of new Set(urls)) {
    const found = await resourceAt(url, serverUrl, access);
    if (found !== undefined) return found;
  }
  if (metadataUrl !== undefined) throw invalidMetadata(metadataUrl, 'cannot be read');
  return { resource: resourceUrl(serverUrl), metadataUrl: undefined, issuers: [origin], scopes: [] };
}

/**
 * The metadata at a URL; `undefined` if there is none.
 *
 * @throws LoginError `LOGIN_METADATA_INVALID` if it is for another resource, or names no authorization server
 */
export async function resourceAt(
  url: string,
  serverUrl: string,
  access: IssuerAccess,
): Promise<ProtectedResource | undefined> {
  const metadata = await fetchMetadata(checkedEndpoint(url, { name: 'resource_metadata', access }), access);
  return metadata && resourceOf(metadata, url, serverUrl);
}

function resourceOf(metadata: Metadata, url: string, serverUrl: string): ProtectedResource {
  const { resource } = metadata;
  // RFC 9728 §3.3: metadata for another resource must not be used: it could be that of an attacker.
  if (typeof resource !== 'string' || !covers(resource, serverUrl)) {
    throw invalidMetadata(url, `is not for ${resourceUrl(serverUrl)}`);
  }
  const issuers = texts(metadata.authorization_servers);
  if (issuers.length === 0) throw invalidMetadata(url, 'names no authorization server');
  return { resource, metadataUrl: url, issuers, scopes: texts(metadata.scopes_supported) };
}

/** More than any server has. */
const MOST = 5;

/**
 * The first usable authorization server of an MCP server.
 *
 * @param problemOf why a server cannot be used; `undefined` if it can
 * @throws LoginError the problem of the first one; `LOGIN_UNDISCOVERABLE` if the MCP server names none
 */
export async function authorizationServerOf(
  { resource, metadataUrl, issuers }: ProtectedResource,
  access: IssuerAccess,
  problemOf: (server: AuthorizationServer) => LoginError | undefined = () => undefined,
): Promise<AuthorizationServer> {
  let first: LoginError | undefined;
  for (const issuer of issuers.slice(0, MOST)) {
    try {
      const server = await serverOfIssuer(issuer, { ...access, openId: metadataUrl !== undefined });
      const problem = problemOf(server);
      if (problem === undefined) return server;
      first ??= problem;
    } catch (error) {
      if (!(error instanceof LoginError)) throw error;
      first ??= metadataUrl === undefined && error.code === 'LOGIN_METADATA_INVALID' ? undiscoverable(resource) : error;
    }
  }
  throw first ?? undiscoverable(resource);
}

const undiscoverable = (resource: string): LoginError =>
  new LoginError(
    'LOGIN_UNDISCOVERABLE',
    `${resource} does not say where to log in: neither it nor its origin publishes metadata.`,
    { hint: 'If it requires a token, ask its operator for one.' },
  );
