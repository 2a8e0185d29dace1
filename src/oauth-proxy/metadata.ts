import { ASYMMETRIC } from '../runtime/serve/auth/jwt-verifier.ts';
import type { Settings } from './options.ts';

/** Authorization server metadata (RFC 8414 §2), as the MCP specification needs it. */
export function serverMetadata(settings: Settings): Readonly<Record<string, unknown>> {
  const { issuer, scopesSupported, publicFetch } = settings;
  // Clients with a metadata document may have keys.
  const methods = publicFetch === undefined ? ['none'] : ['none', 'private_key_jwt'];
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    registration_endpoint: `${issuer}/register`,
    revocation_endpoint: `${issuer}/revoke`,
    ...(scopesSupported.length > 0 && { scopes_supported: scopesSupported }),
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_methods_supported: methods,
    ...(publicFetch && {
      token_endpoint_auth_signing_alg_values_supported: ASYMMETRIC,
      revocation_endpoint_auth_signing_alg_values_supported: ASYMMETRIC,
    }),
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: publicFetch !== undefined,
  };
}

/**
 * Where clients look for it: at the root with the path of the issuer (RFC 8414 §3.1), and, for clients of the
 * specification of 2025-03-26 that look next to the MCP endpoint, with the path of the resource.
 */
export function metadataPaths({ base, resource }: Settings): readonly string[] {
  const paths = [base.pathname, new URL(resource).pathname].map((path) =>
    path === '/' ? '' : path.replace(/\/$/, ''),
  );
  return [...new Set(paths)].map((path) => `/.well-known/oauth-authorization-server${path}`);
}
