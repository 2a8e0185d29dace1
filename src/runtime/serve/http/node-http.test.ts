import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect as connectTo } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, describe, expect, test } from 'vitest';
import { StoreError } from '../../shared-store.ts';
import { memorySharedStore } from '../../store/memory.ts';
import { fixtureProvider } from '../provider.test.fixture.ts';
import { createHttpHandler } from './http-handler.ts';
import { type HttpServerOptions, serveHttp } from './node-http.ts';
import { ServeError } from './serve-error.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
const onError = () => {};

async function serve(options: Partial<HttpServerOptions> = {}, provider = fixtureProvider()) {
  const server = await serveHttp(provider, { port: 0, onError, ...options });
  cleanups.push(() => server.close());
  return { server, provider };
}

/** `fetch` does not let `Host` be set. */
function send(
  url: string,
  {
    method = 'POST',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number | undefined; headers: Record<string, unknown>; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
const JSON_HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
const ping = (url: string, headers: Record<string, string> = {}) =>
  send(url, { headers: { ...JSON_HEADERS, ...headers }, body: PING });

async function connected(url: string, headers: Record<string, string> = {}, mode: 'auto' | 'legacy' = 'auto') {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  cleanups.push(() => client.close());
  return client;
}

describe('who is let in', () => {
  test.each<[string, Partial<HttpServerOptions>, Record<string, string>, number]>([
    ['a request of this machine', {}, {}, 200],
    ['localhost with a port', {}, { Host: 'localhost:1234' }, 200],
    ['the loopback address of IPv6', {}, { Host: '[::1]:1234' }, 200],
    ['a foreign Host (DNS rebinding)', {}, { Host: 'evil.test' }, 403],
    ['a Host that only begins like ours', {}, { Host: 'localhost.evil.test' }, 403],
    ['an invalid Host', {}, { Host: 'a b' }, 400],
    ['a Host with a path', {}, { Host: '127.0.0.1/@evil' }, 400],
    ['a Host with a fragment', {}, { Host: '127.0.0.1#evil' }, 400],
    ['a Host with a user name', {}, { Host: 'evil@127.0.0.1' }, 400],
    ['a Host with a backslash', {}, { Host: '127.0.0.1\\evil' }, 400],
    ['a Host with an escape', {}, { Host: '%6cocalhost' }, 400],
    ['a Host with two ports', {}, { Host: 'localhost:1:2' }, 400],
    ['two Hosts in one header', {}, { Host: 'localhost, evil.test' }, 400],
    ['an Origin with a user name', {}, { Origin: 'http://evil@localhost' }, 400],
    ['an Origin with a path', {}, { Origin: 'http://localhost/evil' }, 400],
    ['two Origins in one header', {}, { Origin: 'http://localhost, http://evil.test' }, 400],
    ['an invalid Origin', {}, { Origin: 'localhost' }, 400],
    ['an allowed Host, in any case', { allowedHosts: ['MCP.test'] }, { Host: 'mcp.TEST:8000' }, 200],
    ['a foreign Origin', {}, { Origin: 'https://evil.test' }, 403],
    ['the Origin of a sandboxed page', {}, { Origin: 'null' }, 403],
    ['an Origin of this machine', {}, { Origin: 'http://localhost:3000' }, 200],
    ['an allowed Origin', { allowedOrigins: ['https://app.test'] }, { Origin: 'https://app.test' }, 200],
    ['another scheme than allowed', { allowedOrigins: ['https://app.test'] }, { Origin: 'http://app.test' }, 403],
    ['an Origin whose host is allowed', { allowedOrigins: ['app.test'] }, { Origin: 'http://app.test:1' }, 200],
    ['no token where one is needed', { token: 's3cret' }, {}, 401],
    ['a wrong token', { token: 's3cret' }, { Authorization: 'Bearer s3cre' }, 401],
    ['another scheme', { token: 's3cret' }, { Authorization: 'Basic s3cret' }, 401],
    ['the token', { token: 's3cret' }, { Authorization: 'Bearer s3cret' }, 200],
    ['the token, its scheme in small letters', { token: 's3cret' }, { Authorization: 'bearer s3cret' }, 200],
    ['the token, from a foreign Host', { token: 's3cret' }, { Authorization: 'Bearer s3cret', Host: 'evil.test' }, 403],
  ])('%s', async (_name, options, headers, want) => {
    const { server } = await serve(options);
    const { status, text, headers: answered } = await ping(server.url, headers);
    expect(status).toBe(want);
    expect(text).not.toContain('s3cret');
    if (want === 401) expect(answered['www-authenticate']).toBe('Bearer');
    if (want === 403) expect(text).toMatch(/Allow it with the option allowed(Hosts|Origins)\.$/);
  });

  test('a server that was started with flags names them', async () => {
    const { server } = await serve({ flags: true });
    expect((await ping(server.url, { Host: 'evil.test' })).text).toMatch(/Allow it with --allowed-host\.$/);
    expect((await ping(server.url, { Origin: 'https://evil.test' })).text).toMatch(/Allow it with --allowed-origin\.$/);
  });

  test('the web-standard handler decides the same way', async () => {
    const provider = fixtureProvider();
    const handler = createHttpHandler(provider, { token: 't', allowedHosts: ['mcp.test'], onError });
    const at = (url: string, headers: Record<string, string> = {}) =>
      handler.fetch(new Request(url, { method: 'POST', headers: { ...JSON_HEADERS, ...headers }, body: PING }));
    expect((await at('http://mcp.test/mcp', { Authorization: 'Bearer t' })).status).toBe(200);
    expect((await at('http://mcp.test/mcp')).status).toBe(401);
    expect((await at('http://mcp.test/')).status).toBe(404);
    expect((await at('http://evil.test/mcp', { Authorization: 'Bearer t' })).status).toBe(403);
    expect(await (await handler.fetch(new Request('http://mcp.test/healthz'))).text()).toBe('ok');
    await handler.close();
    expect((await at('http://mcp.test/mcp', { Authorization: 'Bearer t' })).status).toBe(503);
    expect(provider.seen.closed).toBe(false);
  });
});

test('a rejected request with a large body still gets its response', async () => {
  const { server } = await serve({ token: 't' });
  const body = 'x'.repeat(8_000_000);
  expect((await send(server.url, { headers: JSON_HEADERS, body })).status).toBe(401);
});

describe('pages of an allowed origin', () => {
  const origin = 'https://app.test';
  const asks = { Origin: origin, 'Access-Control-Request-Headers': 'authorization,mcp-param-region' };

  test('may send requests and read the answers', async () => {
    const { server } = await serve({ allowedOrigins: [origin], token: 't' });
    const preflight = await send(server.url, { method: 'OPTIONS', headers: asks });
    expect(preflight).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, POST, DELETE',
        'access-control-allow-headers': 'authorization,mcp-param-region',
      },
    });
    const readable = { 'access-control-allow-origin': origin, vary: 'Origin' };
    expect(await ping(server.url, { Origin: origin })).toMatchObject({ status: 401, headers: readable });
    const answer = await ping(server.url, { Origin: origin, Authorization: 'Bearer t' });
    expect(answer).toMatchObject({ status: 200, headers: readable });
  });

  test('may do so through the web-standard handler too', async () => {
    const handler = createHttpHandler(fixtureProvider(), { allowedOrigins: [origin], onError });
    const at = (method: string, headers: Record<string, string>) =>
      handler.fetch(new Request('http://localhost/mcp', { method, headers, ...(method === 'POST' && { body: PING }) }));
    expect((await at('OPTIONS', asks)).status).toBe(204);
    const answer = await at('POST', { ...JSON_HEADERS, Origin: origin });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(await answer.text()).toContain('"result"');
    await handler.close();
  });

  test('and others on this machine may not', async () => {
    const { server } = await serve({ allowedOrigins: [origin] });
    const headers = { ...asks, Origin: 'http://localhost:3000' };
    expect((await send(server.url, { method: 'OPTIONS', headers })).headers).not.toHaveProperty(
      'access-control-allow-origin',
    );
  });
});

