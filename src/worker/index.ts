// In: a config and the models of its documents, packed by `openapi-mcp pack --target worker`. Out: a Cloudflare Worker.
// Promise: web standards only, and no code generation, which Workers forbid. `scripts/bundle.mjs` makes one file of it.
import type { HttpHandler } from '../runtime/serve/http/http-handler.ts';
import { logError } from './log.ts';
import { openWorker } from './open-worker.ts';
import { NotConfigured, type PackedServer } from './packed-server.ts';

/** Variables and secrets are strings; other bindings are ignored. */
type Bindings = Readonly<Record<string, unknown>>;

interface ExecutionContext {
  waitUntil(promise: Promise<unknown>): void;
}

export interface Worker {
  fetch(request: Request, bindings: Bindings, context: ExecutionContext): Promise<Response>;
}

/** The Worker that serves a packed server: MCP over Streamable HTTP, without sessions. */
export function createWorker(server: PackedServer): Worker {
  let opening: Promise<Pick<HttpHandler, 'fetch'>> | undefined;
  return {
    async fetch(request, bindings, context) {
      // Bindings are the same for all requests.
      opening ??= openWorker(server, textsOf(bindings));
      const answer = opening.then((handler) => handler.fetch(request), notOpened);
      // Other requests may wait for what this one has started, such as a token, even if its client has gone.
      context.waitUntil(answer);
      return answer;
    },
  };
}

function notOpened(error: unknown): Response {
  logError(error);
  const text = error instanceof NotConfigured ? error.message : 'This server cannot start. Its log says why.';
  return new Response(text, { status: 503, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
}

const textsOf = (bindings: Bindings): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(bindings).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
