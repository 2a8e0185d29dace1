import { PassThrough } from 'node:stream';
import { Client, type ClientOptions, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldHttpTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport as OldTransport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Transport } from '@modelcontextprotocol/server';
import { afterEach, describe, expect, test } from 'vitest';
import { serveHttp } from './http/node-http.ts';
import { type FixtureProvider, fixtureProvider } from './provider.test.fixture.ts';
import { serveStdio } from './stdio/serve-stdio.ts';
import { StdioTransport } from './stdio/stdio-transport.ts';

/** The clients of the field: the maintenance line of the SDK, and its successor in either era. */
const CLIENTS = {
  'v1 client': 'v1',
  'v2 client, 2025 handshake': 'legacy',
  'v2 client, 2026-07-28': 'auto',
} as const;
type Kind = (typeof CLIENTS)[keyof typeof CLIENTS];

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
const errors: Error[] = [];
const onError = (error: Error) => void errors.push(error);
const INFO = { name: 'test', version: '1' };

/**
 * Both SDKs' clients have the methods that these tests use, with the same parameters; the types differ in what the
 * tests do not look at.
 */
function makeClient(kind: Kind, options: ClientOptions = {}): Client {
  if (kind === 'v1') return new OldClient(INFO, options as object) as unknown as Client;
  return new Client(INFO, { ...options, versionNegotiation: { mode: kind } });
}

async function overStdio(kind: Kind, provider: FixtureProvider, options?: ClientOptions): Promise<Client> {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  const connection = await serveStdio(provider, { onError, stdin: toServer, stdout: toClient });
  const client = makeClient(kind, options);
  await client.connect(new StdioTransport({ input: toClient, output: toServer, drainMs: 100 }) as Transport);
  cleanups.push(
    () => connection.close(),
    () => client.close(),
  );
  return client;
}

const overHttp = (kind: Kind, provider: FixtureProvider, options?: ClientOptions) =>
  overHttpWith(false, kind, provider, options);
const overStatelessHttp = (kind: Kind, provider: FixtureProvider, options?: ClientOptions) =>
  overHttpWith(true, kind, provider, options);

async function overHttpWith(stateless: boolean, kind: Kind, provider: FixtureProvider, options?: ClientOptions) {
  const server = await serveHttp(provider, { port: 0, stateless, onError });
  const client = makeClient(kind, options);
  const transport =
    kind === 'v1'
      ? (new OldHttpTransport(new URL(server.url)) as OldTransport as unknown as Transport)
      : new StreamableHTTPClientTransport(new URL(server.url));
  await client.connect(transport);
  cleanups.push(
    () => server.close(),
    () => client.close(),
  );
  return client;
}

