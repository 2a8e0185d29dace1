import { type AuthFetch, globalFetch } from '../runtime/serve/auth/auth-fetch.ts';
import { isSafeUrl } from '../runtime/serve/auth/safe-url.ts';
import type { TokenVerifier } from '../runtime/serve/auth/token-verifier.ts';
import { redirectPattern } from './redirect-uri.ts';
import type { OAuthProxyStore } from './store.ts';

export interface OAuthProxyOptions {
  /**
   * Public URL of this server, `https://mcp.example.com`, optionally with a path: the issuer of its tokens, and the
   * base of its endpoints. https, or http on a loopback address.
   */
  readonly baseUrl: string;
  /** Canonical URL of the MCP endpoint: `aud` of the tokens, and the only accepted `resource` (RFC 8707). */
  readonly resource: string;
  readonly upstream: UpstreamOptions;
  /** Verifies the upstream's access tokens, and says who the user is. */
  readonly verifier: TokenVerifier;
  /**
   * Redirect URIs that clients may use: exact, or with `*` for any text in a path or for the port of a loopback
   * address, such as `cursor://anysphere.cursor-mcp/*`. Default: any https URI that the client names in its metadata,
   * and http on loopback addresses with any port.
   */
  readonly allowedRedirectUris?: readonly string[];
  /**
   * Scopes that clients may request, from `upstream.scopes`; those with a prefix also without it (`api://<id>/read`,
   * `read`). A user gets what the upstream grants. Default: `upstream.scopes` without those of OpenID Connect. */
  readonly scopesSupported?: readonly string[];
  readonly store: OAuthProxyStore;
  /**
   * 32 bytes, or a passphrase of at least 32 characters. Signs the tokens, and encrypts what is stored. All processes of
   * a server share it; changing it ends every login and every client registration.
   */
  readonly secret: string | Uint8Array;
  /** Host names with port, in addition to that of `baseUrl`, that a reverse proxy may put into `Host`. */
  readonly allowedHosts?: readonly string[];
  /** Reaches the upstream. Default: the global `fetch`. */
  readonly fetch?: AuthFetch;
  /**
   * Reaches public addresses only: for the metadata documents of clients whose id is a URL. Without it, such clients
   * are not supported.
   */
  readonly publicFetch?: AuthFetch;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly now?: () => number;
  /** Receives errors that the operator should know about. They contain no token and no secret. */
  readonly onError: (error: Error) => void;
}

/** The provider that logs users in, and the client that is registered there for this server. */
export interface UpstreamOptions {
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** Tokens are revoked here (RFC 7009) when a client revokes its own. Some providers then end all logins of the user. */
  readonly revocationEndpoint?: string;
  /** Compared with `iss` of the callback, if the callback has it (RFC 9207). */
  readonly issuer?: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** How the client authenticates (RFC 6749 §2.3.1). Default: `basic`, or `none` without a secret. */
  readonly clientAuthentication?: 'basic' | 'post' | 'none';
  /** Scopes that are requested upstream. */
  readonly scopes: readonly string[];
  /** Further parameters of the authorization request, such as `access_type: 'offline'`. */
  readonly authorizeParameters?: Readonly<Record<string, string>>;
  /** Further parameters of token requests. */
  readonly tokenParameters?: Readonly<Record<string, string>>;
  /** Send `resource` upstream (RFC 8707). Default: false. */
  readonly forwardResource?: boolean;
  /** Use PKCE upstream (RFC 7636). Default: true. */
  readonly pkce?: boolean;
}

/** An option of the OAuth proxy is not valid. The message says which one, and what to pass instead. */
export class OAuthProxyOptionError extends Error {
  override readonly name = 'OAuthProxyOptionError';
}

/** The options with defaults, and what follows from them. */
export interface Settings extends Omit<OAuthProxyOptions, 'allowedRedirectUris' | 'fetch' | 'now' | 'upstream'> {
  /** `baseUrl` without a trailing slash. */
  readonly issuer: string;
  readonly base: URL;
  readonly secure: boolean;
  readonly callbackUrl: string;
  readonly hosts: ReadonlySet<string>;
  readonly redirectPatterns: readonly RegExp[] | undefined;
  readonly scopesSupported: readonly string[];
  readonly upstream: UpstreamOptions & Required<Pick<UpstreamOptions, 'clientAuthentication' | 'pkce'>>;
  readonly fetch: AuthFetch;
  readonly now: () => number;
}

