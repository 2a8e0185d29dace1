/** A security scheme of the document (OpenAPI 3.1.1 Security Scheme Object). */
export type AuthScheme =
  | {
      readonly kind: 'apiKey';
      readonly in: 'header' | 'query' | 'cookie';
      readonly name: string;
      readonly description?: string;
    }
  | { readonly kind: 'basic'; readonly description?: string }
  | { readonly kind: 'bearer'; readonly description?: string }
  | {
      readonly kind: 'oauth2';
      /** For programs (RFC 6749 §4.4). */
      readonly clientCredentials?: OAuthFlow;
      /** For a person with a browser (RFC 6749 §4.1). */
      readonly authorizationCode?: OAuthFlow & { readonly authorizationUrl: string };
      /** For a person with a browser on another device (RFC 8628). */
      readonly deviceAuthorization?: OAuthFlow & { readonly deviceAuthorizationUrl: string };
      /** Of the authorization server (RFC 8414). */
      readonly metadataUrl?: string;
      readonly description?: string;
    }
  | { readonly kind: 'openIdConnect'; readonly discoveryUrl: string; readonly description?: string }
  | { readonly kind: 'mutualTls'; readonly description?: string }
  /** HTTP Digest (RFC 7616). */
  | { readonly kind: 'digest'; readonly description?: string }
  /** AWS Signature Version 4, in the header `Authorization`. */
  | { readonly kind: 'awsSigV4'; readonly description?: string }
  /** Another HTTP authentication scheme (`hoba`, `hmac` …): only a header or code of the user can satisfy it. */
  | { readonly kind: 'otherHttp'; readonly scheme: string; readonly description?: string };

/** Whether a program can get a token for a scheme by itself: by its flow, or by the metadata of the server. */
export function takesClient(scheme: AuthScheme): boolean {
  if (scheme.kind !== 'oauth2') return scheme.kind === 'openIdConnect';
  const { clientCredentials, authorizationCode, deviceAuthorization, metadataUrl } = scheme;
  if (clientCredentials !== undefined) return true;
  return metadataUrl !== undefined && authorizationCode === undefined && deviceAuthorization === undefined;
}

/** One OAuth flow of a scheme. URLs are as written; relative ones resolve against the server (OpenAPI 3.1.1 §4.6). */
export interface OAuthFlow {
  readonly tokenUrl: string;
  /** For renewals, if not `tokenUrl`. */
  readonly refreshUrl?: string;
  /** Names of the scopes that the document describes. */
  readonly scopes: readonly string[];
}

/**
 * One way to authorise a call: all of its schemes together. An empty requirement means that no credential is needed.
 */
export interface AuthRequirement {
  readonly schemes: readonly { readonly scheme: string; readonly scopes: readonly string[] }[];
}

/** `petstore_auth` → `PETSTORE_AUTH`: a scheme's name in environment variables. */
export function variablePart(schemeName: string): string {
  return schemeName.replace(/[^A-Za-z0-9]/g, '_').toUpperCase();
}
