import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  MACHINE,
  METADATA_URL,
  type ProtectedServer,
  startProtectedServer,
  visit,
} from '../login/protected-server.test.fixture.ts';
import { callContext } from '../runtime/call-context.ts';
import { fromMcp } from '../runtime/compose/remote.ts';
import {
  type ClientTarget,
  type ConnectOptions,
  connect,
  login,
  logout,
  type McpClient,
  memoryTokenStore,
  NotAuthorized,
  openTokenStore,
  type TokenRecord,
  type TokenStore,
} from './index.ts';

// Our client and a protected server: the real MCP server, a real identity provider, a browser that follows a script.

let world: ProtectedServer;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function started(options: Parameters<typeof startProtectedServer>[0] = {}): Promise<ProtectedServer> {
  world = await startProtectedServer(options);
  closers.push(() => world.close());
  return world;
}

async function connected(target: ClientTarget, options?: ConnectOptions): Promise<McpClient> {
  const client = await connect(target, options);
  closers.push(() => client.close());
  return client;
}

async function loggedIn(store = memoryTokenStore()): Promise<TokenStore> {
  await login(world.url, { store, onUrl: visit });
  return store;
}

const text = async (client: McpClient, tool = 'read'): Promise<unknown> => {
  const [block] = (await client.callTool(tool)).content;
  return block?.type === 'text' && block.text;
};

/** Requests to the token endpoint. */
const issued = () => world.identity.requests.get('/token') ?? 0;
const key = () => ({ issuer: world.identity.issuer, audience: world.url, account: 'self' });
const change = (store: TokenStore, fields: Partial<TokenRecord>) =>
  store.update(key(), async (current) => ({ ...(current as TokenRecord), ...fields }));

describe.each(['auto', 'legacy'] as const)('the login of a person, with mode %s', (mode) => {
  test('is renewed once for 20 parallel calls, three times in a row, and none is lost', async () => {
    await started();
    const store = await loggedIn();
    const client = await connected({ url: world.url, auth: { store } }, { mode });
    expect(await text(client)).toBe('a note');
    expect(issued()).toBe(1);
    for (const renewals of [1, 2, 3]) {
      world.expire();
      const results = await Promise.all(Array.from({ length: 20 }, () => text(client)));
      expect(results).toEqual(Array(20).fill('a note'));
      expect(issued()).toBe(1 + renewals);
    }
  });

  test('survives the loss of the connection', async () => {
    await started();
    const store = await loggedIn();
    const client = await connected({ url: world.url, auth: { store } }, { mode });
    world.expire();
    world.disconnect();
    await vi.waitFor(async () => expect(await text(client)).toBe('a note'));
    expect(issued()).toBe(2);
  });

  test('is used by a mounted server', async () => {
    await started();
    const provider = fromMcp({ url: world.url, auth: { store: await loggedIn() } }, { mode });
    closers.push(() => provider.close());
    const call = () => provider.callTool({ name: 'read', arguments: {} }, callContext({}));
    expect((await call()).content).toEqual([{ type: 'text', text: 'a note' }]);
    world.expire();
    const results = await Promise.all(Array.from({ length: 20 }, call));
    expect(results.every(({ isError }) => !isError)).toBe(true);
    expect(issued()).toBe(2);
  });
});

