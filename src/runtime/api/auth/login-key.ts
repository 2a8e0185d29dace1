import type { AuthScheme } from '../../../model/index.ts';
import { SELF, type TokenKey } from '../../secrets/token-store.ts';

/**
 * Where the login for a scheme is stored. It depends on the document alone, so that nothing is fetched to find it: if
 * the document names another authorization server or another API, there is no login for it.
 *
 * @param serverUrl the API's server, and the base of relative URLs (OpenAPI 3.1.1 §4.6)
 * @returns undefined if no person can log in for the scheme
 */
export function loginKey(scheme: AuthScheme, serverUrl: string): TokenKey | undefined {
  const issuer = issuerOf(scheme, serverUrl);
  return issuer === undefined ? undefined : { issuer, audience: new URL(serverUrl).origin, account: SELF };
}

/**
 * The issuer identifier that the metadata of a scheme must have (RFC 8414 §3.3, OpenID Connect Discovery 1.0 §4.3).
 * Without a metadata URL: the origin of the token endpoint.
 */
export function issuerOf(scheme: AuthScheme, serverUrl: string): string | undefined {
  const metadataUrl = metadataUrlOf(scheme, serverUrl);
  if (metadataUrl !== undefined) return issuerOfMetadata(metadataUrl);
  if (scheme.kind !== 'oauth2') return undefined;
  const flow = scheme.authorizationCode ?? scheme.deviceAuthorization;
  const tokenUrl = flow && resolved(flow.tokenUrl, serverUrl);
  return tokenUrl === undefined ? undefined : new URL(tokenUrl).origin;
}

/** The absolute URL of the metadata of a scheme's authorization server, if the document has one. */
export function metadataUrlOf(scheme: AuthScheme, serverUrl: string): string | undefined {
  if (scheme.kind === 'openIdConnect') return resolved(scheme.discoveryUrl, serverUrl);
  return scheme.kind === 'oauth2' && scheme.metadataUrl !== undefined
    ? resolved(scheme.metadataUrl, serverUrl)
    : undefined;
}

/** An http(s) URL; `undefined` if it is anything else. */
export function resolved(url: string, base: string): string | undefined {
  if (!URL.canParse(url, base)) return undefined;
  const { href, protocol } = new URL(url, base);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}

const OAUTH = '/.well-known/oauth-authorization-server';
const OPENID = '/.well-known/openid-configuration';

/** RFC 8414 puts the path of the issuer after the well-known part, OpenID Connect before it. */
function issuerOfMetadata(url: string): string {
  const { origin, pathname } = new URL(url);
  if (pathname.endsWith(OPENID)) return origin + pathname.slice(0, -OPENID.length);
  for (const start of [OAUTH, OPENID]) {
    if (pathname === start || pathname.startsWith(`${start}/`)) return origin + pathname.slice(start.length);
  }
  return origin;
}
