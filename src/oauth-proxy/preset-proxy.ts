import { defined } from '../model/own.ts';
import { AuthError } from '../runtime/serve/auth/auth-error.ts';
import { type AuthFetch, globalFetch } from '../runtime/serve/auth/auth-fetch.ts';
import type { AuthOptions } from '../runtime/serve/auth/auth-options.ts';
import { discoverIssuer } from '../runtime/serve/auth/discovery.ts';
import { CLOCK_TOLERANCE } from '../runtime/serve/auth/jwt-verifier.ts';
import { proxiedVerifier } from '../runtime/serve/auth/open-auth.ts';
import type { UpstreamPreset } from '../runtime/serve/auth/presets/preset.ts';
import { resolvePreset } from '../runtime/serve/auth/presets/resolve-preset.ts';
import { createOAuthProxy, type OAuthProxy } from './oauth-proxy.ts';
import type { OAuthProxyOptions } from './options.ts';
import { memoryStore, type OAuthProxyStore } from './store.ts';

export interface PresetProxyOptions
  extends Pick<AuthOptions, 'audience'>,
    Pick<OAuthProxyOptions, 'secret' | 'allowedRedirectUris' | 'scopesSupported' | 'publicFetch' | 'onError'> {
  /** A preset or an issuer URL, as in `auth.provider`. */
  readonly provider: string;
  /** The application at the provider, whose redirect URI is `<origin of publicUrl>/auth/callback`. */
  readonly clientId: string;
  readonly clientSecret?: string;
  /** The URL of the MCP endpoint that clients use. */
  readonly publicUrl: string;
  /** Default: in memory. */
  readonly store?: OAuthProxyStore;
  /** Endpoints and scopes at the provider, instead of those of the preset. */
  readonly upstream?: Partial<
    Pick<UpstreamPreset, 'authorizationEndpoint' | 'tokenEndpoint' | 'scopes' | 'forwardResource'>
  >;
  /** Sends requests to the provider. Default: the global `fetch`. */
  readonly fetch?: AuthFetch;
}

/**
 * An OAuth proxy in front of a provider with a preset, or with a discovery document.
 *
 * ```ts
 * const proxy = await presetProxy({ provider: 'github', clientId, clientSecret, publicUrl, secret, onError: console.error });
 * await server.run({ transport: 'http', auth: { publicUrl, proxy } });
 * ```
 *
 * @throws AuthError if there is no such preset, or something is missing; OAuthProxyOptionError
 */
export async function presetProxy(options: PresetProxyOptions): Promise<OAuthProxy> {
  const { provider, clientId, clientSecret, publicUrl, audience, store = memoryStore(), fetch = globalFetch } = options;
  const { allowedRedirectUris, scopesSupported, publicFetch, secret, onError } = options;
  const registered = { provider, clientId, ...(clientSecret !== undefined && { clientSecret }) };
  const preset = resolvePreset(provider, { clientId });
  const upstream = { ...(preset.upstream ?? (await discovered(preset.issuer, fetch))), ...options.upstream };
  const { authorizationEndpoint, tokenEndpoint, scopes = [], ...further } = upstream;
  if (authorizationEndpoint === undefined || tokenEndpoint === undefined) throw endpointsMissing(provider);
  const means = { resource: publicUrl, fetch, clockTolerance: CLOCK_TOLERANCE };
  const verifier = await proxiedVerifier({ ...registered, audience }, means);
  return createOAuthProxy({
    baseUrl: new URL(publicUrl).origin,
    resource: publicUrl,
    upstream: {
      // RFC 9207: the value is known exactly where a discovery document has it.
      ...(!preset.upstream && { issuer: preset.issuer }),
      ...further,
      authorizationEndpoint,
      tokenEndpoint,
      scopes,
      clientId,
      ...defined({ clientSecret }),
    },
    verifier,
    store,
    secret,
    onError,
    fetch,
    ...defined({ publicFetch, allowedRedirectUris, scopesSupported }),
  });
}

async function discovered(issuer: string, fetch: AuthFetch): Promise<Partial<UpstreamPreset>> {
  const { authorizationEndpoint, tokenEndpoint } = await discoverIssuer(issuer, fetch);
  return { scopes: ['openid', 'offline_access'], ...defined({ authorizationEndpoint, tokenEndpoint }) };
}

const endpointsMissing = (provider: string) =>
  new AuthError(
    'AUTH_OPTIONS_INVALID',
    `The OAuth proxy needs the endpoints of "${provider}". Set proxy.upstream.authorizationEndpoint and proxy.upstream.tokenEndpoint.`,
  );