describe('the login of a person', () => {
  test('is renewed once for two programs that share a store', async () => {
    await started();
    const folder = mkdtempSync(join(tmpdir(), 'client-login-'));
    closers.push(() => rmSync(folder, { recursive: true, force: true }));
    const store = () => openTokenStore({ folder, place: 'file' });
    await loggedIn(await store());
    const clients = [
      await connected({ url: world.url, auth: { store: await store() } }),
      await connected({ url: world.url, auth: { store: await store() } }),
    ];
    world.expire();
    const calls = clients.flatMap((client) => Array.from({ length: 10 }, () => text(client)));
    expect(await Promise.all(calls)).toEqual(Array(20).fill('a note'));
    expect(issued()).toBe(2);
  });

  test('is not renewed for a late 401 to an old token', async () => {
    await started();
    const client = await connected({ url: world.url, auth: { store: await loggedIn() } }, { mode: 'legacy' });
    let late: ServerResponse | undefined;
    world.replace('/mcp', (_, response) => {
      late = response;
      world.replace('/mcp');
    });
    const first = text(client);
    await vi.waitFor(() => expect(late).toBeDefined());
    world.expire();
    expect(await text(client)).toBe('a note');
    late?.writeHead(401, { 'WWW-Authenticate': 'Bearer error="invalid_token"' }).end();
    expect(await first).toBe('a note');
    expect(issued()).toBe(2);
  });

  test.each([
    ['ahead of its expiry', { expiresAt: Date.now() + 1 }, 0],
    ['although the clock is an hour ahead', { issuedAt: Date.now() - 7_200_000, expiresAt: Date.now() - 3_600_000 }, 0],
    ['although the clock is an hour behind', { expiresAt: Date.now() + 7_200_000 }, 1],
  ])('is renewed %s', async (_, times, rejections) => {
    await started();
    const store = await loggedIn();
    await change(store, times);
    const { accessToken } = (await store.get(key())) as TokenRecord;
    const client = await connected({ url: world.url, auth: { store } });
    if (rejections > 0) world.expire();
    expect(await text(client)).toBe('a note');
    expect(world.seen.includes(accessToken)).toBe(rejections > 0);
    expect(issued()).toBe(2);
  });

  test('that has expired and cannot be renewed says so', async () => {
    await started();
    const store = await loggedIn();
    const { refreshToken: _, ...record } = (await store.get(key())) as TokenRecord;
    await store.update(key(), async () => ({ ...record, expiresAt: 1 }));
    const failed = connect({ url: world.url, auth: { store } });
    await expect(failed).rejects.toThrow(`The login for "${world.url}" has expired`);
    await expect(failed).rejects.toMatchObject({ cause: { hint: expect.stringContaining('Log in again') } });
  });

  test('is missing: the error says so, and a login later is found', async () => {
    await started();
    const store = memoryTokenStore();
    const failed = connect({ url: world.url, auth: { store } });
    await expect(failed).rejects.toMatchObject({ cause: expect.any(NotAuthorized) });
    await expect(failed).rejects.toThrow(/requires a token, and nobody is logged in/);
    const provider = fromMcp({ url: world.url, auth: { store } });
    closers.push(() => provider.close());
    const call = () => provider.callTool({ name: 'read', arguments: {} }, callContext({}));
    expect(JSON.stringify(await call().catch((error) => error.message))).toContain('nobody is logged in');
    await loggedIn(store);
    await vi.waitFor(async () => expect((await call()).isError).toBeFalsy(), { timeout: 10_000 });
  });

  test('uses a client ID metadata document, and ends with logout', async () => {
    await started({ cimd: true, registration: false });
    const store = memoryTokenStore();
    await login(world.url, { store, onUrl: visit, clientMetadataUrl: METADATA_URL });
    expect((await store.get(key()))?.clientId).toBe(METADATA_URL);
    expect(await text(await connected({ url: world.url, auth: { store } }))).toBe('a note');
    expect([await logout(world.url, { store }), await logout(world.url, { store })]).toEqual([true, false]);
    expect(world.identity.requests.get('/token/revocation')).toBe(1);
  });

  test('with a client that was registered by hand comes before everything else', async () => {
    const client = { client_id: 'app', token_endpoint_auth_method: 'none', application_type: 'native' } as const;
    await started({
      cimd: true,
      clients: [
        {
          ...client,
          grant_types: ['authorization_code', 'refresh_token'],
          redirect_uris: ['http://127.0.0.1/callback'],
        },
      ],
    });
    const store = memoryTokenStore();
    await login(world.url, { store, onUrl: visit, clientId: 'app', clientMetadataUrl: METADATA_URL });
    expect((await store.get(key()))?.clientId).toBe('app');
    expect(world.identity.requests.get('/reg')).toBe(undefined);
  });
});

