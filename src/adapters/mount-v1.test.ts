import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer, ResourceTemplate } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolRequestSchema,
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListToolsRequestSchema,
  LoggingMessageNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Provider } from '../runtime/provider.ts';
import { fixtureProvider } from '../runtime/serve/provider.test.fixture.ts';
import { type MountOptions, mountV1 } from './mount-v1.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

type ServerOptions = ConstructorParameters<typeof McpServer>[1];

function mainServer(options: ServerOptions = {}) {
  const server = new McpServer({ name: 'main', version: '1' }, options);
  server.registerTool('own', { description: 'The main server’s own.', inputSchema: { n: z.number() } }, ({ n }) => ({
    content: [{ type: 'text', text: `own ${n}` }],
  }));
  return server;
}

async function connect(server: McpServer) {
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'test', version: '1' }, { capabilities: { elicitation: {} } });
  await server.connect(serverSide);
  await client.connect(clientSide);
  cleanups.push(() => client.close());
  return client;
}

async function mounted(options: Partial<MountOptions> = {}, serverOptions: ServerOptions = {}) {
  const provider = fixtureProvider();
  const server = mainServer(serverOptions);
  const mount = await mountV1(server, provider, options);
  return { provider, server, mount, client: await connect(server) };
}

const namesOf = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);

describe('lists', () => {
  test('contain the provider’s items next to the server’s, byte for byte', async () => {
    const { provider, server } = await mounted();
    // What goes over the wire: the client’s validation drops what it does not know.
    const listed = await wire(server, 'tools/list');
    const tools = (listed as { tools: { name: string }[] }).tools;
    expect(namesOf(tools)).toEqual(['own', ...namesOf(await provider.listTools({}))]);
    for (const tool of await provider.listTools({})) {
      if (tool.name === 'count') continue;
      expect(JSON.stringify(tools.find(({ name }) => name === tool.name))).toBe(JSON.stringify(tool));
    }
    expect(JSON.stringify(await wire(server, 'resources/list'))).toBe(
      JSON.stringify({ resources: await provider.listResources({}) }),
    );
    expect(JSON.stringify(await wire(server, 'resources/templates/list'))).toBe(
      JSON.stringify({ resourceTemplates: await provider.listResourceTemplates({}) }),
    );
    expect(JSON.stringify(await wire(server, 'prompts/list'))).toBe(
      JSON.stringify({ prompts: await provider.listPrompts({}) }),
    );
  });

  test('an output schema that is not an object is wrapped for clients up to 2025-11-25', async () => {
    const { client } = await mounted();
    const { tools } = await client.listTools();
    expect(tools.find(({ name }) => name === 'count')?.outputSchema).toEqual({
      type: 'object',
      properties: { result: { type: 'array', items: { type: 'integer' } } },
      required: ['result'],
    });
    expect(await client.callTool({ name: 'count', arguments: {} })).toEqual({
      content: [{ type: 'text', text: '[1,2,3]' }],
      structuredContent: { result: [1, 2, 3] },
    });
  });

  test('a server that pages has them on its last page', async () => {
    const server = new McpServer({ name: 'main', version: '1' }, { capabilities: { tools: {} } });
    server.server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
      const tool = (name: string) => ({ name, inputSchema: { type: 'object' as const } });
      return params?.cursor ? { tools: [tool('second')] } : { tools: [tool('first')], nextCursor: 'more' };
    });
    server.server.setRequestHandler(CallToolRequestSchema, () => ({ content: [] }));
    await mountV1(server, fixtureProvider());
    const client = await connect(server);
    expect(namesOf((await client.listTools()).tools)).toEqual(['first']);
    expect(namesOf((await client.listTools({ cursor: 'more' })).tools).slice(0, 2)).toEqual(['second', 'echo']);
  });

  test('of a provider that fails leave the server’s own alone', async () => {
    const told: string[] = [];
    const { provider, client } = await mounted({ onError: ({ message }) => told.push(message) });
    (provider as { listTools: Provider['listTools'] }).listTools = async () => Promise.reject(new Error('it is down'));
    expect(namesOf((await client.listTools()).tools)).toEqual(['own']);
    expect(await client.callTool({ name: 'own', arguments: { n: 1 } })).toMatchObject({ content: [{ text: 'own 1' }] });
    expect(told).toEqual(['it is down']);
  });
});

