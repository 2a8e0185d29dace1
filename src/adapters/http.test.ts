import { once } from 'node:events';
import { type Server as HttpServer, request as httpRequest } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as FirstTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { afterEach, describe, expect, test } from 'vitest';
import type { Provider } from '../runtime/provider.ts';
import { type FixtureProvider, fixtureProvider } from '../runtime/serve/provider.test.fixture.ts';
import { mcpHandler as expressHandler } from './express.ts';
import { mcpPlugin } from './fastify.ts';
import { mcpHandler as honoHandler } from './hono.ts';
import type { HttpMountOptions } from './http/guarded-endpoint.ts';

interface App {
  readonly url: string;
  /** Closes as the adapter's documentation says. */
  close(): Promise<void>;
}
interface AppOptions extends HttpMountOptions {
  /** What a middleware of the app has found out about the caller. */
  readonly caller?: string;
}
type Start = (provider: Provider, options: AppOptions) => Promise<App>;

const authInfo = (clientId: string) => ({ token: '', clientId, scopes: [] });

const inExpress =
  (parser?: express.RequestHandler, route: 'use' | 'all' = 'use'): Start =>
  async (provider, { caller, ...options }) => {
    const app = express();
    const mcp = expressHandler(provider, options);
    if (parser) app.use(parser);
    app.use((request, _response, next) => {
      if (caller !== undefined) Object.assign(request, { auth: authInfo(caller) });
      next();
    });
    app[route]('/mcp', mcp);
    app.use((_request, response) => void response.status(404).send('the app’s own 404'));
    const server = await listening(app.listen(0, '127.0.0.1'));
    return {
      url: urlOf(server),
      async close() {
        await mcp.close();
        server.close();
      },
    };
  };

const inFastify: Start = async (provider, { caller, ...options }) => {
  // Else it waits for connections that a client has opened and sent nothing on.
  const app = fastify({ forceCloseConnections: true });
  app.addHook('onRequest', async ({ raw }) => {
    if (caller !== undefined) Object.assign(raw, { auth: authInfo(caller) });
  });
  await app.register(mcpPlugin(provider, options), { prefix: '/mcp' });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send('the app’s own 404'));
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { url: urlOf(app.server), close: () => app.close() };
};

const inHono =
  ({ reads }: { reads: boolean }): Start =>
  async (provider, { caller, ...options }) => {
    const app = new Hono<{ Variables: { auth: unknown } }>();
    const mcp = honoHandler(provider, options);
    app.use(async (context, next) => {
      if (caller !== undefined) context.set('auth', authInfo(caller));
      if (reads && context.req.method === 'POST') await context.req.json().catch(() => {});
      await next();
    });
    app.all('/mcp', mcp);
    app.notFound((context) => context.text('the app’s own 404', 404));
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as HttpServer;
    await listening(server);
    return {
      url: urlOf(server),
      async close() {
        await mcp.close();
        server.close();
      },
    };
  };

async function listening(server: HttpServer): Promise<HttpServer> {
  if (!server.listening) await once(server, 'listening');
  return server;
}
const urlOf = (server: HttpServer) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;

type Named = readonly [name: string, start: Start];
const APPS: readonly Named[] = [
  ['Express', inExpress()],
  ['Express after express.json()', inExpress(express.json())],
  ['Fastify', inFastify],
  ['Hono', inHono({ reads: false })],
];
const OTHER_WAYS: readonly Named[] = [
  ['Express after express.text()', inExpress(express.text({ type: '*/*' }))],
  ['Express after express.raw()', inExpress(express.raw({ type: '*/*' }))],
  ['Express with app.all()', inExpress(express.json(), 'all')],
  ['Hono after a middleware that reads the body', inHono({ reads: true })],
];

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function started(start: Start, options: AppOptions = { insecure: true }) {
  const provider: FixtureProvider = fixtureProvider();
  const app = await start(provider, options);
  cleanups.push(() => app.close());
  return { provider, ...app };
}