describe('more scopes', () => {
  test('are in the error, with those that were granted', async () => {
    await started();
    const store = memoryTokenStore();
    await login(world.url, { store, onUrl: visit, scopes: ['notes:read'] });
    const client = await connected({ url: world.url, auth: { store } });
    const failed = client.callTool('write');
    await expect(failed).rejects.toThrow(NotAuthorized);
    await expect(failed).rejects.toMatchObject({ scopes: ['notes:read', 'notes:write'] });
    expect(world.ran).toEqual([]);
  });

  test('are asked for once, and the calls are sent again', async () => {
    await started();
    const store = memoryTokenStore();
    await login(world.url, { store, onUrl: visit, scopes: ['notes:read'] });
    const asked: (readonly string[])[] = [];
    const logIn = ({ scopes }: { readonly scopes: readonly string[] }) => {
      asked.push(scopes);
      return login(world.url, { store, onUrl: visit, scopes });
    };
    const client = await connected({ url: world.url, auth: { store, logIn } });
    const results = await Promise.all(Array.from({ length: 3 }, () => text(client, 'write')));
    expect(results).toEqual(Array(3).fill('written'));
    expect(asked).toEqual([['notes:read', 'notes:write']]);
  });

  test('that the server still misses after a login end with an error', async () => {
    await started();
    const store = await loggedIn();
    const logIn = vi.fn(() => login(world.url, { store, onUrl: visit }));
    const client = await connected({ url: world.url, auth: { store, logIn } });
    world.demand('notes:admin');
    await expect(client.callTool('read')).rejects.toThrow('requires more scopes');
    expect(logIn).toHaveBeenCalledTimes(1);
  });
});

test('a program logs a person in when the server asks for it', async () => {
  await started();
  const store = memoryTokenStore();
  const logIn = vi.fn(({ scopes }) => login(world.url, { store, onUrl: visit, scopes }));
  const client = await connected({ url: world.url, auth: { store, logIn } });
  expect(await text(client)).toBe('a note');
  expect(logIn).toHaveBeenCalledTimes(1);
});

describe('a machine', () => {
  test.each(['auto', 'legacy'] as const)('has a client id and secret, with mode %s', async (mode) => {
    await started({ clients: [MACHINE] });
    const auth = { clientId: MACHINE.client_id, clientSecret: MACHINE.client_secret };
    const client = await connected({ url: world.url, auth }, { mode });
    expect(await text(client)).toBe('a note');
    expect(issued()).toBe(1);
    world.expire();
    expect(await Promise.all(Array.from({ length: 20 }, () => text(client)))).toEqual(Array(20).fill('a note'));
    expect(issued()).toBe(2);
  });

  test('gets more scopes when a call needs them, unless they are fixed', async () => {
    await started({ clients: [MACHINE] });
    const auth = { clientId: MACHINE.client_id, clientSecret: MACHINE.client_secret };
    expect(await text(await connected({ url: world.url, auth }), 'write')).toBe('written');
    const fixed = await connected({ url: world.url, auth: { ...auth, scopes: ['notes:read'] } });
    await expect(fixed.callTool('write')).rejects.toMatchObject({ scopes: ['notes:read', 'notes:write'] });
  });

  test.each(['RS256', 'ES256', 'EdDSA'])('has a private key for %s', async (alg) => {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg, use: 'sig' }] };
    const { client_secret: _, ...machine } = MACHINE;
    const client = {
      ...machine,
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: alg,
      jwks,
    };
    await started({ clients: [client as never] });
    const auth = { clientId: 'machine', privateKey: await exportPKCS8(privateKey), keyId: 'k1' };
    expect(await text(await connected({ url: world.url, auth }))).toBe('a note');
  });

  test('that is refused says why, without its secret', async () => {
    await started({ clients: [MACHINE] });
    const failed = connect({ url: world.url, auth: { clientId: 'machine', clientSecret: 'not-the-secret' } });
    await expect(failed).rejects.toThrow(/There is no token for .*invalid_client/);
    await expect(failed).rejects.not.toThrow(/not-the-secret/);
    const key = connect({ url: world.url, auth: { clientId: 'machine', privateKey: 'no key' } });
    await expect(key).rejects.toThrow('The private key of the client cannot be used');
  });

  test('shows its secret to no other authorization server than its own', async () => {
    await started({ clients: [MACHINE] });
    const auth = { clientId: 'machine', clientSecret: MACHINE.client_secret, issuer: 'https://login.example.com' };
    await expect(connect({ url: world.url, auth })).rejects.toThrow('the client belongs to https://login.example.com');
    expect(issued()).toBe(0);
  });
});

