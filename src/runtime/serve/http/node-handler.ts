import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthInfo } from '@modelcontextprotocol/server';
import { asError } from '../../errors.ts';
import { isRecord } from '../../is-record.ts';
import { parseMessage } from '../exact-message.ts';
import { failure } from '../sessions/failure.ts';
import { HTTP_HANDLER_DEFAULTS, type HttpHandler, type HttpHandlerOptions } from './http-handler.ts';
import { writeBody } from './write-body.ts';

export interface NodeHandlerOptions extends Pick<HttpHandlerOptions, 'onError'> {
  readonly maxBodyBytes?: number;
  /** The handler takes a parsed body, and reads the request itself only without one. Default false. */
  readonly takesParsed?: boolean;
}

/**
 * The handler for Node's `http`, Express and Fastify (raw request and response). `body` is the parsed body, if it has
 * already been read. The caller, if somebody else has authenticated it, is `request.auth`.
 *
 * The body is read and parsed once, here: as a stream, it would be copied for each of those who look at it.
 */
export function nodeHandler(
  handler: Pick<HttpHandler, 'fetch'>,
  { maxBodyBytes = HTTP_HANDLER_DEFAULTS.maxBodyBytes, takesParsed = false, onError }: NodeHandlerOptions,
): (request: IncomingMessage, response: ServerResponse, body?: unknown) => Promise<void> {
  return async (request, response, body) => {
    const client = clientOf(response);
    const answer = await respond(handler, request, { body, maxBodyBytes, takesParsed, client }).catch((error) => {
      // Nobody waits for it.
      if (!client.isGone()) onError(asError(error));
      return failure(500, -32603, 'Internal server error', {}, idOf(body));
    });
    // Not with writeHead(): Node then knows no length yet, and sends chunks.
    response.statusCode = answer.status;
    for (const [name, value] of nodeHeaders(answer.headers)) response.setHeader(name, value);
    if (answer.body === null) response.end();
    else await writeBody(answer.body, response);
  };
}

interface Incoming {
  /** Parsed; `undefined` if it has not been read. */
  readonly body: unknown;
  readonly maxBodyBytes: number;
  readonly takesParsed: boolean;
  readonly client: Client;
}

async function respond(
  handler: Pick<HttpHandler, 'fetch'>,
  request: IncomingMessage,
  { body, maxBodyBytes, takesParsed, client }: Incoming,
): Promise<Response> {
  const { method = 'GET', url = '/', headers } = request;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const text = hasBody && body === undefined ? await readText(request, maxBodyBytes) : undefined;
  if (text === null || sizeOf(body, request) > maxBodyBytes) {
    const message = `Payload Too Large: Request body must not exceed ${maxBodyBytes} bytes`;
    return failure(413, -32000, message, { connection: 'close' });
  }
  const parsedBody = body ?? (text ? parsed(text, headers['content-type']) : undefined);
  const authInfo = (request as { readonly auth?: AuthInfo }).auth;
  const host = headers.host ?? headers[':authority'] ?? 'localhost';
  const web = new Request(`http://${host}${url}`, {
    method,
    headers: webHeaders(request),
    ...(text && !(takesParsed && parsedBody !== undefined) && { body: text }),
  });
  // One that is passed to the constructor is copied, with a signal of its own.
  Object.defineProperty(web, 'signal', { get: client.signal });
  return handler.fetch(web, {
    ...(authInfo && { authInfo }),
    ...(parsedBody !== undefined && { parsedBody }),
  });
}

/** Who waits for a response. */
interface Client {
  isGone(): boolean;
  /** Aborts when the client disconnects. Made when somebody asks for it: that takes longer than the rest of a request. */
  signal(): AbortSignal;
}

function clientOf(response: ServerResponse): Client {
  let aborter: AbortController | undefined;
  const isGone = () => response.destroyed && !response.writableFinished;
  response.once('close', () => {
    if (isGone()) aborter?.abort();
  });
  return {
    isGone,
    signal() {
      aborter ??= new AbortController();
      if (isGone()) aborter.abort();
      return aborter.signal;
    },
  };
}

/** Each cookie has a header of its own (RFC 6265 §3); of others, the values are already joined. */
function nodeHeaders(headers: Headers): readonly [name: string, value: string | string[]][] {
  const cookies = headers.getSetCookie();
  if (cookies.length === 0) return [...headers];
  return [...[...headers].filter(([name]) => name !== 'set-cookie'), ['set-cookie', cookies]];
}

function webHeaders({ headers }: IncomingMessage): Record<string, string> {
  // Without a prototype: `__proto__` is a valid name of a header.
  const copied: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    // Those of HTTP/2 that are not headers.
    if (value === undefined || name.startsWith(':')) continue;
    copied[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return copied;
}

/** In bytes, of a body that was parsed by others: as it arrived, if that is known. */
function sizeOf(body: unknown, { headers }: IncomingMessage): number {
  if (body === undefined) return 0;
  const length = headers['content-length'];
  return length === undefined ? Buffer.byteLength(JSON.stringify(body)) : Number(length);
}

/** @returns `null` if it is longer than `maxBytes` */
async function readText(request: IncomingMessage, maxBytes: number): Promise<string | null> {
  if (Number(request.headers['content-length']) > maxBytes) return null;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > maxBytes) return null;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
}

/** `undefined` for what is not JSON: those who expect some report it. */
function parsed(text: string, type = ''): unknown {
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(type)) return undefined;
  try {
    return parseMessage(text);
  } catch {
    return undefined;
  }
}

function idOf(body: unknown): string | number | null {
  if (!isRecord(body) || typeof body.method !== 'string') return null;
  return typeof body.id === 'string' || typeof body.id === 'number' ? body.id : null;
}
