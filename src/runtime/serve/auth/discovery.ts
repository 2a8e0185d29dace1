import { messageOf } from '../../errors.ts';
import { AuthError } from './auth-error.ts';
import { type AuthFetch, fetchJson } from './auth-fetch.ts';

/** What an authorization server says about itself (RFC 8414 §2, OpenID Connect Discovery 1.0 §3). */
export interface IssuerMetadata {
  readonly issuer: string;
  readonly jwksUri: string;
}

/**
 * Fetches the metadata of an issuer, from the well-known URLs in the order of MCP 2025-11-25 (authorization server
 * metadata discovery).
 *
 * @throws AuthError `AUTH_PROVIDER_UNREACHABLE` if there is none; `AUTH_ISSUER_MISMATCH` if it names another issuer (RFC
 *   8414 §3.3); `AUTH_DISCOVERY_INVALID` if it has no key set
 */
export async function discoverIssuer(issuer: string, fetch: AuthFetch): Promise<IssuerMetadata> {
  const failures: string[] = [];
  for (const url of discoveryUrls(issuer)) {
    const found = await documentAt(url, fetch).catch((error: unknown) => {
      failures.push(`${url}: ${messageOf(error)}`);
      return undefined;
    });
    if (found) return checked(found, issuer, url);
  }
  throw new AuthError(
    'AUTH_PROVIDER_UNREACHABLE',
    `No discovery document of the issuer ${issuer} could be read: ${failures.join('; ')}. Check the URL and that this machine can reach it.`,
  );
}

/** @throws AuthError */
function discoveryUrls(issuer: string): readonly string[] {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  const isSafe = url && (url.protocol === 'https:' || isLoopbackUrl(url));
  if (!isSafe || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new AuthError(
      'AUTH_OPTIONS_INVALID',
      `"${issuer}" is not an issuer URL. Write an https URL without query or fragment, such as https://login.example.com/realms/main.`,
    );
  }
  const path = url.pathname.replace(/\/$/, '');
  const at = (pathname: string) => new URL(pathname, url).href;
  return [
    ...new Set([
      at(`/.well-known/oauth-authorization-server${path}`),
      at(`/.well-known/openid-configuration${path}`),
      at(`${path}/.well-known/openid-configuration`),
    ]),
  ];
}

const isLoopbackUrl = ({ protocol, hostname }: URL) =>
  protocol === 'http:' && (hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname));

async function documentAt(url: string, fetch: AuthFetch) {
  const { status, body } = await fetchJson(fetch, url);
  if (status !== 200) throw new Error(`status ${status}`);
  if (!body) throw new Error('not a JSON object');
  return body;
}

function checked(document: Readonly<Record<string, unknown>>, issuer: string, url: string): IssuerMetadata {
  // Compared as text: RFC 8414 §3.3 requires the identical value, and a slash makes another issuer.
  if (document.issuer !== issuer) {
    const given = typeof document.issuer === 'string' ? `"${document.issuer.slice(0, 200)}"` : 'no issuer';
    throw new AuthError(
      'AUTH_ISSUER_MISMATCH',
      `The discovery document at ${url} has the issuer ${given}, not "${issuer}". If you meant that issuer, write exactly its value, including a slash at the end.`,
    );
  }
  const jwksUri = document.jwks_uri;
  if (typeof jwksUri !== 'string' || !URL.canParse(jwksUri) || !sameSafety(new URL(jwksUri), new URL(issuer))) {
    throw new AuthError(
      'AUTH_DISCOVERY_INVALID',
      `The discovery document at ${url} has no jwks_uri with an https URL, so its tokens cannot be verified. If its tokens are opaque, configure "introspection" under auth.verifiers.`,
    );
  }
  return { issuer, jwksUri };
}

/** https; plain http only for an issuer that uses it itself, on this machine. */
const sameSafety = (url: URL, issuer: URL) =>
  url.protocol === 'https:' || (issuer.protocol === 'http:' && isLoopbackUrl(url));
