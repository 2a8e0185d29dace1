// In: a config and the models of its documents, packed by `openapi-mcp pack --target worker`. Out: a Cloudflare Worker.
// Promise: web standards only, and no code generation, which Workers forbid. `scripts/bundle.mjs` makes one file of it.
import { logError } from './log.ts';
import { openWorker } from './open-worker.ts';
import { NotConfigured, type PackedServer } from './packed-server.ts';
import type { ServedFetch } from './serve-fetch.ts';

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
  let opening: Promise<ServedFetch> | undefined;
  return {
    async fetch(request, bindings, context) {
      // Bindings are the same for all requests.
      opening ??= openWorker(server, textsOf(bindings));
      try {
        const served = await opening;
        const { response, sent } = whenSent(await served.fetch(request));
        // The platform ends what a request has started once its client is gone. But calls of others may wait for that: for
        // a token that all of them need.
        context.waitUntil(sent.then(() => served.drain(MOST_WAIT_MS)));
        return response;
      } catch (error) {
        return failed(error);
      }
    },
  };
}

/** As long as the platform waits: https://developers.cloudflare.com/workers/runtime-apis/context/#waituntil */
const MOST_WAIT_MS = 30_000;

/** The response, and when its body has been sent, or nobody reads it any more. */
function whenSent(response: Response): { readonly response: Response; readonly sent: Promise<void> } {
  if (!response.body) return { response, sent: Promise.resolve() };
  const { readable, writable } = new TransformStream();
  const sent = response.body.pipeTo(writable).catch(() => {});
  return { response: new Response(readable, response), sent };
}

function failed(error: unknown): Response {
  logError(error);
  const text = error instanceof NotConfigured ? error.message : 'This server cannot respond now. Its log says why.';
  return new Response(text, { status: 503, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
}

const textsOf = (bindings: Bindings): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(bindings).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
