import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { connect, login, type McpClient, memoryTokenStore, NotAuthorized, type TokenStore } from '../client/index.ts';
import { browse } from '../identity-provider.test.fixture.ts';
import { type ProtectedServer, startProtectedServer, visit } from '../login/protected-server.test.fixture.ts';
import { callContext } from '../runtime/call-context.ts';
import { authorizationServerOf, protectedResource } from '../runtime/compose/remote/auth/protected-resource.ts';
import { fromMcp } from '../runtime/compose/remote.ts';

// Attacks on a person who logs in to an MCP server, and on the tokens that are then sent there.

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

async function connected(target: Parameters<typeof connect>[0], options = {}): Promise<McpClient> {
  const client = await connect(target, options);
  closers.push(() => client.close());
  return client;
}

/** Logs in, and gives the redirect to `act` instead of following it. */
function loginWith(act: (callback: URL) => Promise<unknown>): Promise<unknown> {
  const onUrl = (url: string) => {
    browse(url, { stopAt: ({ pathname }) => pathname === '/callback' })
      .then(act)
      .catch(() => {});
  };
  return login(world.url, { store: memoryTokenStore(), onUrl, timeoutMs: 15_000 });
}

const changed = (url: URL, change: (parameters: URLSearchParams) => void): URL => {
  const copy = new URL(url);
  change(copy.searchParams);
  return copy;
};

const METADATA = '/.well-known/oauth-authorization-server';
const RESOURCE = '/.well-known/oauth-protected-resource/mcp';

const json = (value: unknown) => (_: IncomingMessage, response: ServerResponse) => {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(value));
};

/** Changes the metadata of the authorization server. */
async function changeMetadata(change: (metadata: Record<string, unknown>) => Record<string, unknown>): Promise<void> {
  const metadata = (await (await fetch(world.identity.issuer + METADATA)).json()) as Record<string, unknown>;
  world.identity.replace(METADATA, json(change(metadata)));
}

/** A login that must not even show a page. */
async function expectRefused(message: string | RegExp): Promise<void> {
  const onUrl = vi.fn();
  await expect(login(world.url, { store: memoryTokenStore(), onUrl })).rejects.toThrow(message);
  expect(onUrl).not.toHaveBeenCalled();
  expect(world.identity.requests.get('/token')).toBe(undefined);
}

describe('rows 26–30: the redirect', () => {
  test.each([
    [
      'row 26: with the issuer of an attacker',
      (query: URLSearchParams) => query.set('iss', 'https://attacker.example'),
    ],
    ['row 26: without the issuer that the server promises', (query: URLSearchParams) => query.delete('iss')],
    [
      'row 27: with an error and the issuer of an attacker',
      (query: URLSearchParams) => {
        query.delete('code');
        query.set('error', 'attacker-text');
        query.set('iss', 'https://attacker.example');
      },
    ],
  ])('%s is not used', async (_, change) => {
    await started();
    const failed = loginWith((callback) => fetch(changed(callback, change)));
    await expect(failed).rejects.toThrow('The response did not come from');
    await expect(failed).rejects.not.toThrow('attacker');
    expect(world.identity.requests.get('/token')).toBe(undefined);
  });

  test('rows 28 and 30: a redirect without the state of this login, or to another path, is refused', async () => {
    await started();
    const statuses: number[] = [];
    await loginWith(async (callback) => {
      const wrong = [
        changed(callback, (query) => query.delete('state')),
        changed(callback, (query) => query.set('state', 'foreign')),
        new URL(`/other${callback.search}`, callback),
      ];
      for (const url of [...wrong, callback]) statuses.push((await fetch(url)).status);
    });
    expect(statuses).toEqual([400, 400, 400, 200]);
  });

  test('rows 28 and 29: a redirect is used once, and so is its code', async () => {
    await started();
    let callback: URL | undefined;
    const statuses: (number | undefined)[] = [];
    await loginWith(async (url) => {
      callback = url;
      const both = await Promise.all([fetch(url), fetch(url).catch(() => undefined)]);
      statuses.push(...both.map((response) => response?.status));
    });
    await vi.waitFor(() => expect(statuses).toHaveLength(2));
    expect(statuses.filter((status) => status === 200)).toEqual([200]);
    await expect(fetch(callback ?? '')).rejects.toThrow();
    expect(world.identity.requests.get('/token')).toBe(1);
  });
});

describe('row 31: metadata of the authorization server', () => {
  test.each([
    ['another issuer', { issuer: 'https://attacker.example' }, 'names another issuer'],
    ['an issuer with a slash more', undefined, 'names another issuer'],
    ['a token endpoint without encryption', { token_endpoint: 'http://login.example.com/token' }, 'not an https URL'],
    ['a javascript: page', { authorization_endpoint: 'javascript:alert(1)' }, 'not an https URL'],
    ['a file: page', { authorization_endpoint: 'file:///etc/passwd' }, 'not an https URL'],
    ['a page with a password in its URL', { authorization_endpoint: 'https://a:b@login.example.com/' }, 'a password'],
    ['no token endpoint', { token_endpoint: undefined }, 'has no "token_endpoint"'],
  ])('with %s is refused before a page is opened', async (_, fields, message) => {
    await started();
    await changeMetadata((metadata) => ({ ...metadata, ...(fields ?? { issuer: `${String(metadata.issuer)}/` }) }));
    await expectRefused(message);
  });
});