const TRANSPORTS = { stdio: overStdio, http: overHttp, 'stateless http': overStatelessHttp };
for (const [transportName, open] of Object.entries(TRANSPORTS)) {
  for (const [clientName, kind] of Object.entries(CLIENTS)) {
    describe(`${clientName} over ${transportName}`, () => {
      test('lists tools whole, as the provider has them', async () => {
        const provider = fixtureProvider();
        const client = await open(kind, provider);
        const { tools } = await client.listTools();
        expect(tools.map(({ name }) => name)).toEqual((await provider.listTools({})).map(({ name }) => name));
        const [echo] = await provider.listTools({});
        expect(tools[0]).toMatchObject({ ...echo });
        expect(client.getInstructions()).toBe('Use echo.');
        expect(client.getServerVersion()).toMatchObject({ name: 'fixture', title: 'Fixture', version: '1.2.3' });
      });

      test('calls a tool', async () => {
        const client = await open(kind, fixtureProvider());
        const result = await client.callTool({ name: 'echo', arguments: { text: 'hello' } });
        expect(result).toMatchObject({ content: [{ type: 'text', text: 'hello' }] });
      });

      test('gets structured results in the shape of its era', async () => {
        const client = await open(kind, fixtureProvider());
        const { structuredContent } = await client.callTool({ name: 'count', arguments: {} });
        expect(structuredContent).toEqual(kind === 'auto' ? [1, 2, 3] : { result: [1, 2, 3] });
      });

      test('hears progress in order', async () => {
        const client = await open(kind, fixtureProvider());
        const heard: unknown[] = [];
        const params = { name: 'steps', arguments: {} };
        const options = { onprogress: (progress: unknown) => void heard.push(progress) };
        // The old client takes a result schema between the two.
        if (kind === 'v1') await (client as unknown as OldClient).callTool(params, undefined, options);
        else await client.callTool(params, options);
        expect(heard).toEqual([1, 2, 3].map((step) => ({ progress: step, total: 3, message: `step ${step}` })));
      });

      test('cancels a call', async () => {
        const provider = fixtureProvider();
        const client = await open(kind, provider);
        const abort = new AbortController();
        const params = { name: 'hang', arguments: {} };
        const call =
          kind === 'v1'
            ? (client as unknown as OldClient).callTool(params, undefined, { signal: abort.signal })
            : client.callTool(params, { signal: abort.signal });
        const refused = expect(call).rejects.toThrow();
        await expect.poll(() => provider.hanging.started).toBe(1);
        abort.abort();
        await refused;
        // Over HTTP a 2025 client tells of it by a request of its own, which only a session ties to the call.
        if (transportName === 'stateless http' && kind !== 'auto') await client.close();
        await expect.poll(() => provider.hanging.aborted).toBe(1);
      });

      test('gets error codes for invalid requests', async () => {
        const client = await open(kind, fixtureProvider());
        const codes = { code: -32602 };
        await expect(client.callTool({ name: 'nope', arguments: {} })).rejects.toMatchObject(codes);
        await expect(client.callTool({ name: 'bad-arguments', arguments: {} })).rejects.toMatchObject(codes);
        await expect(client.getPrompt({ name: 'nope' })).rejects.toMatchObject(codes);
        await expect(client.readResource({ uri: 'api://test/nope' })).rejects.toMatchObject({
          code: -32602,
          data: { uri: 'api://test/nope' },
          message: expect.stringContaining('Unknown resource "api://test/nope".'),
        });
        await expect(client.readResource({ uri: 'api://test/broken' })).rejects.toMatchObject({
          code: -32603,
          message: expect.stringContaining('The API answered 500.'),
        });
      });

      test('gets a tool that throws as a result with isError, without its stack', async () => {
        const client = await open(kind, fixtureProvider());
        expect(await client.callTool({ name: 'throw', arguments: {} })).toMatchObject({
          isError: true,
          content: [{ type: 'text', text: 'The tool "throw" failed: the handler broke' }],
        });
      });

      test('reads resources, as text and as bytes, and through templates', async () => {
        const client = await open(kind, fixtureProvider());
        expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual([
          'api://test/status',
          'api://test/logo',
        ]);
        expect((await client.listResourceTemplates()).resourceTemplates).toMatchObject([
          { uriTemplate: 'api://test/pets/{id}{?fields,limit}' },
        ]);
        expect((await client.readResource({ uri: 'api://test/status' })).contents).toMatchObject([
          { text: '{"up":true}' },
        ]);
        expect((await client.readResource({ uri: 'api://test/logo' })).contents).toMatchObject([
          { blob: 'iVBORw0KGgo=' },
        ]);
        const uri = 'api://test/pets/a%2Fb?limit=2&fields=name';
        expect((await client.readResource({ uri })).contents).toMatchObject([{ uri, text: `pet at ${uri}` }]);
      });

      test('gets prompts and completions', async () => {
        const client = await open(kind, fixtureProvider());
        expect((await client.listPrompts()).prompts).toMatchObject([{ name: 'greet', arguments: [{ name: 'who' }] }]);
        expect((await client.getPrompt({ name: 'greet', arguments: { who: 'Ann' } })).messages).toEqual([
          { role: 'user', content: { type: 'text', text: 'Say hello to Ann.' } },
        ]);
        const { completion } = await client.complete({
          ref: { type: 'ref/resource', uri: 'api://test/pets/{id}{?fields,limit}' },
          argument: { name: 'id', value: 'ca' },
        });
        expect(completion.values).toEqual(['cat', 'camel']);
      });

      const sessionless = transportName === 'stateless http' && kind !== 'auto';
      test(
        sessionless ? 'is not asked questions' : 'is asked questions, and the call goes on with the answers',
        async () => {
          const provider = fixtureProvider();
          const client = await open(kind, provider, { capabilities: { elicitation: {} } });
          const asked: string[] = [];
          const answer = async ({ params }: { params: { message: string } }) => {
            asked.push(params.message);
            if (params.message === 'Sure?') return { action: 'decline' as const };
            return { action: 'accept' as const, content: { colour: 'red' } };
          };
          if (kind === 'v1') {
            const { ElicitRequestSchema } = await import('@modelcontextprotocol/sdk/types.js');
            (client as unknown as OldClient).setRequestHandler(ElicitRequestSchema, answer as never);
          } else client.setRequestHandler('elicitation/create', answer);
          const result = await client.callTool({ name: 'ask', arguments: {} });
          expect(result.content).toMatchObject([{ text: sessionless ? 'cannot ask' : 'red, decline' }]);
          expect(asked).toEqual(sessionless ? [] : ['Which colour?', 'Sure?']);
        },
      );

      test('is not asked questions that it cannot answer', async () => {
        const client = await open(kind, fixtureProvider());
        expect((await client.callTool({ name: 'ask', arguments: {} })).content).toMatchObject([{ text: 'cannot ask' }]);
      });

      if (!sessionless) {
        test('hears once that the tools have changed, however many changes there were', async () => {
          const provider = fixtureProvider();
          let notices = 0;
          const client = await open(kind, provider, {
            listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => void notices++ } },
          });
          for (const name of ['x', 'y', 'z']) provider.addTool({ name, inputSchema: { type: 'object' } });
          await expect.poll(() => notices).toBe(1);
          await new Promise((resolve) => setTimeout(resolve, 150));
          expect(notices).toBe(1);
          expect((await client.listTools()).tools.map(({ name }) => name)).toContain('z');
        });
      }
    });
  }
}
