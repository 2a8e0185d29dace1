import type { IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { HTTP_HANDLER_DEFAULTS, type HttpHandler, type HttpHandlerOptions } from './http-handler.ts';

/**
 * The handler for Node's `http`, Express and Fastify (raw request and response). `body` is the parsed body, if it has
 * already been read.
 */
export function nodeHandler(
  handler: Pick<HttpHandler, 'fetch'>,
  {
    maxBodyBytes = HTTP_HANDLER_DEFAULTS.maxBodyBytes,
    onError,
  }: Partial<HttpHandlerOptions> & Pick<HttpHandlerOptions, 'onError'>,
): (request: IncomingMessage, response: ServerResponse, body?: unknown) => Promise<void> {
  const handle = toNodeHandler(handler, { maxRequestBodySize: maxBodyBytes, onerror: onError });
  // The SDK's type of Node's request omits fields that a server's requests always have.
  return (request, response, body) => handle(request as Parameters<typeof handle>[0], response, body);
}
