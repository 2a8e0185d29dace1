import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '@modelcontextprotocol/client';
import { McpServer as FirstServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { Transport as FirstTransport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { InMemoryTransport, McpServer, type Transport } from '@modelcontextprotocol/server';
import { afterEach, describe, expect, test } from 'vitest';
import { logging, retry } from '../runtime/middleware/index.ts';
import type { Provider } from '../runtime/provider.ts';
import { mountInto } from '../runtime/serve/mount/mount-into.ts';
import { createServer } from '../runtime/server.ts';
import { mountV1 } from './mount-v1.ts';

interface OlderProvider extends Provider {
  readonly closed: boolean;
}
interface OlderOptions {
  readonly baseUrl: string;
  readonly environment: Readonly<Record<string, string>>;
}
// Plain JavaScript, as an emitted project builds to; its own types were those of its own copy.
const older: string = './fixtures/older-pet-shop.mjs';
const { createPetShop } = (await import(older)) as { createPetShop(options: OlderOptions): OlderProvider };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Serve = (provider: Provider, transport: Transport) => Promise<void>;

const HOSTS: readonly (readonly [name: string, prefix: string, namespace: string, serve: Serve])[] = [
  [
    'server.mount',
    'shop_',
    'shop.',
    async (provider, transport) => {
      const server = createServer({ name: 'main', version: '1' });
      server.mount('shop', provider);
      await server.connect(transport);
    },
  ],
  [
    'server.mount under middleware',
    'shop_',
    'shop.',
    async (provider, transport) => {
      const server = createServer({ name: 'main', version: '1' });
      server.mount('shop', provider);
      server.use(logging({ sink: () => {} }), retry({ attempts: 2 }));
      await server.connect(transport);
    },
  ],
  [
    'mountInto',
    'shop_',
    '',
    async (provider, transport) => {
      const server = new McpServer({ name: 'main', version: '1' });
      await mountInto(server, provider, { prefix: 'shop_' });
      await server.connect(transport);
    },
  ],
  [
    'mountV1',
    'shop_',
    '',
    async (provider, transport) => {
      const server = new FirstServer({ name: 'main', version: '1' });
      await mountV1(server, provider, { prefix: 'shop_' });
      // The generations' transports differ in details of their types only.
      await server.connect(transport as unknown as FirstTransport);
    },
  ],
];

async function served(serve: Serve, environment: OlderOptions['environment'] = { API_KEY_SHOP_KEY: 'key' }) {
  const api = createHttpServer((request, response) => {
    if (request.url === '/pets/404') return void response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ name: `${request.method} ${request.url} ${request.headers['x-shop-key']}` }));
  }).listen(0, '127.0.0.1');
  await once(api, 'listening');
  cleanups.push(() => api.close());
  const provider = createPetShop({ baseUrl: `http://127.0.0.1:${(api.address() as AddressInfo).port}`, environment });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  await serve(provider, serverSide);
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(clientSide);
  cleanups.push(() => client.close());
  return { provider, client };
}

describe.each(HOSTS)('a provider of an older copy of the runtime, by %s', (_name, prefix, namespace, serve) => {
  test('lists what it has', async () => {
    const { provider, client } = await served(serve);
    const { tools } = await client.listTools();
    expect(tools).toEqual((await provider.listTools({})).map((tool) => ({ ...tool, name: prefix + tool.name })));
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual([`api://${namespace}pet-shop/pets`]);
    expect((await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      `api://${namespace}pet-shop/pets/{petId}`,
    ]);
  });

  test('is called and read', async () => {
    const { client } = await served(serve);
    expect(await client.callTool({ name: `${prefix}getPet`, arguments: { petId: 7 } })).toMatchObject({
      structuredContent: { name: 'GET /pets/7 key' },
    });
    const uri = `api://${namespace}pet-shop/pets/7`;
    expect((await client.readResource({ uri })).contents).toMatchObject([{ uri, text: '{"name":"GET /pets/7 key"}' }]);
  });

  test('tells its failures: those of calls in results, wrong requests by their code', async () => {
    const { client } = await served(serve);
    const text = async (args: object) => {
      const result = await client.callTool({ name: `${prefix}getPet`, arguments: { ...args } });
      expect(result.isError).toBe(true);
      return JSON.stringify(result.content);
    };
    expect(await text({})).toContain('INVALID_ARGUMENTS: petId: is missing.');
    expect(await text({ petId: 404 })).toContain('HTTP_STATUS: GET /pets/404 answered 404.');
    const read = (uri: string) => client.readResource({ uri: `api://${namespace}pet-shop${uri}` });
    await expect(read('/pets/404')).rejects.toMatchObject({ code: -32603, message: /answered 404/ });
    await expect(read('/nothing')).rejects.toMatchObject({ code: -32602 });
  });

  test('reports a missing credential with its own message', async () => {
    const { client } = await served(serve, {});
    expect(await client.callTool({ name: `${prefix}addPet`, arguments: { name: 'a' } })).toMatchObject({
      isError: true,
      content: [{ text: expect.stringMatching(/MISSING_CREDENTIAL[\s\S]*Set API_KEY_SHOP_KEY/) }],
    });
  });

  test('with an unsupported contract is rejected', async () => {
    const newer: Provider = Object.assign(createPetShop({ baseUrl: '', environment: {} }), { contract: 2 as 1 });
    const [, serverSide] = InMemoryTransport.createLinkedPair();
    await expect(serve(newer, serverSide)).rejects.toThrow(
      /is a provider with contract 2; this runtime supports contract 1\. Use the same version for both\./,
    );
  });
});

test('closing the server that it is mounted in closes it', async () => {
  const provider = createPetShop({ baseUrl: '', environment: {} });
  const server = createServer({ name: 'main', version: '1' });
  server.mount('shop', provider);
  await server.close();
  expect(provider.closed).toBe(true);
});
