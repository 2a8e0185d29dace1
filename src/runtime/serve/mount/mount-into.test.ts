import { Client } from '@modelcontextprotocol/client';
import { McpServer as FirstServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { createMcpHandler, InMemoryTransport, McpServer } from '@modelcontextprotocol/server';
import { afterEach, describe, expect, test } from 'vitest';
import type { Provider, Tool } from '../../provider.ts';
import { fixtureProvider } from '../provider.test.fixture.ts';
import { type MountOptions, mountInto } from './mount-into.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function mounted(options: Partial<MountOptions> = {}) {
  const provider = fixtureProvider();
  const server = new McpServer({ name: 'main', version: '1' });
  server.registerTool('own', { description: 'The main server’s own.' }, () => ({ content: [] }));
  const mount = await mountInto(server, provider, options);
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'test', version: '1' }, { capabilities: { elicitation: {} } });
  await server.connect(serverSide);
  await client.connect(clientSide);
  cleanups.push(() => client.close());
  return { provider, server, mount, client };
}

describe('lists', () => {
  /** What is sent, before a client makes its own of it. */
  async function sent(provider: Provider, prefix = '') {
    const server = new McpServer({ name: 'main', version: '1' });
    server.registerTool('own', { description: 'The main server’s own.' }, () => ({ content: [] }));
    await mountInto(server, provider, { prefix });
    const handler = createMcpHandler(() => server, { legacy: 'reject' });
    cleanups.push(() => handler.close());
    return async (method: string): Promise<Record<string, { name: string }[]>> => {
      const response = await handler.fetch(modernRequest(method));
      return ((await response.json()) as { result: Record<string, { name: string }[]> }).result;
    };
  }

  test('contain the provider’s items next to the server’s, byte for byte', async () => {
    const provider = awkwardProvider();
    const ask = await sent(provider);
    const { tools = [] } = await ask('tools/list');
    expect(tools[0]?.name).toBe('own');
    expect(tools.slice(1).map((tool) => JSON.stringify(tool))).toEqual(
      (await provider.listTools({})).map((tool) => JSON.stringify(tool)),
    );
    expect(JSON.stringify((await ask('resources/list')).resources)).toBe(
      JSON.stringify(await provider.listResources({})),
    );
    expect(JSON.stringify((await ask('resources/templates/list')).resourceTemplates)).toBe(
      JSON.stringify(await provider.listResourceTemplates({})),
    );
    expect(JSON.stringify((await ask('prompts/list')).prompts)).toBe(JSON.stringify(await provider.listPrompts({})));
  });

  test('differ by the prefix only', async () => {
    const provider = awkwardProvider();
    const ask = await sent(provider, 'api_');
    const { tools = [] } = await ask('tools/list');
    expect(tools.slice(1).map((tool) => JSON.stringify(tool))).toEqual(
      (await provider.listTools({})).map((tool) => JSON.stringify({ ...tool, name: `api_${tool.name}` })),
    );
  });

  test('have room for two templates of one name', async () => {
    const provider = fixtureProvider();
    const templates = ['a', 'b'].map((part) => ({ uriTemplate: `api://test/${part}/{id}`, name: 'pet' }));
    const { resourceTemplates } = await (await sent({ ...provider, listResourceTemplates: async () => templates }))(
      'resources/templates/list',
    );
    expect(resourceTemplates).toEqual(templates);
  });
});

test('names get the prefix, and calls reach the provider', async () => {
  const { client } = await mounted({ prefix: 'api_' });
  expect(await client.callTool({ name: 'api_echo', arguments: { text: 'hi' } })).toMatchObject({
    content: [{ text: 'hi' }],
  });
  expect(await client.callTool({ name: 'api_throw', arguments: {} })).toMatchObject({
    isError: true,
    content: [{ text: 'The tool "throw" failed: the handler broke' }],
  });
  expect((await client.getPrompt({ name: 'api_greet', arguments: { who: 'Ann' } })).messages).toMatchObject([
    { content: { text: 'Say hello to Ann.' } },
  ]);
});

test('resources are read, also through templates that the SDK does not match itself', async () => {
  const { client } = await mounted();
  expect((await client.readResource({ uri: 'api://test/logo' })).contents).toMatchObject([{ blob: 'iVBORw0KGgo=' }]);
  const uri = 'api://test/pets/a%2Fb?limit=2&fields=name';
  expect((await client.readResource({ uri })).contents).toMatchObject([{ text: `pet at ${uri}` }]);
  await expect(client.readResource({ uri: 'api://test/nope' })).rejects.toMatchObject({ code: -32602 });
});

test('arguments of prompts and templates are completed', async () => {
  const { client } = await mounted({ prefix: 'api_' });
  const complete = async (ref: Parameters<typeof client.complete>[0]['ref'], name: string) =>
    (await client.complete({ ref, argument: { name, value: 'ca' } })).completion.values;
  expect(await complete({ type: 'ref/prompt', name: 'api_greet' }, 'who')).toEqual(['cat', 'camel']);
  const uri = 'api://test/pets/{id}{?fields,limit}';
  expect(await complete({ type: 'ref/resource', uri }, 'limit')).toEqual(['cat', 'camel']);
  const ref = { type: 'ref/resource', uri } as const;
  expect(await client.complete({ ref, argument: { name: 'id', value: '' } })).toMatchObject({
    completion: { values: ['cat', 'camel', 'dog'], total: 300, hasMore: true },
  });
  expect((await client.listPrompts()).prompts).toEqual([
    { name: 'api_greet', description: 'Greets.', arguments: [{ name: 'who', description: 'Whom', required: true }] },
  ]);
});

