import { scopesIn } from '../../transforms/scope-rules.ts';
import type { Sharing } from '../process-id.ts';
import { allowedCallers } from './allowed-callers.ts';
import { AuthError } from './auth-error.ts';
import { type AuthFetch, globalFetch } from './auth-fetch.ts';
import type { AuthOptions, ProviderAuth, VerifierOptions } from './auth-options.ts';
import type { Consents } from './connect/consents.ts';
import { discoverIssuer } from './discovery.ts';
import type { InboundAuth } from './inbound-auth.ts';
import { ASYMMETRIC, CLOCK_TOLERANCE, jwtVerifier } from './jwt-verifier.ts';
import type { AuthPreset } from './presets/preset.ts';
import { resolvePreset } from './presets/resolve-preset.ts';
import { publicUrlOf } from './public-url.ts';
import { createResourceServer } from './resource-server.ts';
import { isSafeUrl } from './safe-url.ts';
import type { Digest } from './sha256.ts';
import { staticKeys } from './static-keys.ts';
import { introspection, tokenInfoVerifier } from './token-info-verifier.ts';
import type { TokenVerifier } from './token-verifier.ts';

export interface OpenAuthParts {
  /** The URL that the server listens on. */
  readonly url: string;
  /** The name of the server, for people. */
  readonly name: string;
  /** Messages name command-line flags instead of program options. */
  readonly flags: boolean;
  readonly onError: (error: Error) => void;
  readonly digest?: Digest;
  /** What this process shares with others; absent: it is alone. */
  readonly sharing?: Sharing;
}

/**
 * Sets up authentication: reads the discovery documents of the issuers, so that a wrong URL is found at the start.
 *
 * @throws AuthError
 */
export async function openAuth(options: AuthOptions, parts: OpenAuthParts): Promise<InboundAuth> {
  const resource = publicUrlOf(options, parts);
  const { fetch = globalFetch, keys = [], proxy, requiredScopes = [], scopes, cacheSeconds = 60 } = options;
  const { clockTolerance = CLOCK_TOLERANCE } = options;
  const means: Means = { resource, fetch, clockTolerance };
  // Instead of the provider: clients then have tokens of the proxy only.
  const main = proxy ?? (options.provider === undefined ? undefined : await providerVerifier(options, means));
  const verifiers: TokenVerifier[] = [
    // First: a key is recognised exactly, whatever it looks like.
    ...(keys.length > 0 ? [staticKeys(keys, parts.digest)] : []),
    ...(main ? [main] : []),
    ...(await Promise.all((options.verifiers ?? []).map((each) => verifierOf(each, means)))),
  ];
  if (verifiers.length === 0) throw nothingToVerify(parts);
  const consents = main && options.login && (await consentsOf(options, { ...means, ...parts, main }));
  if (options.login && !consents) throw loginWithoutProvider();
  const server = createResourceServer({
    resource,
    name: parts.name,
    verifiers,
    requiredScopes,
    scopesSupported: [...(options.scopesSupported ?? []), ...(scopes ? scopesIn(scopes) : [])],
    allowed: allowedCallers(options.allow),
    cacheSeconds,
    onError: parts.onError,
    ...((proxy || consents) && { pages: (path: string) => proxy?.handler(path) ?? consents?.handler(path) }),
    ...(consents && { inviting: { verifier: main, inviterFor: consents.inviterFor } }),
    ...(parts.digest && { digest: parts.digest }),
  });
  return { ...server, close: async () => proxy?.close() };
}

/** The pages on which callers consent; a browser logs in with the client of `auth.login`. @throws AuthError */
async function consentsOf(
  options: AuthOptions,
  {
    main,
    onError,
    sharing,
    ...means
  }: Means & Pick<OpenAuthParts, 'onError' | 'sharing'> & { readonly main: TokenVerifier },
): Promise<Consents> {
  if (options.provider === undefined) throw loginWithoutProvider();
  const { openConnect } = await import('./connect/open-connect.ts');
  // Tokens of the proxy are for its clients; the browser gets one of the provider.
  const verifier = options.proxy ? await proxiedVerifier(options, means) : main;
  return openConnect(options, { ...means, verifier, onError, ...(sharing && { sharing }) });
}

/** As the OAuth proxy verifies: a provider without a preset issues tokens for the client. */
export function proxiedVerifier(options: ProviderAuth, means: Means): Promise<TokenVerifier> {
  const { provider = '', clientId, audience } = options;
  const { upstream } = resolvePreset(provider, { clientId });
  return providerVerifier({ ...options, audience: audience ?? (upstream ? undefined : clientId) }, means);
}

