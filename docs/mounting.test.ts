import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport as FirstTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { connect } from '../src/client/index.ts';
import { textsOf } from './client.test.fixture.ts';
import { json, petApi } from './pet-api.test.fixture.ts';

await petApi((_request, response) => {
  json(response, { id: 7, name: 'Ada', species: 'cat' });
});
afterAll(() => {
  vi.unstubAllEnvs();
});

const ADA = { structuredContent: { id: 7, name: 'Ada', species: 'cat' } };

describe('in an MCP server', () => {
  test('examples/mount-into.ts', async () => {
    const { default: server, mount } = await import('./examples/mount-into.ts');
    const client = await connect({ serve: (transport) => void server.connect(transport) });
    expect(textsOf(await client.callTool('greet', { name: 'Ann' }))).toEqual(['Hello, Ann.']);
    expect(await client.callTool('pets_getPet', { petId: 7 })).toMatchObject(ADA);
    mount.unmount();
    expect((await client.listTools()).map(({ name }) => name)).toEqual(['greet']);
    await client.close();
  });

  test('examples/mount-v1.ts', async () => {
    const { default: server, mount } = await import('./examples/mount-v1.ts');
    const [clientSide, serverSide] = FirstTransport.createLinkedPair();
    await server.connect(serverSide);
    const client = new FirstClient({ name: 'test', version: '1' });
    await client.connect(clientSide);
    expect(await client.callTool({ name: 'greet', arguments: { name: 'Ann' } })).toMatchObject({
      content: [{ text: 'Hello, Ann.' }],
    });
    expect(await client.callTool({ name: 'pets_getPet', arguments: { petId: 7 } })).toMatchObject(ADA);
    mount.unmount();
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['greet']);
    await client.close();
  });
});

describe('in a web app', () => {
  const authorized = { Authorization: 'Bearer long-and-secret' };

  async function tried(server: Server) {
    if (!server.listening) await once(server, 'listening');
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await (await fetch(origin)).text()).toBe('The shop is open.');
    await expect(connect({ url: `${origin}/mcp` })).rejects.toThrow();
    const client = await connect({ url: `${origin}/mcp`, headers: authorized });
    expect(await client.callTool('getPet', { petId: 7 })).toMatchObject(ADA);
    await client.close();
  }

  test('examples/mount-express.ts', async () => {
    vi.stubEnv('PORT', '0').stubEnv('OPENAPI_MCP_TOKEN', 'long-and-secret');
    const { close, listener } = await import('./examples/mount-express.ts');
    await tried(listener);
    await close();
    expect(listener.listening).toBe(false);
  });

  test('examples/mount-fastify.ts', async () => {
    vi.stubEnv('PORT', '0').stubEnv('OPENAPI_MCP_TOKEN', 'long-and-secret');
    const { default: app } = await import('./examples/mount-fastify.ts');
    await tried(app.server);
    await app.close();
    expect(app.server.listening).toBe(false);
  });

  test('examples/mount-hono.ts', async () => {
    const { default: app } = await import('./examples/mount-hono.ts');
    const call = (headers: Record<string, string>) =>
      app.request('http://localhost/mcp', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', ...headers },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'whoami' } }),
      });
    expect(await (await call({ Authorization: 'Bearer key-of-ann' })).text()).toContain('"text":"ann"');
    expect((await call({})).status).toBe(401);
  });
});