describe('rows 32–34: what the server says', () => {
  test.each([
    ['no method', undefined],
    ['only the plain method', ['plain']],
  ])('row 32: an authorization server with %s of PKCE is refused', async (_, methods) => {
    await started();
    await changeMetadata((metadata) => ({ ...metadata, code_challenge_methods_supported: methods }));
    await expectRefused('does not support PKCE with S256');
  });

  test.each([
    ['of another origin', () => 'https://api.example.com/mcp'],
    ['next to it', () => `${world.url}2`],
    ['below it', () => `${world.url}/deeper`],
    ['that is missing', () => undefined],
  ])('row 33: metadata for a resource %s is refused', async (_, resource) => {
    await started();
    world.replace(RESOURCE, json({ resource: resource(), authorization_servers: [world.identity.issuer] }));
    await expectRefused('is not for');
  });

  test('row 34: a login is not used after the server names another authorization server', async () => {
    await started();
    const store = memoryTokenStore();
    await login(world.url, { store, onUrl: visit });
    const other = 'https://attacker.example';
    world.replace(RESOURCE, json({ resource: world.url, authorization_servers: [other] }));
    const before = world.seen.length;
    const failed = connect({ url: world.url, auth: { store } });
    await expect(failed).rejects.toThrow(`now names the authorization server ${other}, but the login is from`);
    await expect(failed).rejects.toMatchObject({ cause: expect.any(NotAuthorized) });
    expect(world.seen.slice(before).filter((token) => token !== undefined)).toEqual([]);
    expect(world.identity.requests.get('/token')).toBe(1);
  });

  test('row 34: it is not renewed either, if that happens during a connection', async () => {
    await started();
    const store = memoryTokenStore();
    await login(world.url, { store, onUrl: visit });
    const client = await connected({ url: world.url, auth: { store } });
    world.replace(RESOURCE, json({ resource: world.url, authorization_servers: ['https://attacker.example'] }));
    world.expire();
    await expect(client.callTool('read')).rejects.toThrow('now names the authorization server');
    expect(world.identity.requests.get('/token')).toBe(1);
  });

  test('row 34: a login elsewhere replaces it, with a client of its own', async () => {
    await started();
    const store = memoryTokenStore();
    await login(world.url, { store, onUrl: visit });
    const old = { issuer: 'https://old.example', audience: world.url, account: 'self' };
    const [key] = await store.list();
    const record = key && (await store.get(key));
    if (!key || !record) throw new Error('Nobody is logged in.');
    await store.update(old, async () => ({ ...record, clientId: 'of-old' }));
    await login(world.url, { store, onUrl: visit });
    expect(await store.list()).toEqual([key]);
    expect((await store.get(key))?.clientId).not.toBe('of-old');
  });

  test('the first usable of several authorization servers is used', async () => {
    await started();
    const servers = ['http://127.0.0.1:1', world.identity.issuer];
    world.replace(RESOURCE, json({ resource: world.url, authorization_servers: servers }));
    const { issuer } = await login(world.url, { store: memoryTokenStore(), onUrl: visit });
    expect(issuer).toBe(world.identity.issuer);
  });

  test('a server of 2025-03-26 without metadata of its own uses that of its origin, by RFC 8414 only', async () => {
    await started();
    for (const path of [RESOURCE, '/.well-known/oauth-protected-resource']) {
      world.replace(path, (_, response) => response.writeHead(404).end());
    }
    world.replace('/mcp', (_, response) => response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end());
    const { origin } = new URL(world.url);
    const metadata = (await (await fetch(world.identity.issuer + METADATA)).json()) as Record<string, unknown>;
    world.replace('/.well-known/openid-configuration', json({ ...metadata, issuer: origin }));
    await expectRefused('does not say where to log in');
    world.replace(
      METADATA,
      json({ ...metadata, issuer: origin, authorization_response_iss_parameter_supported: false }),
    );
    const pages: string[] = [];
    const ending = new AbortController();
    const onUrl = (url: string) => {
      pages.push(url);
      ending.abort(new Error('seen'));
    };
    await expect(login(world.url, { store: memoryTokenStore(), onUrl, signal: ending.signal })).rejects.toThrow('seen');
    expect(new URL(pages[0] ?? '').searchParams.get('resource')).toBe(world.url);
  });
});

/** A host that records the credentials it gets. */
async function elsewhere(): Promise<{ readonly url: string; readonly got: readonly (string | undefined)[] }> {
  const got: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    got.push(request.headers.authorization);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  // Another origin, of the same machine.
  return { url: `http://localhost:${(server.address() as AddressInfo).port}/mcp`, got };
}

