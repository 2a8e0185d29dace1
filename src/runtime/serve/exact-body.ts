import { readRequestBody } from '@modelcontextprotocol/server';
import { parseMessage } from './exact-message.ts';

/**
 * The body of a request as `parseMessage` reads it, or `undefined` where the SDK is to read it, and to judge it: what is
 * no JSON, and what is too large. The request itself can still be read.
 */
export async function parsedExactly(request: Request, maxBytes: number): Promise<unknown> {
  if (request.method !== 'POST' || request.bodyUsed) return undefined;
  try {
    const body = await readRequestBody(request.clone(), maxBytes);
    return body.tooLarge ? undefined : parseMessage(body.text);
  } catch {
    return undefined;
  }
}
