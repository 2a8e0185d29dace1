import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, startBrowser } from '../identity-provider.test.fixture.ts';
import { memoryTokenStore, type TokenStore } from '../runtime/secrets/token-store.ts';
import {
  type ConnectWorld,
  connectWorld,
  consent,
  PAGES_CLIENT,
  PARTY_CLIENT,
  serveWorld,
} from './connect.test.fixture.ts';
import { callAs } from './on-behalf.test.fixture.ts';

// Links to the consent page in wrong hands: rows 23, 28, 36, 37, 40, 45 and 46 of the table of attacks.

const CALL = { name: 'getNote', args: { id: '1' } };
const TITLE = '<img src=x onerror=alert(1)> "Notes" \u202e';
const cleanups: (() => Promise<unknown>)[] = [];
let world: ConnectWorld;
let store: TokenStore;
let errors: Error[];

beforeAll(async () => {
  world = await connectWorld((close) => cleanups.push(close));
  const memory = memoryTokenStore();
  store = memory;
  const served = await serveWorld(world, {
    title: TITLE,
    tokenStore: store,
    auth: { keys: [{ name: 'ci', key: 'key-of-the-ci-0123456789', scopes: ['mcp'] }] },
  });
  errors = served.errors;
  cleanups.push(() => served.server.close());
});
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
beforeEach(async () => {
  world.api.reached.length = 0;
  for (const key of await store.list()) await store.delete(key);
});

/** A user who has made a call, and the link in its result. */
async function invited(login: string) {
  const token = await world.tokenOf(login);
  const { text } = await callAs(token, world.url, CALL);
  const link = /http:\S+\/connect\?ticket=\S+/.exec(text)?.[0] ?? '';
  expect(link).not.toBe('');
  return { token, link };
}

const ours =
  (path: string) =>
  (url: URL): boolean =>
    url.origin === world.origin && url.pathname === path;

/** The consent page of a link, opened by a user. */
async function asked(browser: Browser, link: string, login: string) {
  const url = await browser.browse(link, { login, stopAt: ours('/connect/consent') });
  const response = await browser.request(url);
  const html = await response.text();
  const field = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
  return { url, response, html, form: { ticket: field('ticket'), csrf: field('csrf') } };
}

const post = (browser: Browser, form: Record<string, string>, headers: Record<string, string> = {}) =>
  browser.request(`${world.origin}/connect/consent`, {
    method: 'POST',
    body: new URLSearchParams({ decision: 'allow', ...form }),
    headers: { origin: world.origin, ...headers },
  });

describe('another person', () => {
  test('who opens the link is refused after the own login, and nothing is stored', async () => {
    const { link } = await invited('ada');
    const browser = startBrowser();
    const back = await browser.browse(link, { login: 'eve', stopAt: ours('/connect/login') });
    const response = await browser.request(back);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('You are signed in as eve, and this link was made for another user.');
    expect((await browser.request(link.replace('/connect?', '/connect/consent?'))).status).toBe(403);
    expect(await store.list()).toEqual([]);
  });

  test('cannot go on with a page, a form or a redirect of the caller', async () => {
    const { link } = await invited('ada');
    const [ada, eve] = [startBrowser(), startBrowser()];
    const { url, form } = await asked(ada, link, 'ada');
    await eve.browse(link, { login: 'eve', stopAt: ours('/connect/login') });
    expect((await eve.request(url)).status).toBe(403);
    expect((await post(eve, form)).status).toBe(403);
    const party = (await post(ada, form)).headers.get('location') ?? '';
    expect(party).toContain(world.party.authorizationEndpoint);
    // The caller's redirect is opened by somebody else, who signs in at the third party.
    const callback = await eve.browse(party, { login: 'eve-at-notes', stopAt: ours('/connect/callback') });
    const response = await eve.request(callback);
    expect(response.status).toBe(403);
    expect(await store.list()).toEqual([]);
    // What failed once does not work for the caller either.
    expect((await ada.request(callback)).status).toBe(400);
    expect(await store.list()).toEqual([]);
  });

  test('never calls with what the caller has connected', async () => {
    const [ada, bob] = [await invited('ada'), await invited('bob')];
    expect((await consent(startBrowser(), ada.link, { login: 'ada', account: 'ada-at-notes' })).status).toBe(200);
    expect((await callAs(bob.token, world.url, CALL)).text).toContain('has not connected an account');
    await consent(startBrowser(), bob.link, { login: 'bob', account: 'bob-at-notes' });
    const calls = Array.from({ length: 24 }, (_, index) => (index % 2 === 0 ? ada : bob));
    const answers = await Promise.all(calls.map(({ token }) => callAs(token, world.url, CALL)));
    expect(answers.every(({ isError }) => !isError)).toBe(true);
    const owners = await world.owners();
    expect(owners.filter((owner) => owner === 'ada-at-notes')).toHaveLength(12);
    expect(owners.filter((owner) => owner === 'bob-at-notes')).toHaveLength(12);
    const accounts = (await store.list()).map(({ account }) => account);
    expect(accounts.toSorted()).toEqual(['ada', 'bob'].map((name) => `${world.identity.issuer} ${name}`));
  });
});