/** @throws OAuthProxyOptionError */
export function settle(options: OAuthProxyOptions): Settings {
  const { upstream } = options;
  const base = endpoint('baseUrl', options.baseUrl);
  if (base.search !== '' || base.hash !== '') throw invalid('baseUrl', 'has a query or fragment');
  const issuer = base.href.replace(/\/+$/, '');
  checkResource(options.resource);
  checkUpstream(upstream);
  checkSecret(options.secret);
  checkScopes(options);
  const { allowedRedirectUris, ...rest } = options;
  return {
    ...rest,
    issuer,
    base: new URL(issuer),
    secure: base.protocol === 'https:',
    callbackUrl: `${issuer}/auth/callback`,
    hosts: new Set([base.host, ...(options.allowedHosts ?? [])].map((host) => host.toLowerCase())),
    redirectPatterns: allowedRedirectUris?.map(compiled),
    scopesSupported: options.scopesSupported ?? upstream.scopes.filter((scope) => !OPENID_SCOPES.has(scope)),
    upstream: {
      ...upstream,
      clientAuthentication: upstream.clientAuthentication ?? (upstream.clientSecret === undefined ? 'none' : 'basic'),
      pkce: upstream.pkce ?? true,
    },
    fetch: options.fetch ?? globalFetch,
    now: options.now ?? Date.now,
  };
}

const OPENID_SCOPES = new Set(['openid', 'profile', 'email', 'address', 'phone', 'offline_access']);

/** Set by the proxy; overriding them would switch its protections off. */
const RESERVED = new Set([
  'client_id',
  'client_secret',
  'code',
  'code_challenge',
  'code_challenge_method',
  'code_verifier',
  'grant_type',
  'redirect_uri',
  'refresh_token',
  'resource',
  'response_mode',
  'response_type',
  'scope',
  'state',
]);

function endpoint(option: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) throw invalid(option, 'is not an absolute URL');
  if (!isSafeUrl(url)) throw invalid(option, 'must be https, or http on a loopback address');
  if (url.username !== '' || url.password !== '') throw invalid(option, 'contains a user name');
  return url;
}

function checkResource(resource: string): void {
  if (endpoint('resource', resource).hash !== '') throw invalid('resource', 'has a fragment');
}

function checkUpstream(upstream: UpstreamOptions): void {
  endpoint('upstream.authorizationEndpoint', upstream.authorizationEndpoint);
  endpoint('upstream.tokenEndpoint', upstream.tokenEndpoint);
  if (upstream.revocationEndpoint !== undefined) endpoint('upstream.revocationEndpoint', upstream.revocationEndpoint);
  if (upstream.clientId === '') throw invalid('upstream.clientId', 'is empty');
  if (upstream.clientSecret === '')
    throw invalid('upstream.clientSecret', 'is empty: pass the secret, or leave it out');
  const needsSecret = upstream.clientAuthentication === 'basic' || upstream.clientAuthentication === 'post';
  if (needsSecret && upstream.clientSecret === undefined) {
    throw invalid('upstream.clientSecret', `is required for clientAuthentication "${upstream.clientAuthentication}"`);
  }
  for (const option of ['authorizeParameters', 'tokenParameters'] as const) {
    const reserved = Object.keys(upstream[option] ?? {}).find((name) => RESERVED.has(name));
    if (reserved !== undefined) throw invalid(`upstream.${option}.${reserved}`, 'is set by the proxy: leave it out');
  }
}

/** Consent grants nothing that the upstream does not. */
function checkScopes({ scopesSupported = [], upstream }: OAuthProxyOptions): void {
  const asked = new Set(upstream.scopes.flatMap((scope) => [scope, scope.slice(scope.lastIndexOf('/') + 1)]));
  const foreign = scopesSupported.find((scope) => !asked.has(scope));
  if (foreign === undefined) return;
  throw invalid(
    'scopesSupported',
    `"${foreign}" is not among the scopes that are requested upstream, so no user would have it. Add it to upstream.scopes, or leave it out`,
  );
}

function checkSecret(secret: string | Uint8Array): void {
  if (secret.length >= 32) return;
  const unit = typeof secret === 'string' ? 'characters' : 'bytes';
  throw invalid(
    'secret',
    `has ${secret.length} ${unit}, at least 32 are required. Create one: openssl rand -base64 32`,
  );
}

function compiled(pattern: string): RegExp {
  try {
    return redirectPattern(pattern);
  } catch (error) {
    throw invalid('allowedRedirectUris', `"${pattern}" ${(error as Error).message}`);
  }
}

const invalid = (option: string, fault: string) => new OAuthProxyOptionError(`${option}: ${fault}.`);
