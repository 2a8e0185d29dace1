import { defined } from '../../../model/index.ts';
import { messageOf } from '../../errors.ts';
import { AuthError } from './auth-error.ts';
import { type AuthFetch, fetchJson } from './auth-fetch.ts';
import { isSafeUrl } from './safe-url.ts';

/** What an authorization server says about itself (RFC 8414 §2, OpenID Connect Discovery 1.0 §3). */
export interface IssuerMetadata {
  readonly issuer: string;
  readonly jwksUri: string;
  /** Absent if it is missing, or not an https URL. */
  readonly authorizationEndpoint?: string;
  readonly tokenEndpoint?: string;
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
  let hasDocument = false;
  for (const url of discoveryUrls(issuer)) {
    const found = await documentAt(url, fetch).catch((error: unknown) => {
      failures.push(`${url}: ${messageOf(error)}`);
      return undefined;
    });
    if (!found) continue;
    const metadata = checked(found, issuer, url);
    if (metadata) return metadata;
    failures.push(`${url}: no jwks_uri with an https URL`);
    hasDocument = true;
  }
  if (hasDocument) throw withoutKeys(issuer, failures);
  throw new AuthError(
    'AUTH_PROVIDER_UNREACHABLE',
    `No discovery document of the issuer ${issuer} could be read: ${failures.join('; ')}. Check the URL and that this machine can reach it.`,
  );
}

/** @throws AuthError */
function discoveryUrls(issuer: string): readonly string[] {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (!url || !isSafeUrl(url) || url.search !== '' || url.hash !== '' || url.username !== '') {
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

async function documentAt(url: string, fetch: AuthFetch) {
  const { status, body } = await fetchJson(fetch, url);
  if (status !== 200) throw new Error(`status ${status}`);
  if (!body) throw new Error('not a JSON object');
  return body;
}

/** `undefined` if it has no key set: another document may have one. @throws AuthError if it is of another issuer */
function checked(document: Readonly<Record<string, unknown>>, issuer: string, url: string): IssuerMetadata | undefined {
  // Compared as text: RFC 8414 §3.3 requires the identical value, and a slash makes another issuer.
  if (document.issuer !== issuer) {
    const given = typeof document.issuer === 'string' ? `"${document.issuer.slice(0, 200)}"` : 'no issuer';
    throw new AuthError(
      'AUTH_ISSUER_MISMATCH',
      `The discovery document at ${url} has the issuer ${given}, not "${issuer}". If you meant that issuer, write exactly its value, including a slash at the end.`,
    );
  }
  const safe = (value: unknown) =>
    typeof value === 'string' && URL.canParse(value) && sameSafety(new URL(value), new URL(issuer)) ? value : undefined;
  const jwksUri = safe(document.jwks_uri);
  if (jwksUri === undefined) return undefined;
  const authorizationEndpoint = safe(document.authorization_endpoint);
  const tokenEndpoint = safe(document.token_endpoint);
  return { issuer, jwksUri, ...defined({ authorizationEndpoint, tokenEndpoint }) };
}

const withoutKeys = (issuer: string, failures: readonly string[]) =>
  new AuthError(
    'AUTH_DISCOVERY_INVALID',
    `No discovery document of the issuer ${issuer} says where its keys are, so its tokens cannot be verified: ${failures.join('; ')}. If its tokens are opaque, configure "introspection" under auth.verifiers.`,
  );

/** https; plain http only for an issuer that uses it itself, on this machine. */
const sameSafety = (url: URL, issuer: URL) =>
  url.protocol === 'https:' || (issuer.protocol === 'http:' && isSafeUrl(url));
