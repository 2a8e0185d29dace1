import type { TokenInfo } from '../token-info-verifier.ts';

/** How the tokens of an identity provider are verified, and how clients register with it. */
export interface AuthPreset {
  /** `auth0` */
  readonly name: string;
  readonly title: string;
  /**
   * What follows the name: `auth0:acme.eu.auth0.com`. Its value replaces `{account}` below. Absent if there is only one
   * provider of that kind.
   */
  readonly account?: { readonly what: string; readonly example: string };
  /** `{account}` is replaced; `{account.0}` by its first part before a slash. */
  readonly issuer: string;
  readonly tokens: JwtTokens | OpaqueTokens;
  /**
   * How MCP clients get a client id: by dynamic registration (RFC 7591), that or a client id metadata document, from an
   * administrator, or only through our OAuth proxy.
   */
  readonly registration: 'dynamic' | 'both' | 'pre-registered' | 'proxy';
  /** For the OAuth proxy. */
  readonly upstream?: UpstreamPreset;
  /** What the operator must know, for docs and messages. */
  readonly notes: readonly string[];
}

export interface JwtTokens {
  readonly kind: 'jwt';
  /** Absent: from the issuer's discovery document. */
  readonly jwksUri?: string;
  /** The audience if none is configured: that of the endpoint (default), our client id, or a fixed text. */
  readonly audience?: 'client-id' | { readonly fixed: string };
  readonly audienceClaim?: 'aud' | 'client_id';
  readonly fixedClaims?: Readonly<Record<string, string>>;
  readonly anyOfClaims?: readonly string[];
  readonly scopeClaims?: readonly string[];
}

export interface OpaqueTokens {
  readonly kind: 'opaque';
  readonly info: TokenInfo;
}

/** Endpoints of the provider's authorization server. */
export interface UpstreamPreset {
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  /** Scopes without which it would not say who the person is. */
  readonly scopes: readonly string[];
  readonly authorizeParameters?: Readonly<Record<string, string>>;
  readonly clientAuthentication?: 'basic' | 'post';
  /** Whether it understands `resource` (RFC 8707). */
  readonly forwardResource?: boolean;
}