test('questions reach the user', async () => {
  const { client } = await mounted();
  client.setRequestHandler('elicitation/create', async () => ({ action: 'accept', content: { colour: 'red' } }));
  expect((await client.callTool({ name: 'ask', arguments: {} })).content).toMatchObject([{ text: 'red, accept' }]);
});

test('changes of the provider are followed', async () => {
  const { provider, client } = await mounted();
  provider.addTool({ name: 'later', inputSchema: { type: 'object' } });
  const names = async () => (await client.listTools()).tools.map(({ name }) => name);
  await expect.poll(names).toContain('later');
  expect(await client.callTool({ name: 'later', arguments: { text: 'now' } })).toMatchObject({
    content: [{ text: 'now' }],
  });
});

test('clients are notified of many changes once', async () => {
  const { provider, server, mount, client } = await mounted();
  let announced = 0;
  client.setNotificationHandler('notifications/tools/list_changed', () => void announced++);
  for (const name of ['one', 'two', 'three']) provider.addTool({ name, inputSchema: { type: 'object' } });
  await expect.poll(() => announced).toBe(1);
  mount.unmount();
  await client.ping();
  expect(announced).toBe(2);
  server.registerTool('another', {}, () => ({ content: [] }));
  await client.ping();
  expect(announced).toBe(3);
});

test('a later name that is taken is reported, and does not block others', async () => {
  const told: string[] = [];
  const { provider, client } = await mounted({ onError: ({ message }) => told.push(message) });
  provider.addTool({ name: 'own', inputSchema: { type: 'object' } });
  provider.addTool({ name: 'later', inputSchema: { type: 'object' } });
  await expect.poll(() => told).toEqual([expect.stringContaining('"own" of "fixture" cannot be mounted')]);
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain('later');
});

test('unmounting restores the server', async () => {
  const { provider, mount, client } = await mounted();
  mount.unmount();
  provider.addTool({ name: 'later', inputSchema: { type: 'object' } });
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['own']);
  expect((await client.listResources()).resources).toEqual([]);
  expect((await client.listResourceTemplates()).resourceTemplates).toEqual([]);
  expect((await client.listPrompts()).prompts).toEqual([]);
  expect(provider.seen.closed).toBe(false);
});

test('a name that is taken mounts nothing', async () => {
  const server = new McpServer({ name: 'main', version: '1' });
  server.registerTool('steps', {}, () => ({ content: [] }));
  await expect(mountInto(server, fixtureProvider())).rejects.toThrow(
    '"steps" of "fixture" cannot be mounted: Tool steps is already registered.',
  );
  await mountInto(server, fixtureProvider(), { prefix: 'api_' });
});

test.each([
  [
    'a server of the first SDK',
    new FirstServer({ name: 'main', version: '1' }),
    'use mountV1() of openapi-mcp/mount-v1',
  ],
  ['something else', {}, 'mountInto() mounts into an McpServer of @modelcontextprotocol/server.'],
])('%s is rejected', async (_name, server, message) => {
  await expect(mountInto(server as McpServer, fixtureProvider())).rejects.toThrow(message);
});

test('a provider of another contract is rejected', async () => {
  const server = new McpServer({ name: 'main', version: '1' });
  const other = { ...fixtureProvider(), contract: 2 } as unknown as Provider;
  await expect(mountInto(server, other, { prefix: 'api_' })).rejects.toThrow(
    'The value mounted as "api_" is a provider with contract 2; this runtime supports contract 1.',
  );
});

/** Everything in an order that is not the SDK's: `type` last in schemas, members of tools and prompts mixed. */
function awkwardProvider(): Provider {
  const tools: readonly Tool[] = [
    {
      description: 'Repeats its input.',
      inputSchema: {
        properties: { text: { description: 'What', type: 'string' } },
        required: ['text'],
        type: 'object',
      },
      annotations: { readOnlyHint: true },
      outputSchema: { properties: { said: { type: 'string' } }, type: 'object' },
      _meta: { 'test/mark': 1 },
      icons: [{ sizes: ['1x1'], src: 'https://api.test/echo.png' }],
      name: 'echo',
      title: 'Echo',
    },
    { inputSchema: { additionalProperties: false, type: 'object' }, name: 'bare' },
  ];
  return {
    ...fixtureProvider(),
    listTools: async () => tools,
    listResources: async () => [{ mimeType: 'text/plain', uri: 'API://Test/a b', name: 'spaced', size: 3 }],
    listResourceTemplates: async () => [{ mimeType: 'text/plain', uriTemplate: 'api://test/{id}', name: 'one' }],
    listPrompts: async () => [
      {
        arguments: [
          { required: true, name: 'who' },
          { name: 'tone', description: 'How' },
        ],
        name: 'greet',
      },
    ],
  };
}

function modernRequest(method: string): Request {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  return new Request('http://localhost/mcp', {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': method,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { _meta } }),
  });
}
