import type { IntrospectionOptions, JwtOptions } from '../runtime/serve/auth/auth-options.ts';
import type { ScopeRules } from '../runtime/transforms/scope-rules.ts';

/** An identity provider, and what its tokens must say. */
interface ProviderConfig {
  /** A preset, such as `auth0:acme.eu.auth0.com`, or the issuer URL of an OpenID Connect provider. */
  readonly provider?: string;
  /** What `aud` of a token must be, or a list of which one must be. Default: the public URL. */
  readonly audience?: string | readonly string[];
  /** This server at the provider, for presets that need it. The variable `OPENAPI_MCP_AUTH_CLIENT_ID` takes precedence. */
  readonly clientId?: string;
  /** The variable `OPENAPI_MCP_AUTH_CLIENT_SECRET` takes precedence. */
  readonly clientSecret?: string;
}

/** Flags override it. */
export interface CallerAuthConfig extends ProviderConfig {
  /** The URL of the MCP endpoint that clients use: tokens are issued for it. */
  readonly publicUrl?: string;
  /** Scopes that every call needs. */
  readonly requiredScopes?: readonly string[];
  /** Who of the users of the provider may call: claim → values, with `*`. Default: all of them. */
  readonly allow?: Readonly<Record<string, readonly string[]>>;
  /** Further scopes that the metadata lists. */
  readonly scopesSupported?: readonly string[];
  readonly verifiers?: readonly VerifierConfig[];
  /** Callers with a key of their own, at least 16 characters long. */
  readonly keys?: readonly { readonly name: string; readonly key: string; readonly scopes?: readonly string[] }[];
  /** Scopes that single tools, resources and prompts need. */
  readonly scopes?: ScopeRules;
  /** How a browser logs in at the provider before its user connects an account. Needed for the credential `connect`. */
  readonly login?: BrowserLoginConfig;
  /** An authorization server of our own, for providers that MCP clients cannot register with. */
  readonly proxy?: OAuthProxyConfig;
  /** How long a verified token is trusted without asking again, in seconds. Default 60. */
  readonly cacheSeconds?: number;
  /** By how much the clocks of the provider and this machine may differ, in seconds. Default 30. */
  readonly clockTolerance?: number;
}

/** An application at the provider, with the redirect URI `<origin of publicUrl>/connect/login`. */
export interface BrowserLoginConfig {
  /** Default: `clientId` and `clientSecret` next to `login`. */
  readonly clientId?: string;
  /** Default: none, a public client. */
  readonly clientSecret?: string;
  /** Default: `openid`, or those of the preset. */
  readonly scopes?: readonly string[];
}

export interface OAuthProxyConfig {
  /** At least 32 characters: signs tokens and encrypts logins. */
  readonly secret: string;
  /** Where logins are kept, encrypted. Default: in memory. */
  readonly folder?: string;
  /** Redirect URIs that clients may use; `*` stands for any text in a path, or the port of a loopback address. */
  readonly allowedRedirectUris?: readonly string[];
  /** Endpoints and scopes at the provider, instead of those of the preset. */
  readonly upstream?: {
    readonly authorizationEndpoint?: string;
    readonly tokenEndpoint?: string;
    readonly scopes?: readonly string[];
  };
}

/** One more issuer of tokens: one of `provider`, `jwt` and `introspection`. */
export interface VerifierConfig extends ProviderConfig {
  readonly jwt?: JwtOptions;
  readonly introspection?: IntrospectionOptions;
}
