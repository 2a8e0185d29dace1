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
      /** The client-credentials flow, if the document has one; otherwise only an access token can be used. */
      readonly clientCredentials?: { readonly tokenUrl: string; readonly scopes: readonly string[] };
      readonly description?: string;
    }
  | { readonly kind: 'openIdConnect'; readonly discoveryUrl: string; readonly description?: string }
  | { readonly kind: 'mutualTls'; readonly description?: string }
  /** Another HTTP authentication scheme (`digest`, `hoba` …): only a header from the user can satisfy it. */
  | { readonly kind: 'otherHttp'; readonly scheme: string; readonly description?: string };

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