describe('calls', () => {
  test('reach the provider under the prefix, and the server’s own as before', async () => {
    const { client } = await mounted({ prefix: 'api_' });
    expect(await client.callTool({ name: 'api_echo', arguments: { text: 'hi' } })).toEqual({
      content: [{ type: 'text', text: 'hi' }],
    });
    expect(await client.callTool({ name: 'own', arguments: { n: 3 } })).toMatchObject({ content: [{ text: 'own 3' }] });
    // The server’s own validation still stands before its own tools.
    expect(await client.callTool({ name: 'own', arguments: { n: 'x' } })).toMatchObject({ isError: true });
    expect(await client.callTool({ name: 'echo', arguments: {} })).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('Tool echo not found') }],
    });
    expect((await client.getPrompt({ name: 'api_greet', arguments: { who: 'Ann' } })).messages).toMatchObject([
      { content: { text: 'Say hello to Ann.' } },
    ]);
  });

  test('that fail are reported as by our own server', async () => {
    const told: string[] = [];
    const { client } = await mounted({ onError: ({ message }) => told.push(message) });
    expect(await client.callTool({ name: 'throw', arguments: {} })).toEqual({
      isError: true,
      content: [{ type: 'text', text: 'The tool "throw" failed: the handler broke' }],
    });
    expect(told).toEqual(['the handler broke']);
    await expect(client.callTool({ name: 'bad-arguments', arguments: {} })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('"id" must be an integer.'),
    });
  });

  test('with invalid parameters are rejected', async () => {
    const { server } = await mounted();
    const refused = { code: -32602 };
    await expect(wire(server, 'tools/call', { name: 'echo', arguments: [] })).rejects.toMatchObject(refused);
    await expect(wire(server, 'prompts/get', { name: 'greet', arguments: { who: 1 } })).rejects.toMatchObject(refused);
    const ref = { type: 'ref/prompt', name: 'greet' };
    await expect(wire(server, 'completion/complete', { ref, argument: 'who' })).rejects.toMatchObject(refused);
    await expect(wire(server, 'tools/call', { name: 'echo', task: {} })).rejects.toMatchObject({ code: -32601 });
  });

  test('read resources, also through templates that the SDK does not match itself', async () => {
    const { client } = await mounted();
    expect((await client.readResource({ uri: 'api://test/logo' })).contents).toMatchObject([{ blob: 'iVBORw0KGgo=' }]);
    const uri = 'api://test/pets/a%2Fb?limit=2&fields=name';
    expect((await client.readResource({ uri })).contents).toMatchObject([{ text: `pet at ${uri}` }]);
    await expect(client.readResource({ uri: 'api://test/nope' })).rejects.toMatchObject({ code: -32602 });
  });

  test('complete the arguments of prompts and templates, of the server too', async () => {
    const server = mainServer();
    const list = new ResourceTemplate('own://{id}', { list: undefined, complete: { id: () => ['own'] } });
    server.registerResource('own', list, {}, (uri) => ({ contents: [{ uri: uri.href, text: 'own' }] }));
    await mountV1(server, fixtureProvider(), { prefix: 'api_' });
    const client = await connect(server);
    const complete = async (ref: Parameters<typeof client.complete>[0]['ref'], name: string) =>
      (await client.complete({ ref, argument: { name, value: 'ca' } })).completion.values;
    expect(await complete({ type: 'ref/prompt', name: 'api_greet' }, 'who')).toEqual(['cat', 'camel']);
    const uri = 'api://test/pets/{id}{?fields,limit}';
    expect(await complete({ type: 'ref/resource', uri }, 'limit')).toEqual(['cat', 'camel']);
    expect(await complete({ type: 'ref/resource', uri: 'own://{id}' }, 'id')).toEqual(['own']);
    expect((await client.readResource({ uri: 'own://1' })).contents).toMatchObject([{ text: 'own' }]);
  });
});

