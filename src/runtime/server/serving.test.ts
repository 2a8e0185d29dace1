import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { Client, InMemoryTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { InMemoryTransport as InMemoryV1 } from '@modelcontextprotocol/sdk/inMemory.js';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { createServer, type Server } from '../server.ts';
import { text } from './content.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function pets(options: Parameters<typeof createServer>[0] = { name: 'pets', version: '1' }): Server {
  const server = createServer(options) as Server;
  cleanups.push(() => server.close());
  server.tool('add', { input: z.object({ a: z.number(), b: z.number() }), output: z.number() }, ({ a, b }) => a + b);
  server.tool('ask', {}, async (_, { elicit }) => {
    const answer = await elicit({
      message: 'Name?',
      requestedSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
    });
    return answer.action === 'accept' ? `Hello ${answer.content.name}` : answer.action;
  });
  server.resource('pets://{id}', { name: 'pet', complete: { id: ['1', '2'] } }, ({ id }) => `pet ${id}`);
  server.prompt('greet', { arguments: { name: { required: true } } }, ({ name }) => `Hello ${name}`);
  const inner = createServer({ name: 'inner', version: '1' });
  inner.tool('hello', {}, () => 'hello');
  inner.resource('notes://a', { name: 'a' }, () => 'A');
  server.mount('in', inner);
  return server;
}

/** The things every client of every era must find the same. */
async function expectEverything(client: Pick<Client, 'listTools' | 'callTool' | 'readResource' | 'getPrompt'>) {
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['add', 'ask', 'in_hello']);
  expect(await client.callTool({ name: 'add', arguments: { a: 1, b: 2 } })).toMatchObject({
    content: [{ text: '3' }],
    structuredContent: { result: 3 },
  });
  expect(await client.callTool({ name: 'in_hello', arguments: {} })).toMatchObject({ content: [{ text: 'hello' }] });
  expect(await client.callTool({ name: 'add', arguments: { a: 'x' } })).toMatchObject({ isError: true });
  expect(await client.readResource({ uri: 'pets://7' })).toMatchObject({ contents: [{ text: 'pet 7' }] });
  expect(await client.readResource({ uri: 'notes://in.a' })).toMatchObject({ contents: [{ text: 'A' }] });
  expect(await client.getPrompt({ name: 'greet', arguments: { name: 'Ada' } })).toMatchObject({
    messages: [{ content: { text: 'Hello Ada' } }],
  });
}

const v2 = (mode: 'auto' | 'legacy') =>
  new Client({ name: 'c', version: '1' }, { capabilities: { elicitation: {} }, versionNegotiation: { mode } });

function answering(client: Client): Client {
  client.setRequestHandler('elicitation/create', async () => ({ action: 'accept', content: { name: 'Ada' } }));
  return client;
}

describe('a server that is connected in memory', () => {
  test.each(['auto', 'legacy'] as const)(
    'forwards questions of a mounted tool to a v2 client (%s) and its answers back',
    async (mode) => {
      const [mine, theirs] = InMemoryTransport.createLinkedPair();
      const onError = vi.fn();
      const server = createServer({ name: 'outer', version: '1', onError });
      server.mount('pets', pets());
      server.use(async function through(call, next) {
        return next(call);
      });
      await server.connect(mine);
      const client = answering(v2(mode));
      await client.connect(theirs);
      const asked = await client.callTool({ name: 'pets_ask', arguments: {} });
      expect(asked).toMatchObject({ content: [{ text: 'Hello Ada' }] });
      expect(onError).not.toHaveBeenCalled();
      await client.close();
    },
  );

  test.each(['auto', 'legacy'] as const)(
    'writes with the model of a v2 client (%s) that offers one, and knows of one that does not',
    async (mode) => {
      const server = createServer({ name: 'outer', version: '1' });
      server.tool('title', {}, async (_, { sample, elicit, canElicit }) => {
        if (!sample) return 'Untitled';
        const request = { messages: [{ role: 'user', content: text('A title?') }], maxTokens: 20 } as const;
        const { content, model } = await sample(request);
        const sure =
          canElicit && (await elicit({ message: 'Sure?', requestedSchema: { type: 'object', properties: {} } })).action;
        return `${model}: ${content.type === 'text' && content.text} ${sure}`;
      });
      const connected = async (capabilities: object) => {
        const [mine, theirs] = InMemoryTransport.createLinkedPair();
        await server.connect(mine);
        const client = new Client({ name: 'c', version: '1' }, { capabilities, versionNegotiation: { mode } });
        if ('sampling' in capabilities) {
          client.setRequestHandler('sampling/createMessage', async ({ params }) => {
            expect(params).toMatchObject({ maxTokens: 20, messages: [{ content: { text: 'A title?' } }] });
            return { role: 'assistant', content: { type: 'text', text: 'Emma' }, model: 'm-1' };
          });
        }
        if ('elicitation' in capabilities) {
          client.setRequestHandler('elicitation/create', async () => ({ action: 'accept', content: {} }));
        }
        await client.connect(theirs);
        cleanups.push(() => client.close());
        return client.callTool({ name: 'title', arguments: {} });
      };
      expect(await connected({})).toMatchObject({ content: [{ text: 'Untitled' }] });
      expect(await connected({ sampling: {} })).toMatchObject({ content: [{ text: 'm-1: Emma false' }] });
      expect(await connected({ sampling: {}, elicitation: {} })).toMatchObject({
        content: [{ text: 'm-1: Emma accept' }],
      });
    },
  );

  test.each(['auto', 'legacy'] as const)('serves a v2 client (%s)', async (mode) => {
    const [mine, theirs] = InMemoryTransport.createLinkedPair();
    await pets().connect(mine);
    const client = v2(mode);
    await client.connect(theirs);
    await expectEverything(client);
    await client.close();
  });

  test('serves a v1 client, and notifies it of changes', async () => {
    const [mine, theirs] = InMemoryV1.createLinkedPair();
    const server = pets();
    // The transports of the two SDKs differ in types only.
    await server.connect(mine as unknown as InMemoryTransport);
    const client = new ClientV1({ name: 'c', version: '1' });
    await client.connect(theirs);
    await expectEverything(client as unknown as Client);
    const changed = new Promise<void>((resolve) => {
      client.fallbackNotificationHandler = async ({ method }) => {
        if (method === 'notifications/tools/list_changed') resolve();
      };
    });
    server.tool('late', {}, () => 'late');
    await changed;
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('late');
    await client.close();
  });

  test('opens its lifespan before it serves, and closes it with the server, not with a client', async () => {
    const lifespan = { open: vi.fn(() => 'pool'), close: vi.fn() };
    const server = createServer({ name: 's', version: '1', lifespan });
    const [mine, theirs] = InMemoryTransport.createLinkedPair();
    const connection = await server.connect(mine);
    expect(lifespan.open).toHaveBeenCalledOnce();
    const client = v2('auto');
    await client.connect(theirs);
    await client.close();
    await connection.closed;
    expect(lifespan.close).not.toHaveBeenCalled();
    await server.close();
    expect(lifespan.close).toHaveBeenCalledExactlyOnceWith('pool');
  });
});