describe('next to MCP', () => {
  test('/healthz says ok and nothing else, without a token', async () => {
    const { server } = await serve({ token: 's3cret' });
    const { status, text, headers } = await send(new URL('/healthz', server.url).href, { method: 'GET' });
    expect([status, text]).toEqual([200, 'ok']);
    expect(Object.keys(headers).filter((name) => /server|powered/.test(name))).toEqual([]);
    expect((await send(new URL('/healthz', server.url).href)).status).toBe(405);
  });

  test.each(['/healthz', '/readyz'])('%s answers probes of any host, whatever the path of MCP', async (path) => {
    const { server } = await serve({ token: 's3cret', path: '/' });
    const probe = { method: 'GET', headers: { Host: '10.1.2.3:8000' } };
    expect(await send(new URL(path, server.url).href, probe)).toMatchObject({ status: 200, text: 'ok' });
    expect((await send(server.url, { ...probe, method: 'POST' })).status).toBe(403);
    await expect(serve({ path })).rejects.toMatchObject({ code: 'BAD_PATH' });
  });

  test('/readyz is 503 while the store cannot be reached, and while the server closes', async () => {
    let isAway = true;
    const memory = memorySharedStore();
    const ping = () => (isAway ? Promise.reject(new StoreError('STORE_UNAVAILABLE', 'away')) : memory.ping());
    const provider = fixtureProvider();
    const server = await serveHttp(provider, { port: 0, onError, store: { ...memory, ping } });
    const status = async (path: string) => {
      const probe = await send(new URL(path, server.url).href, { method: 'GET' });
      return probe.status;
    };
    expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 503]);
    isAway = false;
    expect(await status('/readyz')).toBe(200);
    // A probe that has just begun when the server starts to end.
    const client = await connected(server.url);
    const call = client.callTool({ name: 'slow', arguments: {} });
    await expect.poll(() => provider.seen.callers.length).toBe(1);
    const probe = connectTo(server.port, '127.0.0.1');
    await once(probe, 'connect');
    probe.write('GET /readyz HTTP/1.1\r\nHost: a\r\n');
    await new Promise((resolve) => setTimeout(resolve, 20));
    const closing = server.close();
    probe.write('\r\n');
    expect(String((await once(probe, 'data'))[0])).toMatch(/^HTTP\/1\.1 503 /);
    probe.destroy();
    await call;
    await closing;
  });

  test('other paths are not found', async () => {
    const { server } = await serve();
    expect(await ping(new URL('/other', server.url).href)).toMatchObject({ status: 404, text: 'Not found.' });
    expect((await ping(`${server.url}?a=1`)).status).toBe(200);
  });

  test('a body over the limit is rejected', async () => {
    const { server } = await serve({ maxBodyBytes: 100 });
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping', params: { pad: 'x'.repeat(200) } });
    expect((await send(server.url, { headers: JSON_HEADERS, body })).status).toBe(413);
  });
});

