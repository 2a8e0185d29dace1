import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CallToolResult, Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { type Started, start } from './cli/started.test.fixture.ts';
import { freePort } from './free-port.test.fixture.ts';
import { json, type Loopback, loopback } from './loopback.test.fixture.ts';

export const STORE_KEY = 'a key of the store, the same everywhere';
/** What the API requires. */
export const API_KEY = 'credential-of-the-api-4711';
export const CALLERS = 20;
export const keyOf = (caller: number): string => `key-of-caller-${String(caller).padStart(2, '0')}-secret`;

/** An API that returns what it is sent, so that every response says for whom it is. */
export async function markApi(): Promise<Loopback & { readonly removed: readonly string[] }> {
  const removed: string[] = [];
  const api = await loopback(async ({ url, method, headers }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://api.test');
    const mark = searchParams.get('mark') ?? '';
    if (headers['x-api-key'] !== API_KEY) return json(response, { error: 'no key' }, { status: 401 });
    if (method === 'DELETE') removed.push(mark);
    if (pathname === '/slow') await new Promise((resolve) => setTimeout(resolve, Number(searchParams.get('ms'))));
    if (pathname === '/big')
      return json(
        response,
        Array.from({ length: 800 }, (_, id) => ({ id, mark, text: 'x'.repeat(20) })),
      );
    json(response, { mark, done: method });
  });
  return { ...api, removed };
}

const operation = (operationId: string, further: readonly object[] = []) => ({
  operationId,
  parameters: [{ name: 'mark', in: 'query', required: true, schema: { type: 'string' } }, ...further],
  responses: { 200: { description: 'ok', content: { 'application/json': { schema: {} } } } },
});

const document = (server: string) => ({
  openapi: '3.1.0',
  info: { title: 'Marks', version: '1' },
  servers: [{ url: server }],
  security: [{ key: [] }],
  components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Api-Key' } } },
  paths: {
    '/echo': { get: operation('echo') },
    '/slow': { get: operation('slow', [{ name: 'ms', in: 'query', schema: { type: 'integer' } }]) },
    '/big': { get: operation('big') },
    '/thing': { delete: operation('remove') },
  },
});

export interface Cluster {
  readonly folder: string;
  /** Arguments of `run` for one more process. */
  start(port: number, further?: readonly string[]): Promise<Started>;
  close(): void;
}

/** A server that can be started several times. */
export function markServer(
  api: string,
  { store, config = {} }: { readonly store?: string; readonly config?: object },
): Cluster {
  const folder = mkdtempSync(join(tmpdir(), 'scale-out-'));
  writeFileSync(join(folder, 'marks.json'), JSON.stringify(document(api)));
  const keys = Array.from({ length: CALLERS }, (_, caller) => ({ name: `caller-${caller}`, key: keyOf(caller) }));
  const written = {
    name: 'marks',
    apis: { marks: { spec: 'marks.json' } },
    confirm: 'token',
    maxResultTokens: 1_000,
    auth: { keys },
    transport: 'http',
    ...(store !== undefined && { store }),
    ...config,
  };
  writeFileSync(join(folder, 'openapi-mcp.config.json'), JSON.stringify(written));
  return {
    folder,
    async start(port, further = []) {
      const args = ['run', join(folder, 'openapi-mcp.config.json'), '--port', String(port), '--no-cache', ...further];
      const env = { HOME: folder, OPENAPI_MCP_STORE_KEY: STORE_KEY, API_KEY_KEY: API_KEY };
      const started = start(args, { env });
      await started.said('Serving http');
      return started;
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface Balancer {
  readonly url: string;
  close(): Promise<void>;
}

/** Sends each request to the next process; to another one if it cannot connect, as balancers do. */
export async function roundRobin(ports: readonly number[], listen = 0): Promise<Balancer> {
  let next = 0;
  const server: Server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', () => {
      const first = next++;
      const attempt = (count: number) => {
        const port = ports[(first + count) % ports.length];
        const upstream = httpRequest(
          { host: '127.0.0.1', port, method, path: url, headers, agent: false },
          (response) => {
            outgoing.writeHead(response.statusCode ?? 502, response.headers);
            outgoing.flushHeaders();
            response.pipe(outgoing);
            response.on('error', () => outgoing.destroy());
            response.on('aborted', () => outgoing.destroy());
          },
        );
        upstream.on('error', (error: NodeJS.ErrnoException) => {
          if (error.code === 'ECONNREFUSED' && count + 1 < ports.length) attempt(count + 1);
          else outgoing.destroy();
        });
        outgoing.on('close', () => upstream.destroy());
        upstream.end(Buffer.concat(chunks));
      };
      attempt(0);
    });
  });
  await new Promise<void>((resolve) => server.listen(listen, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type Era = 'auto' | 'legacy';

export interface TestClient {
  readonly client: Client;
  readonly session: () => string | undefined;
}

/** A client of one caller. It accepts what it is asked, and says so with the message. */
export async function markClient(
  url: string,
  {
    caller,
    era,
    elicits,
    asked,
  }: {
    readonly caller: number;
    readonly era: Era;
    readonly elicits: boolean;
    readonly asked?: (message: string) => void;
  },
): Promise<TestClient> {
  const capabilities = elicits ? { capabilities: { elicitation: {} } } : {};
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: era }, ...capabilities });
  if (elicits) {
    client.setRequestHandler('elicitation/create', async ({ params }) => {
      asked?.(params.message);
      return { action: 'accept', content: {} };
    });
  }
  const headers = { Authorization: `Bearer ${keyOf(caller)}` };
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
  await client.connect(transport);
  return { client, session: () => transport.sessionId };
}

export const textOf = (result: unknown): string =>
  ((result as CallToolResult).content ?? []).map((block) => (block.type === 'text' ? block.text : '')).join('\n');

export { freePort };
