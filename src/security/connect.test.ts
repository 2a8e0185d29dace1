import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openTokenStore } from '../client/token-store.ts';
import { freePort } from '../free-port.test.fixture.ts';
import { startBrowser } from '../identity-provider.test.fixture.ts';
import { presetProxy } from '../oauth-proxy/index.ts';
import { openApi } from '../proxy.ts';
import { memoryTokenStore } from '../runtime/secrets/token-store.ts';
import { serveHttp } from '../runtime/serve/http/node-http.ts';
import { memorySharedStore } from '../runtime/store/memory.ts';
import { roundRobin } from '../scale-out.test.fixture.ts';
import {
  connectDocument,
  connectedClient,
  connectWorld,
  consent,
  PAGES_CLIENT,
  PARTY_CLIENT,
  serveWorld,
} from './connect.test.fixture.ts';

// Each caller connects an account at a third party, on a page of this server.

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function world({ partyTtl, ...options }: Parameters<typeof serveWorld>[1] & { partyTtl?: number } = {}) {
  const around = await connectWorld((close) => cleanups.push(close), partyTtl === undefined ? {} : { partyTtl });
  const { server, errors } = await serveWorld(around, options);
  cleanups.push(() => server.close());
  return { ...around, errors };
}

const CALL = { name: 'getNote', arguments: { id: '1' } };

test('a client of 2026-07-28 opens the link, and the call goes on', async () => {
  const { owners, ...around } = await world();
  const { client, asked } = await connectedClient(around, {
    mode: 'auto',
    login: 'ada',
    async opens(url) {
      const page = await consent(startBrowser(), url, { login: 'ada', account: 'ada-at-notes' });
      expect(await page.text()).toContain('Your account is connected');
      return 'accept';
    },
  });
  cleanups.push(() => client.close());
  const result = await client.callTool(CALL);
  expect(result).not.toHaveProperty('isError', true);
  expect(await owners()).toEqual(['ada-at-notes']);
  expect(asked).toHaveLength(1);
});

test.each([
  ['in a session', false],
  ['without one', true],
])('a client of 2025-11-25 gets the link as an error %s, and calls again', async (_how, stateless) => {
  const { owners, ...around } = await world({ stateless });
  const { client } = await connectedClient(around, { mode: 'legacy', login: 'ada', opens: async () => 'accept' });
  cleanups.push(() => client.close());
  const error = await client.callTool(CALL).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: -32042 });
  const [{ url, elicitationId, mode }] = error.data.elicitations;
  expect({ mode, elicitationId }).toEqual({ mode: 'url', elicitationId: expect.any(String) });
  await consent(startBrowser(), url, { login: 'ada', account: 'ada-at-notes' });
  expect(await client.callTool(CALL)).not.toHaveProperty('isError', true);
  expect(await owners()).toEqual(['ada-at-notes']);
});

test.each([
  ['legacy', false],
  ['legacy', true],
  ['auto', false],
] as const)('a client (%s, stateless: %s) that cannot open links shows one in the result', async (mode, stateless) => {
  const { owners, ...around } = await world({ stateless });
  const { client } = await connectedClient(around, { mode, login: 'ada' });
  cleanups.push(() => client.close());
  const result = await client.callTool(CALL);
  expect(result.isError).toBe(true);
  const { text } = (result.content as { text: string }[])[0] ?? { text: '' };
  const url = /http:\S+\/connect\?ticket=\S+/.exec(text)?.[0] ?? '';
  await consent(startBrowser(), url, { login: 'ada', account: 'ada-at-notes' });
  expect(await client.callTool(CALL)).not.toHaveProperty('isError', true);
  expect(await owners()).toEqual(['ada-at-notes']);
});

test('a call waits for a user who is still at the third party', async () => {
  const around = await world();
  const pages: Promise<Response>[] = [];
  const { client, asked } = await connectedClient(around, {
    mode: 'auto',
    login: 'ada',
    async opens(url) {
      pages.push(consent(startBrowser(), url, { login: 'ada', account: 'ada-at-notes' }));
      return 'accept';
    },
  });
  cleanups.push(() => client.close());
  expect(await client.callTool(CALL)).not.toHaveProperty('isError', true);
  expect(await around.owners()).toEqual(['ada-at-notes']);
  expect([asked.length, (await pages[0])?.status]).toEqual([1, 200]);
});