describe('starting', () => {
  test.each([
    ['0.0.0.0', {}],
    ['::', {}],
    ['192.0.2.1', {}],
  ])('refuses %s without a token', async (host, options) => {
    const refused = serveHttp(fixtureProvider(), { host, port: 0, onError, flags: true, ...options });
    await expect(refused).rejects.toThrow(ServeError);
    await expect(refused).rejects.toMatchObject({
      code: 'TOKEN_REQUIRED',
      message: expect.stringMatching(/OPENAPI_MCP_TOKEN.*--insecure/),
    });
    const inCode = serveHttp(fixtureProvider(), { host, port: 0, onError });
    await expect(inCode).rejects.toThrow(/Set token to a secret .* set insecure: true/);
  });

  test('refuses an empty token, on any host', async () => {
    await expect(serveHttp(fixtureProvider(), { token: '', port: 0, onError })).rejects.toMatchObject({
      code: 'TOKEN_REQUIRED',
    });
    expect(() => createHttpHandler(fixtureProvider(), { token: '', onError })).toThrow('The token is empty.');
  });

  test.each([{ token: 't' }, { insecure: true }])('serves other machines with %o', async (options) => {
    const { server } = await serve({ host: '0.0.0.0', ...options });
    const headers = 'token' in options ? { Authorization: 'Bearer t' } : {};
    expect((await ping(`http://127.0.0.1:${server.port}/mcp`, headers)).status).toBe(200);
  });

  test('a port in use is reported with what to do', async () => {
    const { server } = await serve();
    await expect(serveHttp(fixtureProvider(), { port: server.port, onError })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: `Port ${server.port} of 127.0.0.1 is in use. Choose another with --port, or --port 0 for a free one.`,
    });
  });

  test('the URL names host, port and path', async () => {
    const { server } = await serve({ path: '/api' });
    expect(server.url).toBe(`http://127.0.0.1:${server.port}/api`);
    await expect(serve({ path: 'api' })).rejects.toMatchObject({ code: 'BAD_PATH' });
  });
});

