import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as FirstHttpTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpServer as FirstServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { Transport as FirstTransport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { InMemoryTransport, McpServer, type Transport } from '@modelcontextprotocol/server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openApi } from '../proxy.ts';
import type { Provider } from '../runtime/provider.ts';
import { serveConnection } from '../runtime/serve/connection.ts';
import { mountInto } from '../runtime/serve/mount/mount-into.ts';
import { image } from '../runtime/server/content.ts';
import { createServer } from '../runtime/server.ts';
import { mcpHandler as expressHandler } from './express.ts';
import { mcpPlugin } from './fastify.ts';
import { mcpHandler as honoHandler } from './hono.ts';
import { mountV1 } from './mount-v1.ts';

// One provider, mounted in every kind of server and asked by every kind of client, is one provider: the same lists and
// the same results as when it is served by itself.

const onError = () => {};

describe.each(['an OpenAPI document', 'a hand-written server', 'a composite'] as const)('%s', (kind) => {
  describe.each(['v1', 'v2'] as const)('asked by a %s client', (generation) => {
    let alone: unknown;
    beforeAll(async () => {
      alone = await answersOf(await asked(generation, await served(await providerOf(kind))));
    });

    test.each([
      ['a v1 server', inFirstServer],
      ['a v2 server', inNextServer],
      ['Express', inExpress],
      ['Fastify', inFastify],
      ['Hono', inHono],
    ] as const)('responds in %s as it does alone', async (_name, mount) => {
      const answers = await answersOf(await asked(generation, await mount(await providerOf(kind))));
      expect(answers).toEqual(alone);
      // Nothing of the comparison is empty.
      expect(answers.tools.length).toBeGreaterThan(1);
      expect(answers.called.length).toBeGreaterThan(3);
      expect(answers.read.some((one) => 'contents' in one)).toBe(true);
    });
  });
});

const cleanups: (() => unknown)[] = [];
const cleanUp = async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
};
afterEach(cleanUp);

let api: HttpServer;
beforeAll(async () => {
  api = createHttpServer((request, response) => {
    if (request.url === '/pets/404') return void response.writeHead(404).end('{"problem":"no such pet"}');
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ method: request.method, url: request.url }));
  }).listen(0, '127.0.0.1');
  await once(api, 'listening');
});
afterAll(() => void api.close());

async function providerOf(kind: 'an OpenAPI document' | 'a hand-written server' | 'a composite'): Promise<Provider> {
  const provider = await {
    'an OpenAPI document': documented,
    'a hand-written server': handWritten,
    'a composite': composed,
  }[kind]();
  cleanups.push(() => provider.close());
  return provider;
}

async function documented(): Promise<Provider> {
  const { port } = api.address() as AddressInfo;
  const answer = {
    description: 'A pet',
    content: {
      'application/json': { schema: { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] } },
    },
  };
  const id = { in: 'path', name: 'id', required: true, schema: { type: 'integer' } };
  const document = {
    openapi: '3.1.0',
    info: { title: 'Pets', version: '1' },
    paths: {
      '/pets': {
        get: {
          operationId: 'listPets',
          parameters: [{ in: 'query', name: 'limit', schema: { type: 'integer', maximum: 5 } }],
          responses: { 200: answer },
        },
        post: {
          operationId: 'addPet',
          summary: 'Add a pet',
          requestBody: {
            content: { 'application/json': { schema: { type: 'object', properties: { name: { type: 'string' } } } } },
          },
          responses: { 201: answer },
        },
      },
      '/pets/{id}': { get: { operationId: 'getPet', parameters: [id], responses: { 200: answer } } },
    },
  };
  const { provider } = await openApi(document, { baseUrl: `http://127.0.0.1:${port}`, environment: {} });
  return provider;
}

async function handWritten() {
  const server = createServer({ name: 'notes', version: '1', instructions: 'Write things down.' });
  const input = z.object({ a: z.number().describe('first'), b: z.number().optional() });
  server.tool('add', { title: 'Add', input, annotations: { readOnlyHint: true } }, ({ a, b = 0 }) => a + b);
  server.tool('sum', { input, output: z.object({ sum: z.number() }) }, ({ a, b = 0 }) => ({ sum: a + b }));
  server.tool('squares', { output: z.array(z.number()) }, () => [1, 4, 9]);
  server.tool('picture', {}, () => image(new Uint8Array([137, 80, 78, 71]), 'image/png'));
  server.tool('fails', {}, () => {
    throw new Error('the handler broke');
  });
  server.resource('notes://first', { name: 'first', mimeType: 'text/plain' }, () => 'a note');
  server.resource(
    'notes://{folder}/{name}{?lines}',
    { name: 'note', complete: { folder: () => ['home', 'work'] } },
    ({ folder, name }) => `${name} in ${folder}`,
  );
  server.prompt(
    'review',
    {
      description: 'Reviews a note.',
      arguments: { tone: { description: 'How' } },
      complete: { tone: ['kind', 'keen'] },
    },
    ({ tone }) => `Review it: ${tone}`,
  );
  return server;
}

async function composed() {
  const server = createServer({ name: 'main', version: '1' });
  server.tool('own', {}, () => 'its own');
  server.mount('pets', await documented());
  server.mount('notes', await handWritten());
  return server;
}

