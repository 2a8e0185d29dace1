import { Client } from '@modelcontextprotocol/client';
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport as FirstPair } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer as FirstServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { InMemoryTransport, McpServer } from '@modelcontextprotocol/server';
import { afterEach, describe, expect, test } from 'vitest';
import { connect } from '../client/index.ts';
import { fromMcp } from '../runtime/compose/remote.ts';
import type { Provider, Tool } from '../runtime/provider.ts';
import { serveHttp } from '../runtime/serve/http/node-http.ts';
import { type MountOptions, mountInto } from '../runtime/serve/mount/mount-into.ts';
import { createServer } from '../runtime/server.ts';
import { filter } from '../runtime/transforms/index.ts';
import { mountV1 } from './mount-v1.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const shown = {
  icons: [{ src: 'https://shop.test/pet.png', sizes: ['48x48'], theme: 'dark' }],
  _meta: { 'test/mark': 1 },
} as const;
const annotations = { audience: ['user'], priority: 0.5, lastModified: '2026-01-02T03:04:05Z' } as const;

function shop(name = 'shop') {
  const server = createServer({ name, version: '1' });
  server.tool('who', { ...shown, input: { type: 'object', properties: { x: true } } }, () => name);
  server.resource('shop://all', { name: 'all', annotations, ...shown }, () => `all of ${name}`);
  server.resource('shop://pets/{id}', { name: 'pet', annotations, ...shown }, ({ id }) => `${id} of ${name}`);
  server.prompt('greet', shown, () => `Hello ${name}`);
  return server;
}

type Mounts = readonly (readonly [Provider, Partial<MountOptions>])[];

async function inNext(mounts: Mounts) {
  const server = new McpServer({ name: 'desk', version: '1' });
  for (const [provider, options] of mounts) await mountInto(server, provider, options);
  const client = new Client({ name: 'test', version: '1' });
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(theirs), client.connect(ours)]);
  ends.push(() => client.close());
  return client;
}

async function inFirst(mounts: Mounts) {
  const server = new FirstServer({ name: 'desk', version: '1' });
  for (const [provider, options] of mounts) await mountV1(server, provider, options);
  const client = new FirstClient({ name: 'test', version: '1' });
  const [ours, theirs] = FirstPair.createLinkedPair();
  await Promise.all([server.connect(theirs), client.connect(ours)]);
  ends.push(() => client.close());
  return client as unknown as Client;
}

describe.each([
  ['mountInto', inNext],
  ['mountV1', inFirst],
] as const)('%s with namespaces', (_, mounted) => {
  test('mounts two copies of one provider', async () => {
    const client = await mounted([
      [shop('one'), { namespace: 'one' }],
      [shop('two'), { namespace: 'two' }],
    ]);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['one_who', 'two_who']);
    expect((await client.callTool({ name: 'two_who', arguments: {} })).content).toMatchObject([{ text: 'two' }]);
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual([
      'shop://one.all',
      'shop://two.all',
    ]);
    expect((await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'shop://one.pets/{id}',
      'shop://two.pets/{id}',
    ]);
    for (const [uri, text] of [
      ['shop://two.all', 'all of two'],
      ['shop://one.pets/7', '7 of one'],
    ] as const) {
      expect(await client.readResource({ uri })).toMatchObject({ contents: [{ uri, text }] });
    }
    expect((await client.getPrompt({ name: 'two_greet' })).messages).toMatchObject([
      { content: { text: 'Hello two' } },
    ]);
  });

  test('rejects a prefix together with a namespace, and an invalid namespace', async () => {
    await expect(mounted([[shop(), { namespace: 'one', prefix: 'a_' }]])).rejects.toThrow('not both');
    await expect(mounted([[shop(), { namespace: 'One!' }]])).rejects.toThrow('"One!" cannot be a namespace');
  });
});

const throughRemote = async (provider: Provider): Promise<Provider> => {
  const http = await serveHttp(provider, { port: 0, onError: () => {} });
  const remote = fromMcp(http.url);
  ends.push(
    () => http.close(),
    () => remote.close(),
  );
  return remote;
};

const served = async (provider: Provider) => {
  const client = await connect({ provider });
  ends.push(() => client.close());
  return {
    tools: await client.listTools(),
    resources: await client.listResources(),
    templates: await client.listResourceTemplates(),
    prompts: await client.listPrompts(),
  };
};

const listedBy = async (client: Client) => ({
  tools: (await client.listTools()).tools,
  resources: (await client.listResources()).resources,
  templates: (await client.listResourceTemplates()).resourceTemplates,
  prompts: (await client.listPrompts()).prompts,
});

test.each<[string, (provider: Provider) => Promise<object>]>([
  ['itself', served],
  [
    'a server with a namespace',
    async (provider) => {
      const server = createServer({ name: 'desk', version: '1' });
      server.mount('shop', provider);
      return served(server);
    },
  ],
  ['a transform', async (provider) => served(filter(provider, { include: [{ name: '*' }] }))],
  ['fromMcp', async (provider) => served(await throughRemote(provider))],
  ['mountInto', async (provider) => listedBy(await inNext([[provider, {}]]))],
  ['mountV1', async (provider) => listedBy(await inFirst([[provider, { namespace: 'shop' }]]))],
])('icons, annotations and _meta come through %s, and no schema is a bare boolean', async (_, list) => {
  const inputSchema: Tool['inputSchema'] = { type: 'object', properties: { x: {} } };
  expect(await list(shop())).toMatchObject({
    tools: [{ ...shown, inputSchema }],
    resources: [{ ...shown, annotations }],
    templates: [{ ...shown, annotations }],
    prompts: [shown],
  });
});
