import { isInitializeRequest, isJSONRPCRequest, isLegacyRequest } from '@modelcontextprotocol/server';

/**
 * Whether a request of a 2025 client begins a session or names one. Others are served on their own, also those that are
 * invalid: the stateless handler reports the error, and no session has to make room for another.
 */
export async function concernsSession(request: Request, parsedBody: unknown): Promise<boolean> {
  if (request.method === 'POST' && parsedBody === undefined) return false;
  const begins = isJSONRPCRequest(parsedBody) && isInitializeRequest(parsedBody);
  if (!begins && !request.headers.has('mcp-session-id')) return false;
  return isLegacyRequest(request, parsedBody);
}