test('a link and a state work once', async () => {
  const { link } = await invited('ada');
  const browser = startBrowser();
  const { form } = await asked(browser, link, 'ada');
  const party = (await post(browser, form)).headers.get('location') ?? '';
  expect((await browser.request(link)).status).toBe(404);
  expect((await post(browser, form)).status).toBe(404);
  const callback = await browser.browse(party, { login: 'ada-at-notes', stopAt: ours('/connect/callback') });
  expect((await browser.request(callback)).status).toBe(200);
  expect((await browser.request(callback)).status).toBe(400);
  expect(await store.list()).toHaveLength(1);
});

test('without the cookie, or with a foreign state, a redirect back is refused', async () => {
  const { link } = await invited('ada');
  const browser = startBrowser();
  const login = await browser.browse(link, { login: 'ada', stopAt: ours('/connect/login') });
  expect((await fetch(login)).status).toBe(403);
  for (const query of ['', '?code=c', '?code=c&state=invented', '?code=c&state=a&state=b']) {
    for (const path of ['/connect/login', '/connect/callback']) {
      expect((await browser.request(world.origin + path + query)).status).toBe(400);
    }
  }
  expect((await fetch(`${world.origin}/connect?ticket=invented`)).status).toBe(404);
  expect(await store.list()).toEqual([]);
});

test('a response of another issuer, or without one, is not used', async () => {
  for (const issuer of ['https://evil.example', undefined]) {
    const { link } = await invited('ada');
    const browser = startBrowser();
    const { form } = await asked(browser, link, 'ada');
    const party = (await post(browser, form)).headers.get('location') ?? '';
    const callback = await browser.browse(party, { login: 'ada-at-notes', stopAt: ours('/connect/callback') });
    callback.searchParams.delete('iss');
    if (issuer !== undefined) callback.searchParams.set('iss', issuer);
    const response = await browser.request(callback);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('Nothing was connected.');
  }
  expect(await store.list()).toEqual([]);
});

test('forged forms are refused', async () => {
  const { link } = await invited('ada');
  const browser = startBrowser();
  const { form } = await asked(browser, link, 'ada');
  expect((await post(browser, { ...form, csrf: '' })).status).toBe(403);
  expect((await post(browser, { ...form, csrf: 'x'.repeat(43) })).status).toBe(403);
  expect((await post(browser, form, { origin: 'https://evil.example' })).status).toBe(403);
  const other = await fetch(link, { headers: { origin: 'https://evil.example' }, redirect: 'manual' });
  expect(other.status).toBe(403);
});

test('the page shows what is asked, escaped, and cannot be framed', async () => {
  const { link } = await invited('ada');
  const { html, response } = await asked(startBrowser(), link, 'ada');
  expect(html).not.toContain('<img');
  expect(html).not.toContain('\u202e');
  expect(html).toContain('&#60;img src=x onerror=alert(1)&#62;');
  expect(html).toContain(world.api.url);
  expect(html).toContain('<li>notes:read</li>');
  expect(html).toContain('ada, with any program');
  const policy = response.headers.get('content-security-policy') ?? '';
  for (const part of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"])
    expect(policy).toContain(part);
  expect(response.headers.get('cache-control')).toBe('no-store');
});

test('the cookie is for this server only, and out of reach of scripts', async () => {
  const { link } = await invited('ada');
  const response = await fetch(link, { redirect: 'manual' });
  expect(response.status).toBe(303);
  const cookie = response.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(
    new RegExp(`^mcp-connect-${world.port}=[\\w-]{43}; Path=/; Max-Age=\\d+; HttpOnly; SameSite=Lax$`),
  );
});

test('who denies is not connected, and the link is used up', async () => {
  const { link } = await invited('ada');
  const browser = startBrowser();
  const { form } = await asked(browser, link, 'ada');
  const response = await post(browser, { ...form, decision: 'deny' });
  expect(await response.text()).toContain('Nothing was connected');
  expect((await browser.request(link)).status).toBe(404);
  expect(await store.list()).toEqual([]);
});

test('the call of a caller with a key says that nobody can prove to be it', async () => {
  const { isError, text } = await callAs('key-of-the-ci-0123456789', world.url, CALL);
  expect(isError).toBe(true);
  expect(text).toContain('nobody can prove in a browser to be this caller');
  expect(text).not.toContain('/connect?');
  expect(world.api.reached).toEqual([]);
});

test('tokens and secrets appear in no URL, page, result or error', async () => {
  const { token, link } = await invited('ada');
  const browser = startBrowser();
  const page = await consent(browser, link, { login: 'ada', account: 'ada-at-notes' });
  world.api.respond((request, response) =>
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ echo: request.headers })),
  );
  const { text } = await callAs(token, world.url, CALL);
  world.api.respond();
  const [key] = await store.list();
  const record = key && (await store.get(key));
  const secrets = [record?.accessToken, PARTY_CLIENT.clientSecret, PAGES_CLIENT.clientSecret, token];
  const shown = [text, await page.text(), ...browser.visited, ...errors.map(String)].join('\n');
  expect(text).toContain('[credential]');
  for (const secret of secrets) expect(shown).not.toContain(String(secret));
});
