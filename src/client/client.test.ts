import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { ElicitAnswer, LogLevel, Provider, SampleAnswer, SampleRequest, ToolResult } from '../runtime/provider.ts';
import { serveConnection } from '../runtime/serve/connection.ts';
import { serveHttp } from '../runtime/serve/http/node-http.ts';
import { type FixtureProvider, fixtureProvider } from '../runtime/serve/provider.test.fixture.ts';
import { createServer } from '../runtime/server.ts';
import { ConnectError, type ConnectOptions, connect, type McpClient, ResultMismatch, ToolCallFailed } from './index.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
const onError = () => {};

async function inMemory(provider: Provider, options?: ConnectOptions): Promise<McpClient> {
  const client = await connect({ serve: (transport) => serveConnection(provider, transport, { onError }) }, options);
  cleanups.push(() => client.close());
  return client;
}

async function overHttp(provider: FixtureProvider, options?: ConnectOptions): Promise<McpClient> {
  const server = await serveHttp(provider, { port: 0, token: 't', onError });
  const client = await connect({ url: server.url, headers: { Authorization: 'Bearer t' } }, options);
  cleanups.push(
    () => server.close(),
    () => client.close(),
  );
  return client;
}

for (const [name, open] of Object.entries({ inMemory, overHttp })) {
  for (const mode of ['auto', 'legacy'] as const) {
    describe(`${name}, ${mode}`, () => {
      test('lists, calls, reads, prompts and completes', async () => {
        const client = await open(fixtureProvider(), { mode });
        expect(client.protocolVersion).toBe(mode === 'auto' ? '2026-07-28' : '2025-11-25');
        expect(client.server).toMatchObject({ name: 'fixture', version: '1.2.3' });
        expect(client.instructions).toBe('Use echo.');
        expect(Object.keys(client.capabilities).sort()).toEqual([
          'completions',
          ...(mode === 'auto' ? ['extensions'] : []),
          'logging',
          'prompts',
          'resources',
          'tools',
        ]);
        expect((await client.listTools()).map((tool) => tool.name)).toContain('echo');
        expect((await client.callTool('echo', { text: 'hi' })).content).toEqual([{ type: 'text', text: 'hi' }]);
        const { structuredContent } = await client.callTool<number[]>('count');
        expect(structuredContent).toEqual(mode === 'auto' ? [1, 2, 3] : { result: [1, 2, 3] });
        expect((await client.listResources()).length).toBe(2);
        expect((await client.listResourceTemplates()).length).toBe(1);
        expect((await client.readResource('api://test/status')).contents).toMatchObject([{ text: '{"up":true}' }]);
        expect((await client.listPrompts()).length).toBe(1);
        expect((await client.getPrompt('greet', { who: 'Ann' })).messages.length).toBe(1);
        const ref = { type: 'prompt', name: 'greet' } as const;
        expect(await client.complete({ ref, argument: { name: 'who', value: 'd' }, given: {} })).toMatchObject({
          values: ['dog'],
        });
      });

      test('hears progress, and logs of the level it asked for', async () => {
        const logs: [LogLevel, unknown][] = [];
        const options: ConnectOptions = { mode, logLevel: 'notice', onLog: (level, data) => logs.push([level, data]) };
        const client = await open(fixtureProvider(), options);
        const heard: number[] = [];
        await client.callTool('steps', {}, { onProgress: ({ progress }) => heard.push(progress) });
        expect(heard).toEqual([1, 2, 3]);
        expect(logs).toEqual([['warning', { step: 0 }]]);
      });
    });
  }
}

test('a failed call is a result, or thrown where that is asked for', async () => {
  const client = await inMemory(fixtureProvider());
  expect(await client.callTool('throw')).toMatchObject({ isError: true });
  const raised = client.callTool('throw', {}, { raiseOnError: true });
  await expect(raised).rejects.toThrow(ToolCallFailed);
  await expect(raised).rejects.toMatchObject({
    message: 'The tool "throw" failed: the handler broke',
    tool: 'throw',
    result: { isError: true },
  });
});

test('a call is cancelled at the server too', async () => {
  const provider = fixtureProvider();
  const client = await inMemory(provider);
  const abort = new AbortController();
  const call = expect(client.callTool('hang', {}, { signal: abort.signal })).rejects.toThrow();
  await expect.poll(() => provider.hanging.started).toBe(1);
  abort.abort();
  await call;
  await expect.poll(() => provider.hanging.aborted).toBe(1);
});