describe('ending', () => {
  test.each(['auto', 'legacy'] as const)(
    'a call in flight is answered, then everything is closed (%s)',
    async (mode) => {
      const provider = fixtureProvider();
      const server = await serveHttp(provider, { port: 0, onError });
      const client = await connected(server.url, {}, mode);
      const call = client.callTool({ name: 'slow', arguments: {} });
      await expect.poll(() => provider.seen.callers.length).toBe(1);
      const closing = server.close();
      await expect(ping(server.url)).rejects.toThrow('ECONNREFUSED');
      expect(await call).toMatchObject({ content: [{ text: 'slow but here' }] });
      await closing;
      expect(provider.seen.closed).toBe(true);
    },
  );

  test.each(['auto', 'legacy'] as const)(
    'clients that go on calling over open connections do not keep it from ending, and lose no call (%s)',
    async (mode) => {
      const provider = fixtureProvider();
      const server = await serveHttp(provider, { port: 0, onError });
      const clients = await Promise.all([1, 2, 3, 4].map(() => connected(server.url, {}, mode)));
      let answered = 0;
      const goOn = clients.flatMap((client) =>
        [1, 2].map(async () => {
          try {
            for (;;) {
              await client.callTool({ name: 'slow', arguments: {} });
              answered += 1;
            }
          } catch {
            // Refused.
          }
        }),
      );
      await expect.poll(() => answered).toBeGreaterThan(0);
      const began = performance.now();
      await server.close();
      expect(performance.now() - began).toBeLessThan(2_000);
      await Promise.all(goOn);
      expect(provider.seen.callers.length).toBe(answered);
    },
  );

  test('a call that takes longer than the drain is aborted', async () => {
    const provider = fixtureProvider();
    const server = await serveHttp(provider, { port: 0, onError, drainMs: 50 });
    const client = await connected(server.url);
    const call = expect(client.callTool({ name: 'hang', arguments: {} })).rejects.toThrow();
    await expect.poll(() => provider.hanging.started).toBe(1);
    await server.close();
    await call;
    expect(provider.hanging.aborted).toBe(1);
  });

  test('an open subscription does not hold the server', async () => {
    const provider = fixtureProvider();
    const server = await serveHttp(provider, { port: 0, onError });
    const client = await connected(server.url);
    const subscription = await client.listen({ toolsListChanged: true });
    const started = performance.now();
    await server.close();
    expect(performance.now() - started).toBeLessThan(900);
    expect(await subscription.closed).toBe('graceful');
  });
});

test('the holder of the token is the caller', async () => {
  const { server, provider } = await serve({ token: 't' });
  const client = await connected(server.url, { Authorization: 'Bearer t' });
  await client.callTool({ name: 'echo', arguments: { text: 'a' } });
  expect(provider.seen.callers).toEqual(['token-holder']);
});

test('headers that mirror arguments must match them (x-mcp-header, SEP-2243)', async () => {
  const { server } = await serve();
  const client = await connected(server.url);
  await client.listTools();
  expect(await client.callTool({ name: 'regional', arguments: { region: 'eu' } })).toMatchObject({
    content: [{ text: 'region eu' }],
  });
  const call = (region: string) =>
    send(server.url, {
      headers: {
        ...JSON_HEADERS,
        'MCP-Protocol-Version': '2026-07-28',
        'Mcp-Method': 'tools/call',
        'Mcp-Name': 'regional',
        'Mcp-Param-Region': region,
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: {
          name: 'regional',
          arguments: { region: 'eu' },
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
            'io.modelcontextprotocol/clientCapabilities': {},
          },
        },
      }),
    });
  expect(await call('eu')).toMatchObject({ status: 200 });
  const refused = await call('us');
  expect(refused.status).toBe(400);
  expect(JSON.parse(refused.text)).toMatchObject({ error: { code: -32020 } });
});

test('a connection that the client wants closed is closed after the response', async () => {
  const { server } = await serve();
  const { headers } = await ping(server.url, { Connection: 'close' });
  expect(headers.connection).toBe('close');
});