/** How a client reaches what is served. */
type Address = { readonly url: string } | { readonly transport: Transport };

async function served(provider: Provider): Promise<Address> {
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  const connection = serveConnection(provider, serverSide, { onError });
  cleanups.push(() => connection.close());
  return { transport: clientSide };
}

async function inFirstServer(provider: Provider): Promise<Address> {
  const server = new FirstServer({ name: 'main', version: '1' });
  await mountV1(server, provider);
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  // The generations' transports differ only in their types.
  await server.connect(serverSide as unknown as FirstTransport);
  cleanups.push(() => server.close());
  return { transport: clientSide };
}

async function inNextServer(provider: Provider): Promise<Address> {
  const server = new McpServer({ name: 'main', version: '1' });
  await mountInto(server, provider);
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await server.connect(serverSide);
  cleanups.push(() => server.close());
  return { transport: clientSide };
}

async function inExpress(provider: Provider): Promise<Address> {
  const app = express();
  app.use(express.json());
  app.use('/mcp', expressHandler(provider, { insecure: true }));
  return listening(app.listen(0, '127.0.0.1'));
}

async function inFastify(provider: Provider): Promise<Address> {
  const app = fastify({ forceCloseConnections: true });
  await app.register(mcpPlugin(provider, { insecure: true }), { prefix: '/mcp' });
  await app.listen({ port: 0, host: '127.0.0.1' });
  cleanups.push(() => app.close());
  return { url: urlOf(app.server) };
}

async function inHono(provider: Provider): Promise<Address> {
  const app = new Hono();
  app.all('/mcp', honoHandler(provider, { insecure: true }));
  return listening(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as HttpServer);
}

async function listening(server: HttpServer): Promise<Address> {
  if (!server.listening) await once(server, 'listening');
  cleanups.push(() => server.close());
  return { url: urlOf(server) };
}

const urlOf = (server: HttpServer) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;

async function asked(generation: 'v1' | 'v2', address: Address): Promise<Client> {
  const info = { name: 'test', version: '1' };
  if (generation === 'v2') {
    const client = new Client(info, { versionNegotiation: { mode: 'auto' } });
    await client.connect(
      'url' in address ? new StreamableHTTPClientTransport(new URL(address.url)) : address.transport,
    );
    cleanups.push(() => client.close());
    return client;
  }
  const client = new FirstClient(info);
  const transport = 'url' in address ? new FirstHttpTransport(new URL(address.url)) : address.transport;
  await client.connect(transport as unknown as FirstTransport);
  cleanups.push(() => client.close());
  // What is asked below, both clients answer alike.
  return client as unknown as Client;
}

const CALLS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  listPets: { limit: 2 },
  addPet: { name: 'Ü' },
  getPet: { id: 404 },
  add: { a: 1, b: 2 },
  sum: { a: 1 },
};

/** Everything that the client can get. */
async function answersOf(client: Client) {
  const { tools } = await client.listTools();
  const { resources } = await client.listResources();
  const { resourceTemplates } = await client.listResourceTemplates();
  // Where there are none, no list of them is offered.
  const { prompts } = client.getServerCapabilities()?.prompts ? await client.listPrompts() : { prompts: [] };
  const called = [];
  for (const { name } of tools) {
    const given = Object.entries(CALLS).find(([tool]) => name === tool || name.endsWith(`_${tool}`))?.[1] ?? {};
    called.push(await told(client.callTool({ name, arguments: { ...given } })));
    called.push(await told(client.callTool({ name, arguments: { ...given, unheardOf: 1 } })));
  }
  const uris = [
    ...resources.map(({ uri }) => uri),
    ...['notes://home/a%20b?lines=3', 'notes://notes.home/a', 'api://pets/pets/1', 'api://pets.pets/pets/404'],
    'notes://nothing',
  ];
  const read = [];
  for (const uri of uris) read.push(await told(client.readResource({ uri })));
  const got = [];
  for (const { name } of prompts) got.push(await told(client.getPrompt({ name, arguments: { tone: 'kind' } })));
  const completed = [];
  for (const { name } of prompts) {
    const ref = { type: 'ref/prompt', name } as const;
    completed.push(await told(client.complete({ ref, argument: { name: 'tone', value: 'ki' } })));
  }
  for (const { uriTemplate } of resourceTemplates) {
    const ref = { type: 'ref/resource', uri: uriTemplate } as const;
    completed.push(await told(client.complete({ ref, argument: { name: 'folder', value: 'w' } })));
  }
  // As it goes over a wire: without what is undefined.
  return JSON.parse(
    JSON.stringify({ tools, resources, resourceTemplates, prompts, called, read, got, completed }),
  ) as Record<'tools' | 'called' | 'read', object[]>;
}

/** The answer, or the code it failed with: the words for what nobody has are each server's own. */
async function told(answer: Promise<object>): Promise<object> {
  try {
    // 2026-07-28 adds how long an answer may be kept, and who gave it.
    const { resultType: _type, ttlMs: _ttl, cacheScope: _scope, _meta, ...result } = { ...(await answer) } as Answered;
    return result;
  } catch (error) {
    return { code: (error as { readonly code?: unknown }).code };
  }
}

type Answered = Readonly<Record<string, unknown>>;
