type Headers = Readonly<Record<string, string>>;

/** What lets a page of that origin read the answer (Fetch, CORS protocol). */
export const corsHeaders = (origin: string): Headers => ({
  'Access-Control-Allow-Origin': origin,
  'Access-Control-Expose-Headers': 'WWW-Authenticate, MCP-Protocol-Version',
  Vary: 'Origin',
});

/** What lets it send the request, too. Names are echoed: `Mcp-Param-*` may be any, and `*` leaves out `Authorization`. */
export const preflightHeaders = (requested: string | null): Headers => ({
  'Access-Control-Allow-Methods': 'POST',
  ...(requested !== null && { 'Access-Control-Allow-Headers': requested }),
  'Access-Control-Max-Age': '7200',
});