test('who declines finds the link in the result, and is not asked twice in one call', async () => {
  const around = await world();
  const { client, asked } = await connectedClient(around, { mode: 'auto', login: 'ada', opens: async () => 'decline' });
  cleanups.push(() => client.close());
  const result = await client.callTool(CALL);
  expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining(asked[0] ?? '-') }] });
  expect(asked).toHaveLength(1);
});

/** A user who has connected an account. */
async function connected(around: Awaited<ReturnType<typeof world>>, login = 'ada') {
  const opens = async (url: string) => {
    await consent(startBrowser(), url, { login, account: `${login}-at-notes` });
    return 'accept' as const;
  };
  const { client, asked } = await connectedClient(around, { mode: 'auto', login, opens });
  cleanups.push(() => client.close());
  expect(await client.callTool(CALL)).not.toHaveProperty('isError', true);
  return { client, asked };
}

test('a token that the API rejects is renewed once for all calls, and the rotated refresh token is kept', async () => {
  const tokenStore = memoryTokenStore();
  const around = await world({ tokenStore });
  const { client, asked } = await connected(around);
  const [key] = await tokenStore.list();
  const before = key && (await tokenStore.get(key));
  const refused = new Set([`Bearer ${before?.accessToken}`]);
  around.api.respond((request, response) =>
    response
      .writeHead(refused.has(request.headers.authorization ?? '') ? 401 : 200, { 'Content-Type': 'application/json' })
      .end('{}'),
  );
  const tokenRequests = around.party.requests.get('/token');
  const results = await Promise.all(Array.from({ length: 10 }, () => client.callTool(CALL)));
  for (const result of results) expect(result).not.toHaveProperty('isError', true);
  expect(around.party.requests.get('/token')).toBe((tokenRequests ?? 0) + 1);
  const after = key && (await tokenStore.get(key));
  expect(after?.refreshToken).not.toBe(before?.refreshToken);
  expect(asked).toHaveLength(1);
});

test('after the third party has ended the consent, or the record is deleted, the caller is asked again', async () => {
  const tokenStore = memoryTokenStore();
  const around = await world({ tokenStore });
  const { client, asked } = await connected(around);
  around.api.respond(async (request, response) => {
    around.api.reached.splice(0, around.api.reached.length - 1);
    const [owner] = await around.owners();
    response.writeHead(owner === undefined ? 401 : 200, { 'Content-Type': 'application/json' }).end('{}');
    return request;
  });
  await around.party.revoke('ada-at-notes');
  expect(await client.callTool(CALL)).not.toHaveProperty('isError', true);
  expect(asked).toHaveLength(2);
  for (const key of await tokenStore.list()) await tokenStore.delete(key);
  expect(await client.callTool(CALL)).not.toHaveProperty('isError', true);
  expect(asked).toHaveLength(3);
});

test('a stored token belongs to its caller: swapped files are refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'connect-'));
  cleanups.push(async () => rmSync(folder, { recursive: true }));
  const around = await world({ tokenStore: await openTokenStore({ folder, place: 'file' }) });
  const [ada, bob] = [await connected(around), await connected(around, 'bob')];
  const [one = '', other = ''] = readdirSync(folder).filter((name) => !/key|lock/.test(name));
  for (const name of [one, other]) expect(readFileSync(join(folder, name), 'latin1')).not.toContain('notes:read');
  renameSync(join(folder, one), join(folder, 'third'));
  renameSync(join(folder, other), join(folder, one));
  renameSync(join(folder, 'third'), join(folder, other));
  around.api.reached.length = 0;
  for (const { client } of [ada, bob]) {
    const result = await client.callTool(CALL);
    expect(result).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('TOKEN_RECORD_DAMAGED') }],
    });
  }
  expect(around.api.reached).toEqual([]);
});

