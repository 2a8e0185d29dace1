import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Requests of the API that acts on behalf of its callers. */
export interface ReachedRequest {
  readonly path: string;
  readonly authorization: string | undefined;
}

export interface CallerApi {
  readonly url: string;
  /** In the order of arrival. */
  readonly reached: ReachedRequest[];
  /** Requests get this response instead; without `listener`, `{ "path": … }` again. */
  respond(listener?: (request: IncomingMessage, response: ServerResponse) => unknown): void;
  close(): Promise<void>;
}

/** An API on loopback that records with which credential each request arrives. */
export async function startCallerApi(): Promise<CallerApi> {
  const reached: ReachedRequest[] = [];
  const usual = (request: IncomingMessage, response: ServerResponse): unknown =>
    response.writeHead(200, JSON_TYPE).end(JSON.stringify({ path: request.url }));
  let respond = usual;
  const server = createServer((request, response) => {
    reached.push({ path: request.url ?? '', authorization: request.headers.authorization });
    respond(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reached,
    respond(listener = usual) {
      respond = listener;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** The document of such an API. The tools: `getNote`, `addNote`. */
export function callerDocument(url: string, tokenUrl = `${url}/token`): object {
  const id = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];
  const responses = { 200: { description: 'ok', content: { 'application/json': { schema: { type: 'object' } } } } };
  const flows = { authorizationCode: { authorizationUrl: `${url}/authorize`, tokenUrl, scopes: { 'notes:read': '' } } };
  return {
    openapi: '3.1.0',
    info: { title: 'Notes', version: '1' },
    servers: [{ url }],
    components: { securitySchemes: { login: { type: 'oauth2', flows } } },
    security: [{ login: ['notes:read'] }],
    paths: {
      '/notes/{id}': {
        get: { operationId: 'getNote', parameters: id, responses },
        post: { operationId: 'addNote', parameters: id, responses },
      },
    },
  };
}

export const ERAS = ['2025-11-25', '2026-07-28'] as const;
export type Era = (typeof ERAS)[number];

export interface RawAnswer {
  readonly status: number;
  readonly challenge: string | null;
  /** The text of the result or error, and everything else that the client gets. */
  readonly text: string;
  readonly isError: boolean;
}

/** A tool with its arguments, or a resource. */
export type RawCall = (
  | { readonly name: string; readonly args?: Readonly<Record<string, unknown>> }
  | { readonly uri: string }
) & { readonly era?: Era };

/** One `tools/call` or `resources/read` over HTTP, to see its status and headers. */
export async function callAs(token: string, url: string, call: RawCall): Promise<RawAnswer> {
  const { era = '2026-07-28' } = call;
  const isModern = era === '2026-07-28';
  const envelope = {
    'io.modelcontextprotocol/protocolVersion': era,
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const [method, name, given] =
    'uri' in call
      ? ['resources/read', call.uri, { uri: call.uri }]
      : ['tools/call', call.name, { name: call.name, arguments: call.args ?? {} }];
  const params = { ...given, ...(isModern && { _meta: envelope }) };
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'MCP-Protocol-Version': era,
      ...(isModern && { 'Mcp-Method': method, 'Mcp-Name': name }),
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      Authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const body = await response.text();
  const message = /^data: (\{.*)$/m.exec(body)?.[1] ?? body;
  const { result } = message.startsWith('{') ? JSON.parse(message) : { result: undefined };
  return {
    status: response.status,
    challenge: response.headers.get('www-authenticate'),
    text: (result?.content ?? result?.contents)?.[0]?.text ?? message,
    isError: result?.isError === true,
  };
}

/** A request to the token endpoint: its form, and how the client authenticated. */
export interface AskedToken {
  readonly form: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
}

export interface ExchangeEndpoint {
  readonly tokenUrl: string;
  readonly asked: AskedToken[];
  /** How long issued tokens are valid, in seconds. Default 300. */
  expiresIn: number;
  /** Whose token this is: issuer, subject and a number, separated by spaces. */
  ownerOf(token: string): string | undefined;
  respond(listener?: (request: AskedToken, response: ServerResponse) => unknown): void;
  close(): Promise<void>;
}

/** A token endpoint that exchanges any JWT for an opaque token, which it remembers. */
export async function startExchange(): Promise<ExchangeEndpoint> {
  const asked: AskedToken[] = [];
  const owners = new Map<string, string>();
  const usual = ({ form }: AskedToken, response: ServerResponse): unknown => {
    const subject = form.subject_token ?? form.assertion ?? '';
    const { iss, sub } = JSON.parse(Buffer.from(subject.split('.')[1] ?? '', 'base64url').toString());
    const token = `exchanged-${crypto.randomUUID()}`;
    owners.set(token, `${iss} ${sub} ${owners.size}`);
    return response
      .writeHead(200, JSON_TYPE)
      .end(JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: endpoint.expiresIn }));
  };
  let respond = usual;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
    const one = { form, authorization: request.headers.authorization };
    asked.push(one);
    respond(one, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint: ExchangeEndpoint = {
    tokenUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    asked,
    expiresIn: 300,
    ownerOf: (token) => owners.get(token),
    respond(listener = usual) {
      respond = listener;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return endpoint;
}
