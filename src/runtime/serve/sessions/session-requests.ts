import { isInitializeRequest, isJSONRPCRequest, isLegacyRequest } from '@modelcontextprotocol/server';
import { isRecord } from '../../is-record.ts';

/**
 * Whether a request of a 2025 client begins a session or names one. Others are served on their own, also those that are
 * invalid: the stateless handler reports the error, and no session has to make room for another.
 */
export async function concernsSession(request: Request, parsedBody: unknown): Promise<boolean> {
  if (request.method === 'POST' && parsedBody === undefined) return false;
  if (!request.headers.has('mcp-session-id') && !isHandshake(parsedBody)) return false;
  return isPlain(request, parsedBody) || isLegacyRequest(request, parsedBody);
}

/** A message that mentions nothing of 2026-07-28: what the SDK would find too, by validating all of it. */
function isPlain({ headers }: Request, body: unknown): boolean {
  if (!isRecord(body) || body.jsonrpc !== '2.0' || (headers.get('mcp-protocol-version') ?? '') >= '2026') return false;
  const { params } = body;
  return params === undefined || (isRecord(params) && params._meta === undefined);
}

/** The SDK validates the complete message, which takes a while: only for those that may be one. */
const isHandshake = (body: unknown): boolean =>
  isRecord(body) && body.method === 'initialize' && isJSONRPCRequest(body) && isInitializeRequest(body);

/** Whether a message is a request: neither a response nor a notification. */
export const isRequest = (message: unknown): message is Readonly<Record<string, unknown>> =>
  isRecord(message) && message.method !== undefined && message.id !== undefined;

/** Whether a message, or one of a batch, is a request. */
export const hasRequest = (body: unknown): boolean => [body].flat().some(isRequest);