async function connected(url: string, mode: 'auto' | 'legacy' = 'auto', headers: Record<string, string> = {}) {
  const client = new Client(
    { name: 'test', version: '1' },
    { versionNegotiation: { mode }, capabilities: { elicitation: {} } },
  );
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  cleanups.push(() => client.close());
  return client;
}

async function firstConnected(url: string) {
  const client = new FirstClient({ name: 'test', version: '1' });
  // The SDK's transport does not fit its own interface under exactOptionalPropertyTypes.
  await client.connect(new FirstTransport(new URL(url)) as Transport);
  cleanups.push(() => client.close());
  return client;
}

interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** `fetch` does not let `Host` be set. */
function send(url: string, { method = 'POST', headers = {}, body = PING }: Sent = {}) {
  return new Promise<{ status: number | undefined; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const request = httpRequest(url, { method, headers: { ...JSON_HEADERS, ...headers } }, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
      });
      request.on('error', reject);
      request.end(body);
    },
  );
}

const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
const JSON_HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };

describe.each([...APPS, ...OTHER_WAYS])('in %s', (_name, start) => {
  test.each(['auto', 'legacy'] as const)('a client of the next SDK lists and calls (%s)', async (mode) => {
    const { provider, url } = await started(start);
    const client = await connected(url, mode);
    expect((await client.listTools()).tools.length).toBe((await provider.listTools({})).length);
    expect(await client.callTool({ name: 'echo', arguments: { text: 'hi ü' } })).toMatchObject({
      content: [{ text: 'hi ü' }],
    });
    expect((await client.readResource({ uri: 'api://test/logo' })).contents).toMatchObject([{ blob: 'iVBORw0KGgo=' }]);
  });

  test('an invalid or oversized message is rejected', async () => {
    const { url } = await started(start, { insecure: true, maxBodyBytes: 500 });
    expect((await send(url, { body: '{' })).status).toBe(400);
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping', params: { pad: 'x'.repeat(1000) } });
    expect((await send(url, { body })).status).toBe(413);
  });
});