test('behind the OAuth proxy, the browser logs in at the provider', async () => {
  const around = await connectWorld((close) => cleanups.push(close));
  const { issuer: provider } = around.identity;
  const named = { provider, audience: around.url, publicUrl: around.url, ...PAGES_CLIENT };
  const secret = 'a passphrase of at least 32 characters';
  const proxy = await presetProxy({ ...named, secret, onError: () => {} });
  const { server } = await serveWorld(around, { auth: { ...named, requiredScopes: [], proxy, login: {} } });
  cleanups.push(() => server.close());
  await connected({ ...around, errors: [] });
  expect(await around.owners()).toEqual(['ada-at-notes']);
});

test('without a provider, nobody could prove to be a caller: the server does not start', async () => {
  const around = await connectWorld((close) => cleanups.push(close));
  const { provider } = await openApi(
    { text: JSON.stringify(connectDocument(around)) },
    { cache: false, environment: {}, auth: { login: { connect: PARTY_CLIENT } } },
  );
  cleanups.push(() => provider.close());
  const keys = [{ name: 'ci', key: 'key-of-the-ci-0123456789' }];
  const starting = serveHttp(provider, { port: 0, onError: () => {}, auth: { keys, login: { clientId: 'c' } } });
  await expect(starting).rejects.toThrow('auth.login needs auth.provider');
});

test.each([
  [{ issuer: 'https://a.example', tokenUrl: 'https://a.example/token' }, 'has both issuer and endpoints'],
  [{ tokenUrl: 'https://a.example/token' }, 'needs both authorizationUrl and tokenUrl'],
  [{ issuer: 'http://login.example.com' }, 'must have an https URL as issuer'],
  [{ authorizationParameters: { redirect_uri: 'https://evil.example' } }, 'sets redirect_uri itself'],
])('connect with %o is refused: %s', async (connect, want) => {
  const document = connectDocument({ api: { url: 'https://api.example' }, party: PARTY } as never);
  const opening = openApi(
    { text: JSON.stringify(document) },
    { cache: false, environment: {}, auth: { login: { connect: { ...PARTY_CLIENT, ...connect } } } },
  );
  await expect(opening).rejects.toThrow(want);
});

const PARTY = { authorizationEndpoint: 'https://p.example/auth', tokenEndpoint: 'https://p.example/token' };

test.each(['auto', 'legacy'] as const)(
  'two processes: the link, the logins and the consent may reach either, and both use the account (%s)',
  async (mode) => {
    const around = await connectWorld((close) => cleanups.push(close));
    const store = memorySharedStore();
    const ports = [await freePort(), await freePort()];
    for (const port of ports) {
      const { server } = await serveWorld(around, { store, port, auth: { publicUrl: around.url } });
      cleanups.push(() => server.close());
    }
    const balancer = await roundRobin(ports, around.port);
    cleanups.push(() => balancer.close());
    let status: number | undefined;
    const { client, asked } = await connectedClient(around, {
      mode,
      login: 'ada',
      async opens(url) {
        const page = await consent(startBrowser(), url, { login: 'ada', account: 'ada-at-notes' });
        status = page.status;
        return 'accept';
      },
    });
    cleanups.push(() => client.close());
    if (mode === 'legacy') {
      const error = await client.callTool(CALL).catch((thrown) => thrown);
      expect(error).toMatchObject({ code: -32042 });
      const [{ url }] = error.data.elicitations;
      // The same link from the other process.
      const again = await client.callTool(CALL).catch((thrown) => thrown);
      expect(again.data.elicitations[0].url).toBe(url);
      status = (await consent(startBrowser(), url, { login: 'ada', account: 'ada-at-notes' })).status;
    }
    for (let call = 0; call < 4; call++) expect(await client.callTool(CALL)).not.toHaveProperty('isError', true);
    expect(await around.owners()).toEqual(Array(4).fill('ada-at-notes'));
    expect([status, asked.length]).toEqual([200, mode === 'auto' ? 1 : 0]);
  },
);