test.each(['auto', 'legacy'] as const)('answers questions and receives changes (%s)', async (mode) => {
  const provider = fixtureProvider();
  const changes: string[] = [];
  const onElicit = async ({ message }: { message: string }): Promise<ElicitAnswer> =>
    message === 'Sure?' ? { action: 'cancel' } : { action: 'accept', content: { colour: 'blue' } };
  const client = await inMemory(provider, { mode, onElicit, onChange: (change) => changes.push(change) });
  const heard: unknown[] = [];
  const asked = await client.callTool('ask', {}, { onProgress: (progress) => heard.push(progress) });
  expect(asked.content).toMatchObject([{ text: 'blue, cancel' }]);
  expect(heard).toEqual([]);
  provider.announce('tools');
  provider.announce('prompts');
  await expect.poll(() => changes).toEqual(['tools', 'prompts']);
});

test.each(['auto', 'legacy'] as const)('fills in what a form says of fields that are left out (%s)', async (mode) => {
  const server = createServer({ name: 'forms', version: '1' });
  server.tool('order', {}, async (_, { elicit }) => {
    const properties = { size: { type: 'string', default: 'large' }, count: { type: 'integer', default: 1 } } as const;
    const answer = await elicit({ message: 'What?', requestedSchema: { type: 'object', properties } });
    return answer.action === 'accept' ? { ...answer.content } : answer.action;
  });
  const onElicit = async (): Promise<ElicitAnswer> => ({ action: 'accept', content: { count: 3 } });
  const { structuredContent } = await (await inMemory(server, { mode, onElicit })).callTool('order');
  expect(structuredContent).toEqual({ size: 'large', count: 3 });
});

test.each(['auto', 'legacy'] as const)('writes with a model for the server (%s)', async (mode) => {
  const server = createServer({ name: 'titles', version: '1' });
  server.tool('title', {}, async (_, { sample }) => {
    const content = { type: 'text', text: 'A title?' } as const;
    const answer = await sample?.({ messages: [{ role: 'user', content }], maxTokens: 20 });
    return answer?.content ?? 'Untitled';
  });
  const onSample = async ({ maxTokens }: SampleRequest): Promise<SampleAnswer> => {
    return { role: 'assistant', content: { type: 'text', text: `${maxTokens} words` }, model: 'm-1' };
  };
  expect((await (await inMemory(server, { mode, onSample })).callTool('title')).content).toMatchObject([
    { text: '20 words' },
  ]);
  expect((await (await inMemory(server, { mode })).callTool('title')).content).toMatchObject([{ text: 'Untitled' }]);
});

describe('a server that is a process', () => {
  const program = `
    import { McpServer } from '@modelcontextprotocol/server';
    import { serveStdio } from '@modelcontextprotocol/server/stdio';
    serveStdio(() => {
      const server = new McpServer({ name: 'child', version: '1' });
      server.registerTool('where', {}, () => ({ content: [{ type: 'text', text: process.env.PLACE ?? '' }] }));
      return server;
    });`;

  test('is started, called and ended', async () => {
    const args = ['--input-type=module', '-e', program];
    const client = await connect({ command: process.execPath, args, env: { PLACE: 'here' } });
    expect((await client.callTool('where')).content).toEqual([{ type: 'text', text: 'here' }]);
    const said = vi.spyOn(console, 'debug').mockImplementation(() => {});
    expect(await client.listPrompts()).toEqual([]);
    expect(said).not.toHaveBeenCalled();
    said.mockRestore();
    await client.close();
  });

  test('that cannot be started is reported without its arguments', async () => {
    const failed = connect({ command: 'no-such-command', args: ['s3cret'] });
    await expect(failed).rejects.toThrow(ConnectError);
    await expect(failed).rejects.toThrow(/^Cannot connect to the command "no-such-command": .*ENOENT/);
    await expect(failed).rejects.not.toThrow('s3cret');
  });
});