const loginWithoutProvider = () =>
  new AuthError(
    'AUTH_OPTIONS_INVALID',
    'auth.login needs auth.provider: a browser proves there who its user is. Keys, one token for all, and verifiers of other issuers name nobody who could log in.',
  );

interface Means {
  readonly resource: string;
  readonly fetch: AuthFetch;
  readonly clockTolerance: number;
}

async function verifierOf(given: TokenVerifier | VerifierOptions, means: Means): Promise<TokenVerifier> {
  if ('verify' in given) return given;
  const { fetch, resource, clockTolerance } = means;
  if (given.jwt) {
    assertSafe(given.jwt.jwksUri, 'jwt.jwksUri');
    assertAsymmetric(given.jwt.algorithms);
    return jwtVerifier({ ...given.jwt, audience: audiencesOf(given.jwt, resource), clockTolerance, fetch });
  }
  if (given.introspection) {
    const { url, issuer = new URL(url).origin, clientId, clientSecret } = given.introspection;
    assertSafe(url, 'introspection.url');
    const audience = audiencesOf(given.introspection, resource);
    return tokenInfoVerifier({ issuer, info: introspection(url), clientId, clientSecret, audience, fetch });
  }
  return providerVerifier(given, means);
}

/** The verifier of a preset or an issuer URL. @throws AuthError */
export async function providerVerifier(
  options: ProviderAuth,
  { resource, fetch, clockTolerance }: Means,
): Promise<TokenVerifier> {
  const { provider, clientId, clientSecret } = options;
  if (provider === undefined) {
    throw new AuthError('AUTH_OPTIONS_INVALID', 'A verifier needs one of provider, jwt and introspection.');
  }
  const preset = resolvePreset(provider, { clientId });
  const { issuer, tokens } = preset;
  if (tokens.kind === 'opaque') {
    assertClient(preset, options, tokens.info.authenticate === 'basic');
    return tokenInfoVerifier({ issuer, info: tokens.info, clientId, clientSecret, audience: [], fetch });
  }
  const usual = tokens.audience ?? resource;
  if (usual === 'client-id' && options.audience === undefined) assertClient(preset, options, false);
  const fallback = usual === 'client-id' ? (clientId ?? '') : typeof usual === 'string' ? usual : usual.fixed;
  const { jwksUri = (await discoverIssuer(issuer, fetch)).jwksUri, audience: _, kind: __, ...rules } = tokens;
  return jwtVerifier({ ...rules, issuer, jwksUri, audience: audiencesOf(options, fallback), clockTolerance, fetch });
}

function assertSafe(text: string, option: string): void {
  if (URL.canParse(text) && isSafeUrl(new URL(text))) return;
  throw new AuthError(
    'AUTH_OPTIONS_INVALID',
    `auth.verifiers: ${option} must be an https URL, such as https://login.example.com/keys.`,
  );
}

/** RFC 8725 §3.1, §3.2: with a shared secret, whoever can verify tokens can make them. */
function assertAsymmetric(algorithms: readonly string[] = []): void {
  const weak = algorithms.find((name) => !ASYMMETRIC.includes(name));
  if (weak === undefined) return;
  throw new AuthError(
    'AUTH_OPTIONS_INVALID',
    `auth.verifiers: the algorithm "${weak}" is not accepted. Use an asymmetric one, such as RS256, ES256 or EdDSA.`,
  );
}

function audiencesOf({ audience }: Pick<ProviderAuth, 'audience'>, usual: string): readonly string[] {
  const given = audience ?? usual;
  return typeof given === 'string' ? [given] : given;
}

function assertClient(
  { name, title }: AuthPreset,
  { clientId = '', clientSecret = '' }: ProviderAuth,
  withSecret: boolean,
): void {
  const missing = [
    ...(clientId === '' ? ['clientId'] : []),
    ...(withSecret && clientSecret === '' ? ['clientSecret'] : []),
  ];
  if (missing.length === 0) return;
  throw new AuthError(
    'AUTH_OPTIONS_INVALID',
    `${title} needs ${missing.join(' and ')}, of your application there: without it, tokens for other applications would be accepted. Set OPENAPI_MCP_AUTH_CLIENT_ID${withSecret ? ' and OPENAPI_MCP_AUTH_CLIENT_SECRET' : ''}, or pass it with auth.provider "${name}".`,
  );
}

const nothingToVerify = ({ flags }: OpenAuthParts) =>
  new AuthError(
    'AUTH_OPTIONS_INVALID',
    `Nothing says which tokens are valid. ${flags ? 'Pass --auth <preset or issuer URL>, or set keys or verifiers in the section auth of the config file' : 'Set one of auth.provider, auth.verifiers, auth.keys and auth.proxy'}.`,
  );
