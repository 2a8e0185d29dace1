import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApi } from '../proxy.ts';
import { type MockApi, startMockApi } from '../runtime/testing/mock-api.ts';

// The whole line, from a document to an answer, as the clients of both SDKs see it: the built program in between.
const fromRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const PETSTORE = fromRoot('test-specs/petstore.yaml');

let api: MockApi;
let run: string[];
let http: { url: string; stop: () => void };

beforeAll(async () => {
  const { model, provider } = await openApi(PETSTORE, { cache: false, answerSchemas: 'all' });
  await provider.close();
  api = await startMockApi(model);
  run = [fromRoot('dist/bin/openapi-mcp.js'), 'run', PETSTORE, '--no-cache', '--base-url', api.url];
  http = await serveHttp([...run, '--transport', 'http', '--port', '0']);
});
afterAll(async () => {
  http.stop();
  await api.close();
});

function serveHttp(args: readonly string[]): Promise<typeof http> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
      const url = /Serving (\S+)/.exec(said)?.[1];
      if (url !== undefined) resolve({ url, stop: () => child.kill() });
    });
    child.on('close', () => reject(new Error(said)));
  });
}

const INFO = { name: 'test', version: '1.0.0' };
const stdio = () => ({ command: process.execPath, args: [...run, '--quiet'] });

const CLIENTS = {
  'version 1 over stdio': async () => {
    const client = new ClientV1(INFO);
    await client.connect(new StdioV1(stdio()));
    return client;
  },
  'version 1 over HTTP': async () => {
    const client = new ClientV1(INFO);
    // Its types were not written for exactOptionalPropertyTypes.
    await client.connect(new HttpV1(new URL(http.url)) as Parameters<ClientV1['connect']>[0]);
    return client;
  },
  'version 2 over stdio': async () => {
    const client = new ClientV2(INFO);
    await client.connect(new StdioV2(stdio()));
    return client;
  },
  'version 2 over HTTP': async () => {
    const client = new ClientV2(INFO);
    await client.connect(new HttpV2(new URL(http.url)));
    return client;
  },
};

describe.each(Object.entries(CLIENTS))('a client of %s', (_, connect) => {
  let client: Awaited<ReturnType<typeof connect>>;
  beforeAll(async () => {
    client = await connect();
  });
  afterAll(() => client.close());

  test('lists tools, resources and templates', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'listPets',
      'addPet',
      'getPet',
      'changePet',
      'removePet',
      'setPhoto',
      'placeOrder',
      'getOrder',
      'read_result',
    ]);
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual(['api://pet-shop/pets']);
    expect((await client.listResourceTemplates()).resourceTemplates).toHaveLength(3);
  });

  test('calls a tool and gets the response of the API', async () => {
    const result = await client.callTool({ name: 'getPet', arguments: { petId: 7 } });
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({ id: 7, name: 'Ada' });
    expect(api.requests.at(-1)).toMatchObject({ method: 'GET', url: '/pets/7' });
  });

  test('reads a resource by a template', async () => {
    const { contents } = await client.readResource({ uri: 'api://pet-shop/pets/7' });
    expect(contents).toMatchObject([{ uri: 'api://pet-shop/pets/7', mimeType: 'application/json' }]);
    expect(JSON.parse(contents[0] && 'text' in contents[0] ? contents[0].text : '')).toMatchObject({ name: 'Ada' });
  });

  test.each([
    ['a missing argument', {}, 'petId'],
    ['an argument of the wrong type', { petId: 'seven' }, 'petId'],
    ['an argument that is not known', { petId: 7, pet: 1 }, 'pet'],
  ])('reports %s, and sends nothing', async (_name, args, says) => {
    const before = api.requests.length;
    const result = await client.callTool({ name: 'getPet', arguments: args });
    expect(result.isError).toBe(true);
    expect(JSON.stringify(result.content)).toContain(says);
    expect(api.requests).toHaveLength(before);
  });

  test('reports the variable of a missing credential, and sends nothing', async () => {
    const before = api.requests.length;
    const result = await client.callTool({ name: 'removePet', arguments: { petId: 7 } });
    expect(result.isError).toBe(true);
    expect(JSON.stringify(result.content)).toContain('API_KEY_SHOP_KEY');
    expect(api.requests).toHaveLength(before);
  });

  test('reports a tool that does not exist', async () => {
    await expect(client.callTool({ name: 'getFish', arguments: {} })).rejects.toThrow('getFish');
  });
});