describe.each(APPS)('in %s', (_name, start) => {
  test('a client of the first SDK lists and calls', async () => {
    const { provider, url } = await started(start);
    const client = await firstConnected(url);
    expect((await client.listTools()).tools.length).toBe((await provider.listTools({})).length);
    expect(await client.callTool({ name: 'echo', arguments: { text: 'hi' } })).toMatchObject({
      content: [{ text: 'hi' }],
    });
  });

  test('progress arrives while the call runs', async () => {
    const { url } = await started(start);
    const client = await connected(url);
    const at: number[] = [];
    await client.callTool({ name: 'steps', arguments: {} }, { onprogress: () => at.push(performance.now()) });
    const ended = performance.now();
    expect(at.length).toBe(3);
    // Each step takes 120 ms: an answer that is held back would bring all of them at its end.
    expect(ended - (at[0] ?? ended)).toBeGreaterThan(200);
  });

  test.each(['auto', 'legacy'] as const)('questions reach the user (%s)', async (mode) => {
    const { url } = await started(start);
    const client = await connected(url, mode);
    client.setRequestHandler('elicitation/create', async () => ({ action: 'accept', content: { colour: 'red' } }));
    expect(await client.callTool({ name: 'ask', arguments: {} })).toMatchObject({ content: [{ text: 'red, accept' }] });
  });

  test('a stateless app opens no session, so the user is not asked', async () => {
    const { url } = await started(start, { insecure: true, stateless: true });
    const client = await connected(url, 'legacy');
    expect(await client.callTool({ name: 'ask', arguments: {} })).toMatchObject({ content: [{ text: 'cannot ask' }] });
  });

  test('a client of 2025 hears of changes, and of none once it has ended its session', async () => {
    const { provider, url } = await started(start);
    const client = await connected(url, 'legacy');
    let changes = 0;
    client.setNotificationHandler('notifications/tools/list_changed', () => void changes++);
    provider.addTool({ name: 'more', inputSchema: { type: 'object' } });
    await expect.poll(() => changes).toBe(1);
    await (client.transport as StreamableHTTPClientTransport).terminateSession();
    provider.addTool({ name: 'even-more', inputSchema: { type: 'object' } });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(changes).toBe(1);
  });

  test.each(['auto', 'legacy'] as const)('a client that cancels ends its call (%s)', async (mode) => {
    const { provider, url } = await started(start);
    const client = await connected(url, mode);
    const controller = new AbortController();
    const call = client.callTool({ name: 'hang', arguments: {} }, { signal: controller.signal });
    await expect.poll(() => provider.hanging.started).toBe(1);
    controller.abort();
    await expect(call).rejects.toThrow();
    await expect.poll(() => provider.hanging.aborted).toBe(1);
  });

  test.each<[string, HttpMountOptions, Record<string, string>, number]>([
    ['a request of this machine', { insecure: true }, {}, 200],
    ['a foreign Host (DNS rebinding)', { insecure: true }, { Host: 'evil.test' }, 403],
    ['an allowed Host', { insecure: true, allowedHosts: ['mcp.test'] }, { Host: 'mcp.test' }, 200],
    ['a foreign Origin', { insecure: true }, { Origin: 'https://evil.test' }, 403],
    ['an allowed Origin', { insecure: true, allowedOrigins: ['app.test'] }, { Origin: 'https://app.test' }, 200],
    ['no token where one is needed', { token: 's3cret' }, {}, 401],
    ['a wrong token', { token: 's3cret' }, { Authorization: 'Bearer s3cre' }, 401],
    ['the token', { token: 's3cret' }, { Authorization: 'Bearer s3cret' }, 200],
  ])('%s', async (_title, options, headers, want) => {
    const { url } = await started(start, options);
    const { status, text, headers: answered } = await send(url, { headers });
    expect(status).toBe(want);
    expect(text).not.toContain('s3cret');
    if (want === 403) expect(text).toMatch(/Allow it with the option allowed(Hosts|Origins)\.$/);
    if (want === 401) expect(answered['www-authenticate']).toBe('Bearer');
    if (want === 200 && headers.Origin) expect(answered['access-control-allow-origin']).toBe(headers.Origin);
  });

  test('the preflight of an allowed page is answered', async () => {
    const { url } = await started(start, { token: 't', allowedOrigins: ['https://app.test'] });
    const headers = { Origin: 'https://app.test', 'Access-Control-Request-Headers': 'authorization' };
    expect(await send(url, { method: 'OPTIONS', headers, body: '' })).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-headers': 'authorization', 'access-control-allow-origin': 'https://app.test' },
    });
  });

  test('other paths are the app’s own', async () => {
    const { url } = await started(start);
    expect(await send(`${url}/below`)).toMatchObject({ status: 404, text: 'the app’s own 404' });
    expect(await send(url.replace('/mcp', '/healthz'))).toMatchObject({ status: 404, text: 'the app’s own 404' });
    expect((await send(`${url}?a=1`)).status).toBe(200);
  });

  test('the holder of the token is the caller', async () => {
    const { provider, url } = await started(start, { token: 't' });
    const client = await connected(url, 'auto', { Authorization: 'Bearer t' });
    await client.callTool({ name: 'echo', arguments: {} });
    expect(provider.seen.callers).toEqual(['token-holder']);
  });

  test('without a token the caller is who the app found out', async () => {
    const { provider, url } = await started(start, { insecure: true, caller: 'ann' });
    await (await connected(url)).callTool({ name: 'echo', arguments: {} });
    expect(provider.seen.callers).toEqual(['ann']);
  });

  test('closing lets a call in flight end, ends subscriptions, and leaves the provider open', async () => {
    const { provider, url, close } = await started(start);
    const client = await connected(url);
    const subscription = await client.listen({ toolsListChanged: true });
    const call = client.callTool({ name: 'slow', arguments: {} });
    await expect.poll(() => provider.seen.callers.length).toBe(1);
    await close();
    expect(await call).toMatchObject({ content: [{ text: 'slow but here' }] });
    expect(await subscription.closed).toBe('graceful');
    expect(provider.seen.closed).toBe(false);
  });
});