test('a URL without an MCP server is reported without the page found there', async () => {
  const web = createHttpServer((_, response) => response.writeHead(404).end('<html>s3cret</html>'));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  cleanups.push(async () => web.close());
  const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/`;
  await expect(connect({ url })).rejects.toThrow(`Cannot connect to ${url}: the server responded with status 404`);
});

test('a process that never responds is killed after the time limit', async () => {
  const began = Date.now();
  const script = 'setInterval(() => {}, 1000)';
  const target = { command: process.execPath, args: ['-e', script], stderr: 'ignore' } as const;
  const given = connect(target, { connectTimeoutMs: 600 });
  await expect(given).rejects.toThrow(`Cannot connect to the command "${process.execPath}": no response in 0.6 s`);
  expect(Date.now() - began).toBeLessThan(4000);
});

test('a user name in a URL is sent as a header, and shown nowhere', async () => {
  const heard: (string | undefined)[] = [];
  const server = createHttpServer((request, response) => {
    heard.push(request.headers.authorization);
    response.writeHead(500).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(async () => server.close());
  const { port } = server.address() as AddressInfo;
  const refused = await connect(`http://ann:hunter2@127.0.0.1:${port}/mcp?key=topsecret`).catch((error) => error);
  expect(refused).toBeInstanceOf(ConnectError);
  expect(refused.message).not.toMatch(/hunter2|topsecret/);
  expect(heard[0]).toBe(`Basic ${btoa('ann:hunter2')}`);
});

test('a URL where nothing is listening is reported without its query', async () => {
  const failed = connect({ url: 'http://127.0.0.1:1/mcp?key=s3cret' });
  await expect(failed).rejects.toThrow(
    /^Cannot connect to http:\/\/127\.0\.0\.1:1\/mcp: fetch failed \((connect ECONNREFUSED.*|bad port)\)$/,
  );
});

describe('a result with a known schema', () => {
  const pet = z.object({ name: z.string(), born: z.coerce.date() });
  const tools: Record<string, ToolResult> = {
    pet: { content: [], structuredContent: { name: 'Rex', born: '2020-01-02' } },
    broken: { content: [{ type: 'text', text: 'all of it' }], structuredContent: { name: 5 } },
  };
  const promised = { type: 'object', properties: { name: { type: 'string' } } } as const;
  const provider: FixtureProvider = {
    ...fixtureProvider({
      tools: Object.keys(tools).map((name) => ({ name, inputSchema: { type: 'object' }, outputSchema: promised })),
    }),
    callTool: async ({ name }) => tools[name] ?? { content: [] },
  };

  test('is what the schema makes of it, with its type', async () => {
    const client = await inMemory(provider);
    const { structuredContent } = await client.callTool('pet', {}, { output: pet });
    expect(structuredContent?.born.getFullYear()).toBe(2020);
  });

  test('is reported with the result if it does not match', async () => {
    const client = await inMemory(provider);
    const unlike = client.callTool('broken', {}, { output: pet });
    await expect(unlike).rejects.toThrow(ResultMismatch);
    await expect(unlike).rejects.toMatchObject({
      message: expect.stringMatching(
        /^The result of the tool "broken" does not match its output schema: \/name: .*; \/born: /,
      ),
      result: { content: [{ text: 'all of it' }] },
    });
  });

  test('is validated against the listed schema', async () => {
    const client = await inMemory(provider);
    expect(await client.callTool('broken')).toMatchObject({ structuredContent: { name: 5 } });
    await client.listTools();
    await expect(client.callTool('broken')).rejects.toThrow('does not match its output schema: /name: must be string');
  });

  test('is unwrapped where 2025 had to wrap it', async () => {
    const client = await inMemory(fixtureProvider(), { mode: 'legacy' });
    const { structuredContent } = await client.callTool('count', {}, { output: z.array(z.number()) });
    expect(structuredContent).toEqual([1, 2, 3]);
  });
});

test('is closed when its block ends', async () => {
  let kept: McpClient;
  {
    await using client = await connect({ provider: fixtureProvider() });
    expect(client.isConnected).toBe(true);
    kept = client;
  }
  await expect(kept.listTools()).rejects.toThrow('is closed');
});

test.each([
  ['ftp://x', 'must start with http:// or https://'],
  [{ mcpServers: {} }, 'connectAll()'],
  [{}, 'connect() needs a URL'],
  [{ provider: {} }, 'The { provider } passed to connect() is not a provider: it lacks contract: 1'],
  [{ provider: undefined }, 'is not a provider'],
  [{ serve: 1 }, 'must be a function'],
  [{ command: 1 }, '"command" must be a string; got 1.'],
])('%j is not a target', async (target, message) => {
  // As a program without types may give it.
  await expect(connect(target as string)).rejects.toThrow(message);
});
