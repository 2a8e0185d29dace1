import { join } from 'node:path';
import { createServer, fromOpenApi, openApi, serveHttp, ToolError } from 'openapi-mcp';
import { memoryTokenStore } from 'openapi-mcp/client';
import { afterEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { startProtectedServer, visit } from '../src/login/protected-server.test.fixture.ts';
import { startMockApi } from '../src/runtime/testing/mock-api.ts';

const PETSTORE = join(import.meta.dirname, '..', 'test-specs', 'petstore.yaml');
const onError = () => {};
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  vi.restoreAllMocks();
});

const placed = (name: string) => {
  const server = createServer({ name, version: '1.0.0' });
  server.tool('where', {}, () => name);
  return server;
};

test('examples/client-memory.ts: a typed result, in this process', async () => {
  const { sum } = await import('./examples/client-memory.ts');
  expect(await sum(1, 2)).toBe(3);
});

test('examples/client-http.ts: lists, reads and calls over HTTP, and distinguishes failures', async () => {
  const { callOverHttp } = await import('./examples/client-http.ts');
  const said = vi.spyOn(console, 'error').mockReturnValue();
  const { model, provider: unused } = await openApi(PETSTORE, { cache: false, answerSchemas: 'all' });
  await unused.close();
  const api = await startMockApi(model);
  const served = await serveHttp(await fromOpenApi(PETSTORE, { cache: false, baseUrl: api.url }), {
    port: 0,
    token: 't',
    onError,
  });
  cleanups.push(() => api.close());
  expect(JSON.parse((await callOverHttp(served.url, 't'))[0] ?? '')).toMatchObject([{ name: 'Ada' }]);
  expect(said.mock.calls[0]).toEqual(['pet-shop', '2026-07-28']);
  await served.close();
  await expect(callOverHttp(served.url, 't')).rejects.toThrow(/^Cannot connect to http/);

  const angry = createServer({ name: 'angry', version: '1.0.0' });
  angry.tool('listPets', { input: z.object({ limit: z.int() }) }, () => {
    throw new ToolError('no pets today');
  });
  angry.resource('api://pet-shop/pets', { name: 'pets' }, () => '[]');
  const other = await serveHttp(angry, { port: 0, token: 't', onError });
  cleanups.push(() => other.close());
  await expect(callOverHttp(other.url, 't')).rejects.toThrow('no pets today');
  expect(said).toHaveBeenCalledWith('the tool failed:', 'no pets today');
});

test('examples/client-auth.ts: a person logs in when the server asks for it, and a machine by itself', async () => {
  const { callFor, callAsMachine } = await import('./examples/client-auth.ts');
  const client = { client_id: 'machine', client_secret: 'secret-of-machine', grant_types: ['client_credentials'] };
  const world = await startProtectedServer({ clients: [{ ...client, redirect_uris: [], response_types: [] }] });
  cleanups.push(() => world.close());
  const store = memoryTokenStore();
  const pages: string[] = [];
  const show = (page: string) => {
    pages.push(page);
    visit(page);
  };
  for (const calls of [1, 2]) {
    expect((await callFor(world.url, store, show)).content).toEqual([{ type: 'text', text: 'a note' }]);
    expect([calls, pages.length]).toEqual([calls, 1]);
  }
  const { content } = await callAsMachine(world.url, client.client_id, client.client_secret);
  expect(content).toEqual([{ type: 'text', text: 'a note' }]);
});

test('examples/client-command.ts: starts a server and ends it', async () => {
  const { toolsOf } = await import('./examples/client-command.ts');
  const server = join(import.meta.dirname, '..', 'src', 'client', 'fixtures', 'dying-server.mjs');
  expect(await toolsOf(process.execPath, [server, '/dev/null'])).toEqual(['pay', 'hello']);
});

test('examples/client-all.ts: a server that is down does not affect the others', async () => {
  const { firstPets } = await import('./examples/client-all.ts');
  const shop = createServer({ name: 'shop', version: '1' });
  shop.tool('listPets', { input: z.object({ limit: z.int() }) }, ({ limit }) => `${limit} pets`);
  const { url, close } = await serveHttp(shop, { port: 0, token: undefined, insecure: true, onError });
  cleanups.push(close);
  expect(await firstPets(url)).toMatchObject({ content: [{ text: '5 pets' }] });
});

test('examples/client-several.ts: several at once, one of them down', async () => {
  const { askEverybody, fromFile } = await import('./examples/client-several.ts');
  const remote = await serveHttp(placed('there'), { port: 0, token: undefined, insecure: true, onError });
  cleanups.push(() => remote.close());
  expect(await askEverybody(placed('here'), remote.url)).toMatchObject({
    down: [expect.stringMatching(/^gone: Cannot connect to http:\/\/127\.0\.0\.1:1\/mcp: /)],
    tools: ['local_where of local', 'remote_where of remote'],
    first: { content: [{ text: 'here' }] },
    second: { content: [{ text: 'there' }] },
  });
  await using clients = await fromFile(JSON.stringify({ mcpServers: { remote: { url: remote.url } } }));
  expect((await clients.listTools()).map(({ name }) => name)).toEqual(['remote_where']);
});

test('examples/client-dialogue.ts: questions, progress and logs; cancellation', async () => {
  const { print } = await import('./examples/client-dialogue.ts');
  expect(await print(2, new AbortController().signal)).toEqual({
    content: [{ type: 'text', text: 'Printed in colour.' }],
    heard: expect.arrayContaining(['Print 2 pages?', 'page 1', 'page 2', 'warning: Paper is low.']),
  });
  await expect(print(100, AbortSignal.timeout(200))).rejects.toThrow();
});
