import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport, McpServer } from '@modelcontextprotocol/server';
import { afterEach, expect, test } from 'vitest';
import { mountInto } from './mount-into.ts';
import { fixtureProvider } from './provider.test.fixture.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function mounted({ prefix = '' } = {}) {
  const provider = fixtureProvider();
  const server = new McpServer({ name: 'main', version: '1' });
  server.registerTool('own', { description: 'The main server’s own.' }, () => ({ content: [] }));
  const mount = await mountInto(server, provider, { prefix });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'test', version: '1' }, { capabilities: { elicitation: {} } });
  await server.connect(serverSide);
  await client.connect(clientSide);
  cleanups.push(() => client.close());
  return { provider, server, mount, client };
}

test('tools stand beside the server’s own, their schemas byte for byte', async () => {
  const { provider, client } = await mounted();
  const { tools } = await client.listTools();
  expect(tools[0]?.name).toBe('own');
  // A 2025 client gets a schema that is no object’s wrapped by the SDK.
  for (const [index, { outputSchema: _, ...tool }] of (await provider.listTools({})).entries()) {
    const listed = tools[index + 1];
    expect(listed?.name).toBe(tool.name);
    expect(JSON.stringify(listed?.inputSchema)).toBe(JSON.stringify(tool.inputSchema));
    expect(listed).toMatchObject(tool);
  }
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
  expect((await client.listPrompts()).prompts).toEqual([
    { name: 'api_greet', description: 'Greets.', arguments: [{ name: 'who', description: 'Whom', required: true }] },
  ]);
});

test('questions reach the person', async () => {
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

test('unmounting leaves the server as it was', async () => {
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
  await expect(mountInto(server, fixtureProvider())).rejects.toThrow('steps');
  await mountInto(server, fixtureProvider(), { prefix: 'api_' });
});