describe('without a token', () => {
  test.each([expressHandler, mcpPlugin, honoHandler])('%o is rejected, unless allowed explicitly', (mount) => {
    expect(() => mount(fixtureProvider(), {})).toThrow(
      'Set a token that clients must send, auth to tell callers apart, or insecure: true',
    );
    expect(() => mount(fixtureProvider(), { token: undefined })).toThrow('insecure: true');
    expect(() => mount(fixtureProvider(), { token: '' })).toThrow('The token is empty.');
    expect(() => mount(fixtureProvider(), { insecure: true })).not.toThrow();
    expect(() => mount({} as Provider, { insecure: true })).toThrow('is not a provider');
  });
});

describe('what goes wrong before a request is understood reaches the error handler', () => {
  test('of Express', async () => {
    const app = express();
    app.use('/mcp', (request, _response, next) => {
      Object.defineProperty(request, 'headers', {
        get() {
          throw new Error('broken by a middleware');
        },
      });
      next();
    });
    app.use('/mcp', expressHandler(fixtureProvider(), { insecure: true }));
    app.use(((error, _request, response, _next) => {
      response.status(500).send(`handled: ${error.message}`);
    }) as express.ErrorRequestHandler);
    const server = await listening(app.listen(0, '127.0.0.1'));
    cleanups.push(async () => server.close());
    expect(await send(urlOf(server))).toMatchObject({ status: 500, text: 'handled: broken by a middleware' });
  });

  test('of Fastify', async () => {
    const app = fastify();
    cleanups.push(() => app.close());
    app.removeContentTypeParser('application/json');
    app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, _body, done) => done(null, 1n));
    app.setErrorHandler((error: Error, _request, reply) => reply.code(500).send(`handled: ${error.message}`));
    await app.register(mcpPlugin(fixtureProvider(), { insecure: true }), { prefix: '/mcp' });
    await app.listen({ port: 0, host: '127.0.0.1' });
    expect(await send(urlOf(app.server))).toMatchObject({ status: 500, text: expect.stringContaining('BigInt') });
  });

  test('of Hono', async () => {
    const app = new Hono();
    app.use(async (context, next) => {
      // Behind Hono's back, so that it cannot give the body again.
      await context.req.raw.text();
      await next();
    });
    app.all('/mcp', honoHandler(fixtureProvider(), { insecure: true }));
    app.onError((error, context) => context.text(`handled: ${error.message}`, 500));
    const response = await app.request('http://localhost/mcp', { method: 'POST', body: PING, headers: JSON_HEADERS });
    expect([response.status, await response.text()]).toEqual([500, expect.stringContaining('handled: ')]);
  });
});

test('Fastify over HTTP/2 is let in by its authority, and streams', async () => {
  const app = fastify({ http2: true });
  cleanups.push(() => app.close());
  await app.register(mcpPlugin(fixtureProvider(), { insecure: true, allowedHosts: ['mcp.test'] }), { prefix: '/mcp' });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const session = connectHttp2(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`);
  cleanups.push(async () => session.close());
  const ask = async (authority: string, name: string) => {
    const params = { name, arguments: { text: 'hi' }, _meta: { progressToken: 1 } };
    const stream = session.request({
      ':method': 'POST',
      ':path': '/mcp',
      ':authority': authority,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    });
    stream.end(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }));
    const [headers] = await once(stream, 'response');
    let text = '';
    for await (const chunk of stream) text += chunk;
    return [headers[':status'], text];
  };
  expect(await ask('mcp.test', 'echo')).toEqual([200, expect.stringContaining('"text":"hi"')]);
  expect(await ask('mcp.test', 'steps')).toEqual([200, expect.stringMatching(/"progress":1[\s\S]*"done"/)]);
  expect(await ask('evil.test', 'echo')).toEqual([403, expect.any(String)]);
});