async function loggedIn(): Promise<TokenStore> {
  const store = memoryTokenStore();
  await login(world.url, { store, onUrl: visit });
  return store;
}

describe('row 42: a token goes to its server only', () => {
  test.each([307, 308, 302])('and not along a redirect with %i to another origin', async (status) => {
    await started();
    const other = await elsewhere();
    const store = await loggedIn();
    world.replace('/mcp', (_, response) => response.writeHead(status, { Location: other.url }).end());
    await expect(connect({ url: world.url, auth: { store } })).rejects.toThrow('Cannot connect');
    expect(other.got.filter((value) => value !== undefined)).toEqual([]);
  });

  test('and not to another path of its origin', async () => {
    await started();
    const store = await loggedIn();
    const got: (string | undefined)[] = [];
    world.replace('/other', ({ headers }, response) => {
      got.push(headers.authorization);
      response.writeHead(404).end();
    });
    world.replace('/mcp', (_, response) => response.writeHead(308, { Location: '/other' }).end());
    await expect(connect({ url: world.url, auth: { store } })).rejects.toThrow('Cannot connect');
    expect(got.length).toBeGreaterThan(0);
    expect(got.filter((value) => value !== undefined)).toEqual([]);
  });

  test('and a login for one server is not found for another', async () => {
    await started();
    const store = await loggedIn();
    for (const url of [`${world.url}2`, `${world.url}/deeper`, new URL('/', world.url).href]) {
      const got: (string | undefined)[] = [];
      world.replace(new URL(url).pathname, ({ headers }, response) => {
        got.push(headers.authorization);
        response.writeHead(401).end();
      });
      await expect(connect({ url, auth: { store } })).rejects.toThrow('nobody is logged in');
      expect(got.filter((value) => value !== undefined)).toEqual([]);
    }
  });

  test('and a public server cannot send us to a private address', async () => {
    const send = vi.fn();
    const access = { send, allowPrivate: false, signal: new AbortController().signal };
    const url = 'https://mcp.example.com/mcp';
    const metadataUrl = 'http://169.254.169.254/latest/meta-data';
    await expect(protectedResource(url, { metadataUrl, access })).rejects.toThrow('at the private 169.254.169.254');
    const resource = {
      resource: url,
      metadataUrl: `${url}/m`,
      issuers: ['https://10.0.0.1', 'javascript:x'],
      scopes: [],
    };
    await expect(authorizationServerOf(resource, access)).rejects.toThrow('at the private 10.0.0.1');
    expect(send).not.toHaveBeenCalled();
  });
});

describe('row 43: a server that repeats the token', () => {
  test.each(['auto', 'legacy'] as const)(
    'in a result does not give it to a program or model, with mode %s',
    async (mode) => {
      await started();
      const store = await loggedIn();
      world.echo();
      const client = await connected({ url: world.url, auth: { store } }, { mode });
      const provider = fromMcp({ url: world.url, auth: { store } }, { mode });
      closers.push(() => provider.close());
      const results = [
        await client.callTool('read'),
        await provider.callTool({ name: 'read', arguments: {} }, callContext({})),
      ];
      for (const { content } of results) expect(content).toEqual([{ type: 'text', text: '[credential]' }]);
    },
  );

  test('in an error status, a challenge or a scope does not put it into a message', async () => {
    await started();
    const store = await loggedIn();
    const client = await connected({ url: world.url, auth: { store } });
    const token = world.seen.findLast((each) => each !== undefined) ?? '';
    expect(token.length).toBeGreaterThan(100);
    const answers: ((response: ServerResponse) => unknown)[] = [
      (response) => response.writeHead(500, token.slice(0, 60)).end(`you sent ${token}`),
      (response) => response.writeHead(400).end(token),
      (response) =>
        response.writeHead(403, { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${token} x"` }).end(),
      (response) =>
        response
          .writeHead(403, { 'WWW-Authenticate': `Bearer error="other", error_description="${token}"` })
          .end(token),
    ];
    for (const answer of answers) {
      world.replace('/mcp', (_, response) => void answer(response));
      const error = await client.callTool('read').catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      const { message, stack, hint, text, data } = error as Error & Record<'hint' | 'text' | 'data', unknown>;
      expect(JSON.stringify([message, stack, hint, text, data])).not.toContain(token);
    }
  });
});

test('a scope that is a shell command is quoted, and control characters are left out', async () => {
  await started();
  const store = await loggedIn();
  const commands: (readonly string[])[] = [];
  const command = (scopes: readonly string[]) => {
    commands.push(scopes);
    return 'log in';
  };
  const client = await connected({ url: world.url, auth: { store, command } });
  world.replace('/mcp', (_, response) =>
    response.writeHead(403, { 'WWW-Authenticate': 'Bearer error="insufficient_scope", scope="$(id) a\\"b"' }).end(),
  );
  await expect(client.callTool('read')).rejects.toThrow('requires more scopes');
  expect(commands.at(-1)).toContain('$(id)');
  expect(commands.at(-1)?.some((scope) => scope.includes('"'))).toBe(false);
});