describe('what a call has of its client', () => {
  test('progress and log messages arrive', async () => {
    const { client } = await mounted({}, { capabilities: { logging: {} } });
    const logged: unknown[] = [];
    client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void logged.push(params));
    await client.setLoggingLevel('warning');
    const steps: unknown[] = [];
    await client.callTool({ name: 'steps', arguments: {} }, undefined, { onprogress: (step) => steps.push(step) });
    expect(steps).toEqual([1, 2, 3].map((progress) => ({ progress, total: 3, message: `step ${progress}` })));
    expect(logged).toEqual([{ level: 'warning', data: { step: 0 } }]);
  });

  test('without declared logging nothing is sent, and nothing fails', async () => {
    const told: Error[] = [];
    const { client } = await mounted({ onError: (error) => told.push(error) });
    expect(await client.callTool({ name: 'steps', arguments: {} })).toMatchObject({ content: [{ text: 'done' }] });
    expect(told).toEqual([]);
  });

  test('cancelling aborts the call', async () => {
    const { provider, client } = await mounted();
    const controller = new AbortController();
    const call = client.callTool({ name: 'hang', arguments: {} }, undefined, { signal: controller.signal });
    await expect.poll(() => provider.hanging.started).toBe(1);
    controller.abort();
    await expect(call).rejects.toThrow();
    await expect.poll(() => provider.hanging.aborted).toBe(1);
  });

  test('questions reach the user', async () => {
    const { client } = await mounted();
    client.setRequestHandler(ElicitRequestSchema, async () => ({ action: 'accept', content: { colour: 'red' } }));
    expect(await client.callTool({ name: 'ask', arguments: {} })).toMatchObject({ content: [{ text: 'red, accept' }] });
    client.setRequestHandler(ElicitRequestSchema, async () => ({ action: 'decline' }));
    expect(await client.callTool({ name: 'ask', arguments: {} })).toMatchObject({
      content: [{ text: 'decline, decline' }],
    });
  });

  test('the client’s model responds', async () => {
    const { provider, server } = await mounted();
    provider.callTool = async (_call, { sample }) => {
      const answer = await sample?.({
        messages: [{ role: 'user', content: { type: 'text', text: 'Hi' } }],
        maxTokens: 9,
      });
      return { content: answer ? [answer.content] : [{ type: 'text', text: 'no model' }] };
    };
    const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
    await server.close();
    await server.connect(serverSide);
    const client = new Client({ name: 'test', version: '1' }, { capabilities: { sampling: {} } });
    cleanups.push(() => client.close());
    await client.connect(clientSide);
    client.setRequestHandler(CreateMessageRequestSchema, async ({ params }) => ({
      role: 'assistant',
      model: 'm',
      content: { type: 'text', text: `${JSON.stringify(params.messages[0]?.content)} in ${params.maxTokens}` },
    }));
    expect(await client.callTool({ name: 'echo', arguments: {} })).toEqual({
      content: [{ type: 'text', text: '{"type":"text","text":"Hi"} in 9' }],
    });
  });

  test('its caller and the _meta of its request', async () => {
    const { provider, server } = await mounted();
    const metas: unknown[] = [];
    const { callTool } = provider;
    provider.callTool = (call, context) => {
      metas.push(context.meta);
      return callTool(call, context);
    };
    const params = { name: 'echo', arguments: {}, _meta: { traceparent: '00-1-2-01' } };
    await wire(server, 'tools/call', params, { authInfo: { token: 't', clientId: 'ann', scopes: [] } });
    expect(provider.seen.callers).toEqual(['ann']);
    expect(metas).toEqual([{ traceparent: '00-1-2-01' }]);
  });
});

