import type { ScopeRules } from '../../transforms/scope-rules.ts';
import type { AuthFetch } from './auth-fetch.ts';
import type { TokenVerifier } from './token-verifier.ts';

/** Who may call a server over HTTP. At least one of `provider`, `verifiers`, `keys` and `proxy`. */
export interface AuthOptions extends ProviderAuth {
  /**
   * The public URL of the MCP endpoint, `https://mcp.example.com/mcp`: the resource identifier (RFC 8707) for which
   * tokens are issued. Default: `audience`, if it is a URL with the path of the endpoint; otherwise the address that the
   * server listens on, if only this machine can reach it.
   */
  readonly publicUrl?: string | undefined;
  /** Scopes that every call needs. Default: none. */
  readonly requiredScopes?: readonly string[];
  /**
   * Who of the users of the provider may call: each claim must have one of these values. `*` is any text: `{ email:
   * ['*@example.com'] }`. Default: everybody with a valid token. Does not apply to `keys`.
   */
  readonly allow?: Readonly<Record<string, readonly string[]>>;
  /** Further scopes that the metadata lists. Those of `requiredScopes` and `scopes` are there anyway. */
  readonly scopesSupported?: readonly string[];
  /** Further issuers. A token is judged by the verifier of its issuer only. */
  readonly verifiers?: readonly (TokenVerifier | VerifierOptions)[];
  /** Callers with a key of their own, for small set-ups. */
  readonly keys?: readonly StaticKey[];
  /** Scopes that single tools, resources and prompts need. Default: none. */
  readonly scopes?: ScopeRules;
  /**
   * How a browser logs in at `provider`, for the pages of this server on which callers connect accounts (`connect` of an
   * API). Needed only for them.
   */
  readonly login?: BrowserLoginOptions;
  /** An authorization server of our own in front of a provider without registration: `createOAuthProxy()`. */
  readonly proxy?: AuthorizationServer;
  /** How long a verified token is trusted without verifying it again, in seconds. Default 60. */
  readonly cacheSeconds?: number;
  /** By how much the clocks of the provider and this machine may differ, in seconds. Default 30. */
  readonly clockTolerance?: number;
  /** Sends requests to the provider. Default: the global `fetch`. */
  readonly fetch?: AuthFetch;
}

/** An application at the provider, with the redirect URI `<origin of the public URL>/connect/login`. */
export interface BrowserLoginOptions {
  /** Default: `clientId` and `clientSecret` next to `login`. */
  readonly clientId?: string | undefined;
  /** Default: none, a public client. */
  readonly clientSecret?: string | undefined;
  /** Default: those that say who the person is; `openid`, or what the preset requests. */
  readonly scopes?: readonly string[];
}

/** An identity provider, and what its tokens must say. */
export interface ProviderAuth {
  /** A preset (`auth0:acme.eu.auth0.com`), or the issuer URL of an OpenID Connect or OAuth provider. */
  readonly provider?: string | undefined;
  /**
   * What `aud` of a token must be (RFC 9068 §4), or a list of which one must be. Default: the public URL of the MCP
   * endpoint, or what the preset says.
   */
  readonly audience?: string | readonly string[] | undefined;
  /** Our registration at the provider, for presets that need it. */
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
}

/** One more issuer: exactly one of `provider`, `jwt` and `introspection`. */
export interface VerifierOptions extends ProviderAuth {
  /** Tokens that are JWTs, of an issuer without a discovery document. */
  readonly jwt?: JwtOptions;
  /** Opaque tokens (RFC 7662). */
  readonly introspection?: IntrospectionOptions;
}

export interface JwtOptions {
  readonly issuer: string;
  readonly jwksUri: string;
  /** Default: the public URL of the MCP endpoint. */
  readonly audience?: string | readonly string[];
  /** Signature algorithms to accept. Default: the asymmetric ones of RFC 7518 and EdDSA. */
  readonly algorithms?: readonly string[];
}

export interface IntrospectionOptions {
  /** The introspection endpoint. */
  readonly url: string;
  /** Of the authorization server. Default: the origin of `url`. */
  readonly issuer?: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What `aud` of the response must contain. Default: the public URL of the MCP endpoint. */
  readonly audience?: string | readonly string[];
}

export interface StaticKey {
  /** Of the caller, in logs and rules. */
  readonly name: string;
  /** The bearer token: at least 16 characters. */
  readonly key: string;
  readonly scopes?: readonly string[];
}

/** An authorization server that is part of this server: it verifies its own tokens and serves its own paths. */
export interface AuthorizationServer extends TokenVerifier {
  handler(path: string): ((request: Request) => Promise<Response>) | undefined;
  close(): Promise<void>;
}
