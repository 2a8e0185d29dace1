import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { afterEach, describe, expect, test } from 'vitest';
import type { AuthOptions } from '../runtime/serve/auth/auth-options.ts';
import { createServer } from '../runtime/server.ts';
import { mcpHandler as expressHandler } from './express.ts';
import { mcpPlugin } from './fastify.ts';
import { mcpHandler as honoHandler } from './hono.ts';

const KEY = 'key-of-ada-0123456789';
const AUTH: AuthOptions = {
  publicUrl: 'https://mcp.example.com/mcp',
  keys: [{ name: 'ada', key: KEY, scopes: ['read'] }],
  scopes: { tools: { erase: ['write'] } },
};

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function notes() {
  const server = createServer({ name: 'notes', version: '1' });
  server.tool('whoami', {}, (_, { caller }) => caller?.id ?? 'nobody');
  server.tool('erase', {}, () => 'erased');
  return server;
}

const APPS = {
  async Express(auth: AuthOptions = AUTH, onError = (_: Error) => {}) {
    const app = express();
    const mcp = expressHandler(notes(), { auth, onError });
    app.use(mcp.authPages);
    app.use('/mcp', mcp);
    app.use((_request, response) => void response.status(404).send('the app’s own 404'));
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(async () => server.close(), mcp.close);
    return server;
  },
  async Fastify(auth: AuthOptions = AUTH, onError = (_: Error) => {}) {
    const app = fastify({ forceCloseConnections: true });
    const mcp = mcpPlugin(notes(), { auth, onError });
    await app.register(mcp.authPages);
    await app.register(mcp, { prefix: '/mcp' });
    app.setNotFoundHandler((_request, reply) => reply.code(404).send('the app’s own 404'));
    await app.listen({ port: 0, host: '127.0.0.1' });
    cleanups.push(() => app.close());
    return app.server;
  },
  async Hono(auth: AuthOptions = AUTH, onError = (_: Error) => {}) {
    const app = new Hono();
    const mcp = honoHandler(notes(), { auth, onError });
    app.use(mcp.authPages);
    app.all('/mcp', mcp);
    app.notFound((context) => context.text('the app’s own 404', 404));
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
    await once(server, 'listening');
    cleanups.push(async () => server.close(), mcp.close);
    return server;
  },
} satisfies Record<string, (auth?: AuthOptions, onError?: (error: Error) => void) => Promise<Server>>;

describe.each(Object.entries(APPS))('%s', (_, open) => {
  const start = async (auth?: AuthOptions, onError?: (error: Error) => void) =>
    `http://127.0.0.1:${((await open(auth, onError)).address() as AddressInfo).port}`;
  const post = (origin: string, method: string, params: object, headers: Record<string, string> = {}) =>
    fetch(`${origin}/mcp`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', ...headers },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
  const as = { Authorization: `Bearer ${KEY}` };

  test('serves the metadata at the root, with the checks of the endpoint, and leaves other paths to the app', async () => {
    const origin = await start();
    const metadata = await fetch(`${origin}/.well-known/oauth-protected-resource/mcp`);
    expect(await metadata.json()).toMatchObject({ resource: AUTH.publicUrl, scopes_supported: ['write'] });
    const foreign = { headers: { Origin: 'https://evil.example' } };
    expect((await fetch(`${origin}/.well-known/oauth-protected-resource`, foreign)).status).toBe(403);
    expect(await (await fetch(`${origin}/.well-known/other`)).text()).toContain('the app’s own 404');
  });

  test('tells callers apart, and challenges those without a token or a scope', async () => {
    const origin = await start();
    const none = await post(origin, 'tools/list', {});
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"',
    ]);
    const who = await post(origin, 'tools/call', { name: 'whoami', arguments: {} }, as);
    expect(await who.text()).toContain('static-keys ada');
    expect(await (await post(origin, 'tools/list', {}, as)).text()).not.toContain('erase');
    expect((await post(origin, 'tools/call', { name: 'erase', arguments: {} }, as)).status).toBe(403);
  });

  test('the challenge for a tool also names the scopes that every call needs', async () => {
    const origin = await start({ ...AUTH, requiredScopes: ['read'] });
    const refused = await post(origin, 'tools/call', { name: 'erase', arguments: {} }, as);
    expect(refused.status).toBe(403);
    expect(refused.headers.get('www-authenticate')).toContain('scope="write read"');
  });

  test('a provider that is down costs neither the app’s own pages nor more than one request, and calls get 503', async () => {
    let asked = 0;
    const down = async () => {
      asked += 1;
      throw new Error('the provider is down');
    };
    const errors: Error[] = [];
    const auth = { ...AUTH, provider: 'https://login.example.com', fetch: down };
    const origin = await start(auth, (error) => void errors.push(error));
    expect((await fetch(`${origin}/other`)).status).toBe(404);
    expect(asked).toBe(0);
    const called = await post(origin, 'tools/list', {}, as);
    expect([called.status, called.headers.get('retry-after')]).toEqual([503, '10']);
    expect(await called.text()).not.toContain('login.example.com');
    // One of each well-known URL.
    expect(asked).toBe(2);
    expect((await fetch(`${origin}/.well-known/oauth-protected-resource/mcp`)).status).toBe(503);
    expect((await post(origin, 'tools/list', {}, as)).status).toBe(503);
    expect(asked).toBe(2);
    expect(errors.map(String)).toEqual([expect.stringContaining('the provider is down')]);
  });

  test('scope rules that match nothing are reported, and no call gets through', async () => {
    const errors: Error[] = [];
    const auth = { ...AUTH, scopes: { tools: { missing: ['write'] } } };
    const origin = await start(auth, (error) => void errors.push(error));
    expect((await post(origin, 'tools/list', {}, as)).status).toBe(503);
    expect(errors.map(String)).toEqual([expect.stringContaining('tools.missing')]);
  });
});

test.each([expressHandler, mcpPlugin, honoHandler])('%o needs the public URL, which it cannot know', (mount) => {
  const { publicUrl: _, ...auth } = AUTH;
  expect(() => mount(notes(), { auth })).toThrow('Set auth.publicUrl to the URL of the MCP endpoint');
});
