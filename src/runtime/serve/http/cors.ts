type Headers = Readonly<Record<string, string>>;

/** Headers that let a page from that origin read the response (Fetch, CORS protocol). */
export const corsHeaders = (origin: string): Headers => ({
  'Access-Control-Allow-Origin': origin,
  'Access-Control-Expose-Headers': 'WWW-Authenticate, MCP-Protocol-Version, Mcp-Session-Id',
  Vary: 'Origin',
});

/**
 * Headers that also let it send the request. Names are echoed: `Mcp-Param-*` may be any, and `*` does not include
 * `Authorization`.
 */
export const preflightHeaders = (requested: string | null): Headers => ({
  'Access-Control-Allow-Methods': 'GET, POST, DELETE',
  ...(requested !== null && { 'Access-Control-Allow-Headers': requested }),
  'Access-Control-Max-Age': '7200',
});