test('over Streamable HTTP with a session, messages of a call are sent with its own response', async () => {
  const server = mainServer({ capabilities: { logging: {} } });
  await mountV1(server, fixtureProvider());
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => 'a-session' });
  // The SDK's transports do not fit its own interface under exactOptionalPropertyTypes.
  await server.connect(transport as Transport);
  const http = createHttpServer((request, response) => void transport.handleRequest(request, response));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  cleanups.push(async () => http.close());
  const url = new URL(`http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`);
  const client = new Client({ name: 'test', version: '1' }, { capabilities: { elicitation: {} } });
  await client.connect(new StreamableHTTPClientTransport(url) as Transport);
  cleanups.push(() => client.close());
  const said: unknown[] = [];
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void said.push(params.level));
  client.setRequestHandler(ElicitRequestSchema, async () => ({ action: 'accept', content: { colour: 'red' } }));
  const onprogress = ({ progress }: { readonly progress: number }) => void said.push(progress);
  await client.callTool({ name: 'steps', arguments: {} }, undefined, { onprogress });
  expect(said).toEqual(['debug', 'warning', 1, 2, 3]);
  expect(await client.callTool({ name: 'ask', arguments: {} })).toMatchObject({ content: [{ text: 'red, accept' }] });
});

describe('changes', () => {
  test('of the provider are announced and followed', async () => {
    const { provider, client } = await mounted();
    let announced = 0;
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => void announced++);
    provider.addTool({ name: 'later', inputSchema: { type: 'object' } });
    expect(namesOf((await client.listTools()).tools)).toContain('later');
    await expect.poll(() => announced).toBe(1);
    expect(await client.callTool({ name: 'later', arguments: { text: 'now' } })).toMatchObject({
      content: [{ text: 'now' }],
    });
  });

  test('that collide are reported, and the server’s own tool stays', async () => {
    const told: string[] = [];
    const { provider, client } = await mounted({ onError: ({ message }) => told.push(message) });
    provider.addTool({ name: 'own', inputSchema: { type: 'object' } });
    await expect
      .poll(() => told)
      .toEqual([expect.stringContaining('The tool "own" of "fixture" already exists: the server itself')]);
    expect(namesOf((await client.listTools()).tools).filter((name) => name === 'own')).toEqual(['own']);
    expect(await client.callTool({ name: 'own', arguments: { n: 1 } })).toMatchObject({ content: [{ text: 'own 1' }] });
  });

  test('of the server itself show too', async () => {
    const { server, client } = await mounted();
    server.registerTool('another', {}, () => ({ content: [{ type: 'text', text: 'another' }] }));
    expect(namesOf((await client.listTools()).tools)).toContain('another');
    expect(await client.callTool({ name: 'another' })).toMatchObject({ content: [{ text: 'another' }] });
  });
});