test('the HTTP transport of 2024 gets a token, too: at the path that its stream names', async () => {
  const seen: string[] = [];
  let stream: ServerResponse | undefined;
  const server = createHttpServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    if (request.headers.authorization !== 'Bearer a-ready-token') return response.writeHead(401).end();
    if (request.method === 'GET') {
      stream = response;
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      return response.write('event: endpoint\ndata: /messages?id=1\n\n');
    }
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    return request.on('end', () => {
      response.writeHead(202).end();
      const { id, method } = JSON.parse(body) as { id?: number; method: string };
      const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'old', version: '1' } };
      if (method === 'initialize') stream?.write(`data: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sse`;
  const client = await connected({ url, type: 'sse', auth: 'a-ready-token' }, { mode: 'legacy', reconnect: false });
  expect(client.server?.name).toBe('old');
  expect(seen).toContain('GET /sse Bearer a-ready-token');
  expect(seen).toContain('POST /messages?id=1 Bearer a-ready-token');
});

test('a long stream of 2025 that ends is opened again with a renewed token', async () => {
  await started();
  const store = await loggedIn();
  const streams: (string | undefined)[] = [];
  world.watch('GET', (token, response) => {
    streams.push(token);
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('id: 1\nretry: 10\ndata:\n\n');
    // The first stream ends, and its token has expired by then.
    if (streams.length > 1) return;
    world.expire();
    response.end();
  });
  await connected({ url: world.url, auth: { store } }, { mode: 'legacy' });
  await vi.waitFor(() => expect(streams.length).toBeGreaterThan(1), { timeout: 10_000 });
  expect(streams[0]).toBeDefined();
  expect(streams[1]).toBeDefined();
  expect(streams[1]).not.toBe(streams[0]);
  expect(issued()).toBe(2);
});

test('a command that starts a server gets nothing of a login', async () => {
  const read = `const { BEARER_TOKEN_MCP = 'absent' } = process.env; require('node:fs').writeFileSync(process.argv[1], BEARER_TOKEN_MCP)`;
  const folder = mkdtempSync(join(tmpdir(), 'client-child-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'seen');
  vi.stubEnv('BEARER_TOKEN_MCP', 'a-secret-token');
  await connect({ command: process.execPath, args: ['-e', read, file], stderr: 'ignore' }, { reconnect: false }).catch(
    () => {},
  );
  vi.unstubAllEnvs();
  expect(readFileSync(file, 'utf8')).toBe('absent');
});

describe('a ready token', () => {
  test('is refused with a clear error', async () => {
    await started();
    await expect(connect({ url: world.url, auth: 'wrong' })).rejects.toThrow(`${world.url} rejected the token`);
  });

  test.each([
    [{ url: 'http://mcp.example.com/mcp', auth: 'abc' }, /without encryption/],
    [{ url: 'https://mcp.example.com/mcp', auth: 'Bearer abc' }, /without "Bearer"/],
    [{ url: 'https://mcp.example.com/mcp', auth: 'a b' }, /cannot contain/],
    [{ url: 'https://mcp.example.com/mcp', auth: '' }, /empty/],
    [{ url: 'https://mcp.example.com/mcp', auth: 'abc', headers: { authorization: 'x' } }, /both "auth" and a header/],
    [{ url: 'https://mcp.example.com/mcp', auth: { clientId: 'a' } }, /either "clientSecret" or "privateKey"/],
    [{ url: 'https://mcp.example.com/mcp', auth: { clientId: 'a', client_secret: 'b' } }, /Write "clientSecret"/],
    [{ command: 'true', auth: 'abc' }, /applies to a server at a URL/],
  ])('that cannot be sent is reported before anything is sent: %o', async (target, message) => {
    await expect(connect(target as ClientTarget)).rejects.toThrow(message);
    if ('url' in target) expect(() => fromMcp(target as never)).toThrow(message);
  });
});

test('a response that arrived is not followed by an error for the same request', async () => {
  const { url } = await started();
  const store = await loggedIn();
  const errors: unknown[] = [];
  const client = await connected({ url, auth: { store } }, { mode: 'legacy', onError: (error) => errors.push(error) });
  for (const _ of [1, 2, 3]) expect(await text(client)).toBe('a note');
  expect(errors.filter((error) => String(error).includes('unknown message ID'))).toEqual([]);
});
