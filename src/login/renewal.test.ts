import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { browse, type IdentityProviderOptions } from '../identity-provider.test.fixture.ts';
import { type OpenedApi, openApi, type ProxyOptions } from '../proxy.ts';
import { storedLogin } from '../runtime/api/auth/stored-login.ts';
import { callContext } from '../runtime/call-context.ts';
import type { TokenRecord, TokenStore } from '../runtime/secrets/token-store.ts';
import { listenForCallback } from './callback-listener.ts';
import { logIn } from './log-in.ts';
import { type LoginWorld, startLoginWorld } from './login-world.test.fixture.ts';
import { openTokenStore } from './open-token-store.ts';

// How the tokens of a login are renewed, with a real identity provider that rotates refresh tokens.

let folder: string;
let world: LoginWorld;
const closers: (() => unknown)[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'renewal-'));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

/** Longer than tokens live. */
const HOUR = 3_601_000;

const tokens = () => join(folder, 'tokens');
const openStore = (): TokenStore => openTokenStore({ folder: tokens(), place: 'file' });

async function loggedIn(options: Partial<IdentityProviderOptions> = {}): Promise<TokenRecord> {
  world = await startLoginWorld(folder, options);
  closers.push(() => world.close());
  const api = await openApi(world.document, { cache: false });
  closers.push(() => api.provider.close());
  const scheme = api.model.auth.login;
  if (!scheme || !api.serverUrl) throw new Error('The document has no scheme.');
  return logIn({
    scheme,
    serverUrl: api.serverUrl,
    store: openStore(),
    access: { ...api.issuers, signal: new AbortController().signal },
    device: false,
    scopes: ['notes:read'],
    clientIdFrom: '',
    timeoutMs: 20_000,
    onUrl(url) {
      browse(url, { stopAt: ({ pathname }) => pathname === '/callback' }).then((callback) => fetch(callback));
    },
    onPrompt() {},
    sleep: () => Promise.reject(new Error('not the device flow')),
    now: Date.now,
  });
}

async function open(store = openStore(), options: ProxyOptions = {}): Promise<OpenedApi> {
  const logins = { open: async () => store, command: (scheme: string) => `openapi-mcp auth login --scheme ${scheme}` };
  const api = await openApi(world.document, { cache: false, logins, ...options });
  closers.push(() => api.provider.close());
  return api;
}

/** `ok`, or the text of the failure. */
async function call({ provider }: OpenedApi, name = 'listNotes'): Promise<string> {
  const { isError, content } = await provider.callTool({ name, arguments: {} }, callContext({}));
  const [block] = content;
  return isError ? (block?.type === 'text' ? block.text : 'no text') : 'ok';
}

const KEY = () => ({ issuer: world.identity.issuer, audience: world.api, account: 'self' });
const renewals = () => (world.identity.requests.get('/token') ?? 0) - 1;
const change = (fields: Partial<TokenRecord>) =>
  openStore().update(KEY(), async (current) => ({ ...(current as TokenRecord), ...fields }));

describe('a token', () => {
  test('is renewed once for 20 parallel calls, three times in a row, and none is lost', async () => {
    await loggedIn();
    const api = await open();
    await call(api);
    for (let wave = 1; wave <= 3; wave++) {
      world.expire();
      const calls = await Promise.all(Array.from({ length: 20 }, () => call(api)));
      expect(calls).toEqual(Array(20).fill('ok'));
      expect(renewals()).toBe(wave);
    }
  });

  test('is renewed once for two servers that share a store, also ahead of its expiry', async () => {
    await loggedIn();
    const [one, two] = [await open(openStore()), await open(openStore())];
    await change({ expiresAt: Date.now() + 1000, issuedAt: Date.now() - 3_600_000 });
    const [three, four] = [await open(openStore()), await open(openStore())];
    const calls = await Promise.all([one, two, three, four, three, four].map((api) => call(api)));
    expect(calls).toEqual(Array(6).fill('ok'));
    expect(renewals()).toBe(1);
  });

  test('survives a clock that is an hour ahead or behind', async () => {
    const record = await loggedIn();
    const api = await open();
    const { signal } = new AbortController();
    const login = (offset: number, known: TokenRecord) =>
      storedLogin({
        ...api.issuers,
        scheme: 'login',
        key: KEY(),
        store: openStore(),
        record: known,
        command: '',
        now: () => Date.now() + offset,
        timeoutMs: 20_000,
      });
    const renewed = await login(HOUR, record).token(signal);
    expect([renewed === record.accessToken, renewals()]).toEqual([false, 1]);
    const stored = (await openStore().get(KEY())) ?? record;
    const behind = login(-HOUR, stored);
    expect([await behind.token(signal), renewals()]).toEqual([renewed, 1]);
    // It looks valid for another two hours, but the API knows better.
    behind.drop(renewed);
    expect([(await behind.token(signal)) === renewed, renewals()]).toEqual([false, 2]);
  });

  test('keeps its refresh token if the server sends no new one', async () => {
    const { refreshToken } = await loggedIn({ rotate: false });
    const api = await open();
    await call(api);
    world.expire();
    expect(await call(api)).toBe('ok');
    expect((await openStore().get(KEY()))?.refreshToken).toBe(refreshToken);
  });

  test('is saved before it is used', async () => {
    await loggedIn();
    const api = await open();
    await call(api);
    world.expire();
    await call(api);
    expect((await openStore().get(KEY()))?.accessToken).toBe(world.seen.at(-1));
  });
});

