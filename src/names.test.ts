import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { afterEach, describe, expect, test } from 'vitest';
import { openApi, type ProxyOptions } from './proxy.ts';
import { callContext } from './runtime/call-context.ts';
import type { Provider } from './runtime/provider.ts';
import { createServer } from './runtime/server.ts';
import { describe as describeTools, filter, fixArguments, hideArguments, rename } from './runtime/transforms/index.ts';

// What people and models call a tool by, from the document to the client.

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

const ok = { responses: { 200: { description: 'ok' } } };
const index = { operationId: 'index', summary: 'Display a listing of the resource.', ...ok };
const limit = { name: 'limit', in: 'query', schema: { type: 'integer' } };
const document = {
  openapi: '3.1.0',
  info: { title: 'Shop', version: '1' },
  servers: [{ url: 'http://127.0.0.1:9' }],
  paths: {
    '/todos': { get: { operationId: 'list_todos_todos_get', tags: ['todos'], parameters: [limit], ...ok } },
    '/users': { get: { ...index, tags: ['people', 'admin'] } },
    '/authors': { get: index },
    '/logout': { get: { operationId: 'logout', ...ok } },
  },
};

async function open(options: ProxyOptions = {}): Promise<Provider> {
  const { provider } = await openApi(document, { cache: false, environment: {}, ...options });
  closers.push(() => provider.close());
  return provider;
}
const namesOf = async (provider: Provider) => (await provider.listTools({})).map(({ name }) => name);
const textOf = async (provider: Provider, name: string) =>
  JSON.stringify(await provider.callTool({ name, arguments: { limit: 'x' } }, callContext({})));

test('framework ids are cleaned, and equal ids told apart in name and description', async () => {
  const tools = await (await open()).listTools({});
  expect(tools.map(({ name, description, _meta }) => [name, description, _meta])).toEqual([
    ['list_todos', 'GET /todos', { tags: ['todos'], 'openapi-mcp/operationId': 'list_todos_todos_get' }],
    [
      'index_users',
      'Display a listing of the resource. (GET /users)',
      { tags: ['people', 'admin'], 'openapi-mcp/operationId': 'index' },
    ],
    ['index_authors', 'Display a listing of the resource. (GET /authors)', { 'openapi-mcp/operationId': 'index' }],
    ['logout', 'GET /logout', undefined],
  ]);
});

test('a GET whose name says that it changes something is neither read-only nor a resource', async () => {
  const provider = await open();
  const [logout] = (await provider.listTools({})).filter(({ name }) => name === 'logout');
  expect(logout?.annotations).toEqual({ readOnlyHint: false, destructiveHint: true });
  expect((await provider.listResources({})).map(({ name }) => name)).not.toContain('logout');
  expect(await namesOf(await open({ readOnly: true }))).toEqual(['list_todos', 'index_users', 'index_authors']);
});

describe('the operationId of the document is accepted', () => {
  test('by filters, like the name that is listed', async () => {
    expect(await namesOf(await open({ include: ['id:list_todos_todos_get'] }))).toEqual(['list_todos']);
    expect(await namesOf(await open({ include: ['id:index_*'] }))).toEqual(['index_users', 'index_authors']);
  });

  test('by transforms', async () => {
    const provider = await open();
    const id = 'list_todos_todos_get';
    expect(await namesOf(await rename(provider, { tools: { [id]: 'todos' } }))).toContain('todos');
    const described = await describeTools(provider, { tools: { [id]: { description: 'All of them.' } } });
    expect((await described.listTools({}))[0]?.description).toBe('All of them.');
    const fixed = await fixArguments(provider, { [id]: { limit: 3 } });
    const hidden = await hideArguments(provider, { [id]: ['limit'] });
    for (const one of [fixed, hidden]) {
      expect((await one.listTools({}))[0]?.inputSchema.properties).toEqual({});
    }
  });

  test('by calls, alone and mounted, unless several tools have it', async () => {
    const server = createServer({ name: 'desk', version: '1' });
    server.mount('shop', await open());
    const [ours, theirs] = InMemoryTransport.createLinkedPair();
    const client = new Client({ name: 'test', version: '1' });
    await server.connect(theirs);
    await client.connect(ours);
    closers.push(() => client.close());
    const called = await client.callTool({ name: 'shop_list_todos_todos_get', arguments: { limit: 'x' } });
    expect(JSON.stringify(called)).toContain('limit: must be an integer');
    await expect(client.callTool({ name: 'shop_index', arguments: {} })).rejects.toThrow('Unknown tool: shop_index');
    expect(await textOf(await open(), 'list_todos_todos_get')).toContain('limit: must be an integer');
  });
});

test.each([
  ['list_todo', 'list_todos'],
  ['/todos', 'list_todos'],
  ['GET /authors', 'index_authors'],
  ['listTodosTodosGet', 'list_todos'],
])('%s is not a tool, and %s is suggested', async (name, want) => {
  await expect(textOf(await open(), name)).rejects.toThrow(`Unknown tool "${name}". Did you mean "${want}"?`);
});

test('errors name the tool as it was called', async () => {
  const provider = await open();
  const server = createServer({ name: 'desk', version: '1' });
  server.mount('shop', await rename(provider, { tools: { list_todos: 'todos' } }));
  expect(await textOf(server, 'shop_todos')).toContain('(tool \\"shop_todos\\")');
  expect(await textOf(provider, 'list_todos')).toContain('(tool \\"list_todos\\")');
});

test('tags of the API are matched by filters', async () => {
  const provider = filter(await open(), { include: [{ tag: 'admin' }] });
  expect(await namesOf(provider)).toEqual(['index_users']);
});

test('names: document keeps every operationId', async () => {
  expect(await namesOf(await open({ names: 'document' }))).toEqual([
    'list_todos_todos_get',
    'index_users',
    'index_authors',
    'logout',
  ]);
});
