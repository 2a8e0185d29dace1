import { readRequestBody } from '@modelcontextprotocol/server';
import { asError } from '../../../errors.ts';
import { isRecord } from '../../../is-record.ts';
import { channelOf, ownerOf } from '../../process-id.ts';
import { failure } from '../../sessions/failure.ts';
import { parsedExactly } from '../exact-body.ts';
import type { HttpHandler } from '../http-handler.ts';
import { Answering, type AnsweringOptions } from './answering.ts';
import { Asking } from './asking.ts';
import type { RelayMessage } from './messages.ts';

export interface RelayOptions extends AnsweringOptions {
  /** This process, in the ids of what it owns. */
  readonly id: string;
  readonly maxBodyBytes: number;
}

/**
 * Passes requests on to the process that owns what they ask for: a session, a task, or an invitation. It checks them
 * again, the caller included, so whoever can write to the store gets nothing more than a client.
 */
export interface Relay {
  /** The endpoint, whose requests may belong to another process. */
  around(serve: HttpHandler['fetch']): HttpHandler['fetch'];
  /** A page of this server, whose requests may belong to another process. */
  aroundPage(respond: (request: Request) => Promise<Response>): (request: Request) => Promise<Response>;
  /** Resolves as soon as no call waits for another process, but no later than after `ms`. */
  drain(ms: number): Promise<void>;
  /** Call it when the endpoint is closed: what it has answered is still passed on. */
  close(): Promise<void>;
}

/** How long a process that ends waits for another one to take the rest of an answer. */
const REST_MS = 1_000;

export async function openRelay(options: RelayOptions): Promise<Relay> {
  const { store, id, maxBodyBytes } = options;
  const asking = new Asking(options);
  const answering = new Answering(options);
  const unsubscribe = await store.subscribe(channelOf(id), (text) => {
    try {
      // Only processes of this server publish here.
      const message = JSON.parse(text) as RelayMessage;
      if ('from' in message) answering.receive(message);
      else asking.receive(message);
    } catch (error) {
      options.onError(asError(error));
    }
  });
  const stopFollowing = store.onLost(() => {
    asking.loseAll();
    answering.loseAll();
  });
  const passed = async (owner: string | undefined, request: Request, serve: Serve): Promise<Response> => {
    if (owner === undefined || owner === id) return serve(request);
    const body = request.body === null ? undefined : await readRequestBody(request, maxBodyBytes);
    if (body?.tooLarge) return failure(413, -32000, 'The request is too large.');
    const response = await asking.ask(owner, request, body?.text);
    // This process has none of it either, and says so.
    return response ?? serve(copyOf(request, body?.text));
  };
  return {
    around: (serve) => async (request, info) =>
      passed(await ownerOfRequest(request, maxBodyBytes), request, (same) => serve(same, info)),
    aroundPage: (respond) => (request) => passed(ownerOfPage(request), request, respond),
    drain: (ms) => asking.drain(ms),
    async close() {
      stopFollowing();
      asking.close();
      await answering.drain(REST_MS);
      unsubscribe();
      answering.loseAll();
    },
  };
}

type Serve = (request: Request) => Promise<Response>;

/** The process that has the session or the task of a request, if its id names one. */
async function ownerOfRequest(request: Request, maxBodyBytes: number): Promise<string | undefined> {
  const { method, headers } = request;
  const session = headers.get('mcp-session-id');
  if (session !== null) return ownerOf(session);
  // Every request of 2026-07-28 has this header, which is checked against the body (SEP-2243).
  if (method !== 'POST' || !headers.get('mcp-method')?.startsWith('tasks/')) return undefined;
  const body = await parsedExactly(request, maxBodyBytes);
  const params = isRecord(body) && isRecord(body.params) ? body.params : {};
  return typeof params.taskId === 'string' ? ownerOf(params.taskId) : undefined;
}

/** The process that has invited the user to a page. */
function ownerOfPage(request: Request): string | undefined {
  const { pathname, searchParams } = new URL(request.url);
  if (!/^\/connect(?:\/|$)/.test(pathname)) return undefined;
  return ownerOf(searchParams.get('ticket') ?? searchParams.get('state'));
}

function copyOf({ url, method, headers, signal }: Request, body: string | undefined): Request {
  return new Request(url, { method, headers, signal, ...(body !== undefined && { body }) });
}