describe('a renewal', () => {
  test('that is refused asks for a new login, and deletes nothing', async () => {
    await loggedIn();
    const api = await open();
    await call(api);
    world.expire();
    await world.identity.revoke('alice');
    const text = await call(api);
    expect(text).toMatch(/CREDENTIAL_REFUSED: The login for "login" cannot be renewed \(invalid_grant/);
    expect(text).toContain('Log in again: openapi-mcp auth login --scheme login');
    expect(await openStore().list()).toEqual([KEY()]);
  });

  test('that is refused because another process was faster uses the new token', async () => {
    await loggedIn();
    await call(await open());
    world.expire();
    const other = await open();
    const store = openStore();
    // A store whose lock does not hold: it shows what was there before the other process renewed it.
    const before = await store.get(KEY());
    let reads = 0;
    const late: TokenStore = {
      ...store,
      get: async (key) => (reads++ < 2 ? before : store.get(key)),
      update: (key, apply) => store.update(key, () => apply(before)),
    };
    const slow = await open(late);
    expect(await call(other)).toBe('ok');
    expect(await call(slow)).toBe('ok');
  });

  test('that cannot reach the server keeps the login, and the token while it is valid', async () => {
    await loggedIn();
    world.identity.replace('/token', (request) => void request.socket.destroy());
    await change({ issuedAt: Date.now() - 3_600_000, expiresAt: Date.now() + 60_000 - 45_000 });
    expect(await call(await open())).toBe('ok');
    await change({ expiresAt: Date.now() - 1000 });
    const api = await open();
    expect(await call(api)).toMatch(/No token for "login": the token endpoint [\s\S]*The login is kept/);
    world.identity.replace('/token');
    expect(await call(api)).toBe('ok');
  });

  test('without a refresh token asks for a new login', async () => {
    await loggedIn();
    await openStore().update(KEY(), async (current) => {
      const { refreshToken: _, ...rest } = current as TokenRecord;
      return { ...rest, expiresAt: Date.now() - 1000 };
    });
    expect(await call(await open())).toContain('The login for "login" has expired.');
  });

  test('after a logout asks for a new login', async () => {
    await loggedIn();
    const api = await open();
    await call(api);
    world.expire();
    await openStore().delete(KEY());
    expect(await call(api)).toContain('somebody logged out');
  });

  test('with an unreadable store says so, with the code and the remedy', async () => {
    await loggedIn();
    const api = await open();
    await call(api);
    world.expire();
    for (const name of readdirSync(tokens())) if (name.endsWith('.token.json')) chmodSync(join(tokens(), name), 0o644);
    expect(await call(api)).toMatch(/Other users can access .* \[TOKEN_FILE_NOT_PRIVATE\][\s\S]*chmod 600/);
    await expect(open()).rejects.toMatchObject({ code: 'TOKEN_FILE_NOT_PRIVATE' });
  });
});

describe('an API that', () => {
  test('rejects the new token too gets one retry, and the result names scheme and remedy', async () => {
    await loggedIn();
    const api = await open();
    world.answer(401);
    const text = await call(api);
    expect(text).toContain('The credential of the login for "login" is wrong or expired.');
    expect(text).toContain('To log in again: openapi-mcp auth login --scheme login');
    expect([world.seen.length, renewals()]).toEqual([2, 1]);
  });

  test('forbids a call gets no retry, unless it says that the token is invalid', async () => {
    await loggedIn();
    const api = await open();
    world.answer(403);
    const text = await call(api);
    expect(text).toContain('The credential of the login for "login" may lack the permission for this.');
    expect(text).toContain('To log in again:');
    expect([world.seen.length, renewals()]).toEqual([1, 0]);
    world.answer(403, { 'WWW-Authenticate': 'Bearer error="invalid_token"' });
    await call(api);
    expect([world.seen.length, renewals()]).toEqual([3, 1]);
  });

  test('redirects, or has an operation elsewhere, gets no token there', async () => {
    await loggedIn();
    const api = await open();
    const text = await call(api, 'elsewhere');
    expect(text).toMatch(/The login for "login" is for http:\/\/127.*, so it is not sent to http:\/\/localhost/);
    expect(world.seen).toEqual([]);
    world.answer(302, { Location: `${world.api.replace('127.0.0.1', 'localhost')}/notes` });
    await call(api);
    expect(world.seen).toHaveLength(1);
  });

  test('echoes the token does not give it to the model', async () => {
    await loggedIn();
    const api = await open();
    world.echo();
    world.answer(400);
    const text = await call(api);
    expect(text).toContain('you sent');
    expect(world.seen).toHaveLength(1);
    for (const token of world.seen) expect(text).not.toContain(token);
  });
});

test('a ready token takes precedence over a login, and a login over a client id and secret', async () => {
  await loggedIn();
  const client = { OAUTH_CLIENT_ID_LOGIN: 'id', OAUTH_CLIENT_SECRET_LOGIN: 'secret' };
  const [report] = (await open(openStore(), { environment: client })).credentials;
  expect(report).toMatchObject({ set: ['the login for "login"'], login: { renewable: true } });
  const environment = { ...client, BEARER_TOKEN_LOGIN: 'ready' };
  const [ready] = (await open(openStore(), { environment })).credentials;
  expect(ready?.set).toEqual(['BEARER_TOKEN_LOGIN']);
});

test('the callback listens on 127.0.0.1 alone, and times out', async () => {
  const listener = await listenForCallback({ state: 's', timeoutMs: 1, signal: new AbortController().signal });
  expect(listener.redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
  await expect(listener.wait()).rejects.toMatchObject({ code: 'LOGIN_TIMEOUT' });
  await listener.close();
});