describe('mounting', () => {
  test('several providers, which go in any order', async () => {
    const server = mainServer();
    const first = await mountV1(server, fixtureProvider({ tools: [] }), { prefix: 'a_' }).catch((error) => error);
    expect(first).not.toBeInstanceOf(Error);
    const plain = (provider: Provider): Provider => ({
      ...provider,
      listResources: async () => [],
      listResourceTemplates: async () => [],
    });
    const second = await mountV1(server, plain(fixtureProvider()), { prefix: 'b_' });
    const third = await mountV1(server, plain(fixtureProvider()), { prefix: 'c_' });
    const client = await connect(server);
    const prompts = async () => namesOf((await client.listPrompts()).prompts);
    expect(await prompts()).toEqual(['a_greet', 'b_greet', 'c_greet']);
    second.unmount();
    expect(await prompts()).toEqual(['a_greet', 'c_greet']);
    first.unmount();
    expect(await prompts()).toEqual(['c_greet']);
    expect(await client.callTool({ name: 'c_echo', arguments: { text: 'c' } })).toMatchObject({
      content: [{ text: 'c' }],
    });
    third.unmount();
    third.unmount();
    expect(namesOf((await client.listTools()).tools)).toEqual(['own']);
    expect((await client.listResources()).resources).toEqual([]);
    expect(await client.callTool({ name: 'b_echo', arguments: {} })).toMatchObject({ isError: true });
  });

  test('closes nothing of the provider', async () => {
    const { provider, mount } = await mounted();
    mount.unmount();
    provider.addTool({ name: 'later', inputSchema: { type: 'object' } });
    expect(provider.seen.closed).toBe(false);
  });

  test('a name or URI that is taken mounts nothing, and names both', async () => {
    const server = mainServer();
    server.registerTool('steps', {}, () => ({ content: [] }));
    server.registerResource('status', 'api://test/status', {}, () => ({ contents: [] }));
    await expect(mountV1(server, fixtureProvider())).rejects.toThrow(
      /The tool "steps" of "fixture" already exists: the server itself has one\.[\s\S]*The resource "api:\/\/test\/status" of "fixture"/,
    );
    const free = new McpServer({ name: 'main', version: '1' });
    await mountV1(free, fixtureProvider());
    await expect(mountV1(free, fixtureProvider(), { prefix: 'b_' })).rejects.toThrow(
      'The resource "api://test/status" of "fixture" already exists: "fixture" has one.',
    );
    const client = await connect(free);
    expect(namesOf((await client.listTools()).tools)).not.toContain('b_echo');
  });

  test('two at the same time sees a name that both have', async () => {
    const server = mainServer();
    const [first, second] = await Promise.allSettled([
      mountV1(server, fixtureProvider()),
      mountV1(server, fixtureProvider()),
    ]);
    expect(first).toMatchObject({ status: 'fulfilled' });
    expect(second).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringContaining('The tool "echo" of "fixture" already exists: "fixture" has one.') },
    });
  });

  test('into a connected server that declared nothing of the kind says what to do', async () => {
    const server = mainServer();
    await connect(server);
    await expect(mountV1(server, fixtureProvider())).rejects.toThrow(
      'The server is already connected without the capability "resources", so clients would not ask for it. Mount before connect().',
    );
  });

  test('into a connected server that declared them works, and is announced', async () => {
    const server = mainServer({ capabilities: { resources: { listChanged: true }, prompts: { listChanged: true } } });
    const client = await connect(server);
    let announced = 0;
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => void announced++);
    await mountV1(server, fixtureProvider());
    expect(await client.callTool({ name: 'echo', arguments: { text: 'late' } })).toMatchObject({
      content: [{ text: 'late' }],
    });
    expect(announced).toBe(1);
  });

  test('a value that is not a provider is rejected', async () => {
    const other = { ...fixtureProvider(), contract: 2 } as unknown as Provider;
    await expect(mountV1(mainServer(), other)).rejects.toThrow(
      'The value mounted as "fixture" is a provider with contract 2; this runtime supports contract 1.',
    );
    await expect(mountV1(mainServer(), {} as Provider, { prefix: 'x_' })).rejects.toThrow('"x_" is not a provider');
  });
});

/** Asks the server as a transport would, and tells its result as it would go out. */
async function wire(server: McpServer, method: string, params: object = {}, extra: object = {}): Promise<unknown> {
  const { _requestHandlers } = server.server as unknown as {
    _requestHandlers: Map<string, (request: unknown, extra: unknown) => Promise<unknown>>;
  };
  const { _meta } = params as { _meta?: object };
  const about = { requestId: 1, signal: new AbortController().signal, sendNotification: async () => {}, _meta };
  return _requestHandlers.get(method)?.({ method, params }, { ...about, ...extra });
}
