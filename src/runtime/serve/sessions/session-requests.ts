import { isLegacyRequest } from '@modelcontextprotocol/server';
import { isRecord } from '../../is-record.ts';

/**
 * Whether a request of a 2025 client begins a session or names one. Others are served on their own. A body that cannot be
 * parsed is neither: the stateless handler reports the error.
 */
export async function concernsSession(request: Request, parsedBody: unknown): Promise<boolean> {
  if (request.method === 'POST' && parsedBody === undefined) return false;
  if (!request.headers.has('mcp-session-id') && !begins(parsedBody)) return false;
  return isLegacyRequest(request, parsedBody);
}

function begins(body: unknown): boolean {
  const messages: readonly unknown[] = Array.isArray(body) ? body : [body];
  return messages.some((message) => isRecord(message) && message.method === 'initialize');
}
