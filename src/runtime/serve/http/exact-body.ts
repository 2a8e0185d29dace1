import { readRequestBody } from '@modelcontextprotocol/server';
import { parseMessage } from '../exact-message.ts';

/**
 * The body of a request, read with `parseMessage`, or `undefined` to let the SDK read it and report errors: invalid
 * JSON, or a body that is too large. The request itself can still be read.
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
