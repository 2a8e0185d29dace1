/** What clients learn about a protected resource (RFC 9728 §2). */
export interface ProtectedResource {
  /** The canonical URL of the MCP endpoint, such as `https://mcp.example.com/mcp`. */
  readonly resource: string;
  /** Issuer identifiers. */
  readonly authorizationServers: readonly string[];
  readonly scopesSupported: readonly string[];
  /** For people. */
  readonly name: string;
}

/** The beginning of the paths of metadata (RFC 9728 §3). */
export const METADATA_PATH = '/.well-known/oauth-protected-resource';

/**
 * Where the metadata is served: with the path of the resource inserted (RFC 9728 §3.1), which clients try first, and at
 * the root (MCP 2025-11-25, protected resource metadata discovery).
 */
export function metadataPaths(resource: string): readonly string[] {
  const { pathname } = new URL(resource);
  return pathname === '/' ? [METADATA_PATH] : [`${METADATA_PATH}${pathname}`, METADATA_PATH];
}

/** The URL for challenges. */
export const metadataUrl = (resource: string): string =>
  new URL(metadataPaths(resource)[0] ?? METADATA_PATH, resource).href;

/** The metadata document. It is public: pages whose origin the server accepts can read it. */
export function metadataResponse(
  { resource, authorizationServers, scopesSupported, name }: ProtectedResource,
  { method }: Pick<Request, 'method'>,
): Response {
  if (method !== 'GET' && method !== 'HEAD') {
    return new Response('Only GET and HEAD are supported here.', { status: 405, headers: { Allow: 'GET, HEAD' } });
  }
  const document = {
    resource,
    // An empty list is not allowed: static keys have no authorization server.
    ...(authorizationServers.length > 0 && { authorization_servers: authorizationServers }),
    ...(scopesSupported.length > 0 && { scopes_supported: scopesSupported }),
    bearer_methods_supported: ['header'],
    resource_name: name,
  };
  return new Response(method === 'HEAD' ? null : JSON.stringify(document), {
    headers: {
      'Content-Type': 'application/json',
      'Cache-Control': 'public, max-age=300',
      'Access-Control-Allow-Origin': '*',
      'X-Content-Type-Options': 'nosniff',
    },
  });
}