describe('a server over HTTP', () => {
  test('runs until it is closed, for clients of both SDKs and eras', async () => {
    const lifespan = { open: () => 'pool', close: vi.fn() };
    const server = pets({ name: 'pets', version: '1', http: { token: 'sesame' }, lifespan } as never);
    const { url } = await server.run({ transport: 'http', port: 0 });
    const requestInit = { headers: { authorization: 'Bearer sesame' } };
    for (const mode of ['auto', 'legacy'] as const) {
      const client = answering(v2(mode));
      await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
      await expectEverything(client);
      await client.close();
    }
    const old = new ClientV1({ name: 'c', version: '1' });
    await old.connect(new HttpV1(new URL(url), { requestInit }) as never);
    await expectEverything(old as unknown as Client);
    await old.close();
    expect((await fetch(url, { method: 'POST' })).status).toBe(401);
    await server.close();
    expect(lifespan.close).toHaveBeenCalledOnce();
    await expect(fetch(url, { method: 'POST' })).rejects.toThrow();
  });

  test('handles web-standard requests, and those of Node', async () => {
    const server = pets();
    const { fetch: handle, nodeHandler } = server;
    const client = v2('auto');
    const transport = new StreamableHTTPClientTransport(new URL('http://127.0.0.1/mcp'), {
      fetch: (url, init) => handle(new Request(url, init as RequestInit)),
    });
    await client.connect(transport);
    await expectEverything(client);
    await client.close();

    const http = createHttpServer(nodeHandler).listen(0, '127.0.0.1');
    cleanups.push(() => http.close());
    await new Promise((resolve) => http.once('listening', resolve));
    const { port } = http.address() as AddressInfo;
    const other = v2('auto');
    await other.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`)));
    await expectEverything(other);
    await other.close();
    http.closeAllConnections();
  });
});

describe('a server over stdio', () => {
  test('ends with its input, and closes the lifespan', async () => {
    const close = vi.fn();
    const server = createServer({ name: 's', version: '1', lifespan: { open: () => 'pool', close } });
    server.tool('echo', {}, () => 'hi');
    const stdin = new PassThrough();
    const stdout = new PassThrough();
    const { closed } = await server.run({ transport: 'stdio', stdin, stdout });
    const answer = new Promise((resolve) => stdout.once('data', resolve));
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } };
    stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`);
    expect(JSON.parse(String(await answer))).toMatchObject({ id: 1, result: { serverInfo: { name: 's' } } });
    stdin.end();
    await closed;
    expect(close).toHaveBeenCalledExactlyOnceWith('pool');
    await server.close();
  });
});

test.each(['legacy', 'auto'] as const)('a client hears of updates to a mounted resource (%s)', async (mode) => {
  const inner = createServer({ name: 'inner', version: '1' });
  inner.resource('notes://a', { name: 'a' }, () => 'A');
  inner.resource('notes://b', { name: 'b' }, () => 'B');
  const server = createServer({ name: 'outer', version: '1' });
  cleanups.push(() => server.close());
  server.mount('in', inner);
  server.use(async (call, next) => next(call));
  const [mine, theirs] = InMemoryTransport.createLinkedPair();
  await server.connect(mine);
  const client = new Client({ name: 'c', version: '1' }, { versionNegotiation: { mode } });
  const updated: string[] = [];
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => void updated.push(params.uri));
  await client.connect(theirs);
  const { resources } = await client.listResources();
  const { uri = '' } = resources[0] ?? {};
  if (mode === 'legacy') await client.subscribeResource({ uri });
  else await client.listen({ resourceSubscriptions: [uri] });
  inner.resourceUpdated('notes://b');
  inner.resourceUpdated('notes://a');
  await expect.poll(() => updated).toEqual([uri]);
  await client.close();
});
