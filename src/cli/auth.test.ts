import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { browse } from '../identity-provider.test.fixture.ts';
import { CLIENT, flowsOf, type LoginWorld, startLoginWorld } from '../login/login-world.test.fixture.ts';
import { type Ended, ended, type Started, start } from './started.test.fixture.ts';

// A person logs in in a terminal: the built program, a real identity provider, and a browser that follows a script.

let folder: string;
let world: LoginWorld;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'login-'));
  world = await startLoginWorld(folder);
});
afterEach(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const options = (env: Readonly<Record<string, string>> = {}) => ({ env: { HOME: folder, ...env }, cwd: folder });
const STORE = ['--token-store', 'file'];
const openapiMcp = (...args: string[]): Promise<Ended> => ended([...args, ...STORE], options());

/** The first URL that the command printed. */
async function urlOf(started: Started): Promise<string> {
  await started.said('open this URL');
  await started.said('\n\n');
  return /https?:\/\/\S+/.exec(started.stderr())?.[0] ?? '';
}

async function logIn(...args: string[]): Promise<Ended> {
  const started = start(['auth', 'login', world.document, '--no-browser', ...STORE, ...args], options());
  const callback = await browse(await urlOf(started), { stopAt: ({ pathname }) => pathname === '/callback' });
  await fetch(callback);
  return started.ended;
}

/** Everything in the folder that was written for the user to see, and what is stored, has no token in it. */
function expectNoSecret(...outputs: readonly Ended[]): void {
  expect(world.seen.length).toBeGreaterThan(0);
  const tokens = folder.concat('/.local/state/openapi-mcp/tokens');
  const files = readdirSync(tokens).map((name) => readFileSync(join(tokens, name), 'utf8'));
  const shown = [...files, ...outputs.flatMap(({ stdout, stderr }) => [stdout, stderr])].join('\n');
  for (const token of world.seen) expect(shown).not.toContain(token);
  // A JWT: three parts. Encrypted data has no dots, and any three characters by chance.
  expect(shown).not.toMatch(/eyJ[\w-]*\.|refresh_token|code_verifier/);
}

describe('with a browser on this computer', () => {
  test('a person logs in, and calls find, renew and end the login', async () => {
    const before = await openapiMcp('call', world.document, 'listNotes');
    expect(before.code).toBe(4);
    expect(before.stderr).toContain(`or log in: openapi-mcp auth login ${world.document} --scheme login`);

    const login = await logIn('--json');
    expect(login.stderr).toMatch(/open this URL/);
    expect(JSON.parse(login.stdout)).toMatchObject({
      scheme: 'login',
      issuer: world.identity.issuer,
      audience: world.api,
      loggedIn: true,
      renewable: true,
    });

    const call = await openapiMcp('call', world.document, 'listNotes');
    expect([call.code, JSON.parse(call.stdout)]).toEqual([0, { notes: [] }]);
    world.expire();
    const again = await openapiMcp('call', world.document, 'listNotes');
    expect(again.code, again.stderr).toBe(0);
    expect(new Set(world.seen).size).toBe(2);

    const status = await openapiMcp('auth', 'status');
    expect(status.stdout).toMatch(/^http:.* at http:.*: logged in, token valid until .*Z, then renewed$/m);
    const dry = await openapiMcp('run', world.document, '--dry-run', '--log-level', 'debug');
    expect(dry.stdout + dry.stderr).toMatch(/credential login .*: logged in, token valid until/);
    const inspected = await openapiMcp('inspect', world.document, '--json');
    expect(JSON.parse(inspected.stdout).credentials).toMatchObject([{ found: true, login: { renewable: true } }]);

    expectNoSecret(login, call, again, status, dry, inspected);
    const logout = await openapiMcp('auth', 'logout', world.document);
    expect([logout.stdout, logout.stderr]).toEqual(['login: logged out\n', '']);
    expect(world.identity.requests.get('/token/revocation')).toBe(1);
    expect((await openapiMcp('auth', 'status', world.document)).code).toBe(4);
    expect((await openapiMcp('call', world.document, 'listNotes')).code).toBe(4);
  }, 60_000);

  test('a client id and secret of the environment are used, and kept for renewals', async () => {
    const { client_id: id, client_secret: secret } = CLIENT;
    const env = { OAUTH_CLIENT_ID_LOGIN: id, OAUTH_CLIENT_SECRET_LOGIN: secret };
    const started = start(['auth', 'login', world.document, '--no-browser', ...STORE], options(env));
    await fetch(await browse(await urlOf(started), { stopAt: ({ pathname }) => pathname === '/callback' }));
    const login = await started.ended;
    expect([login.code, world.identity.requests.get('/reg')], login.stderr).toEqual([0, undefined]);
    await openapiMcp('call', world.document, 'listNotes');
    world.expire();
    const call = await openapiMcp('call', world.document, 'listNotes');
    expect(call.code, call.stderr).toBe(0);
    expectNoSecret(login, call);
    expect(login.stderr + login.stdout).not.toContain(secret);
  }, 60_000);

  test('three processes that share a login renew it once', async () => {
    expect((await logIn()).code).toBe(0);
    await openapiMcp('call', world.document, 'listNotes');
    world.expire();
    const calls = await Promise.all([1, 2, 3].map(() => openapiMcp('call', world.document, 'listNotes')));
    expect(calls.map(({ code, stderr }) => [code, stderr])).toEqual(Array(3).fill([0, '']));
    // One for the code, one for the renewal.
    expect(world.identity.requests.get('/token')).toBe(2);
  }, 60_000);

  test('a denied login ends the command with the reason', async () => {
    const started = start(['auth', 'login', world.document, '--no-browser', ...STORE], options());
    const url = await urlOf(started);
    const callback = await browse(url, { consent: 'deny', stopAt: ({ pathname }) => pathname === '/callback' });
    await fetch(callback);
    const { code, stderr, stdout } = await started.ended;
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr).toContain('refused the login: access_denied');
  }, 30_000);

  test('the redirect counts once, with the state of this login and the right issuer', async () => {
    const started = start(['auth', 'login', world.document, '--no-browser', ...STORE], options());
    const url = await urlOf(started);
    const callback = await browse(url, { stopAt: ({ pathname }) => pathname === '/callback' });
    const status = async (change: (url: URL) => void, init?: RequestInit) => {
      const changed = new URL(callback);
      change(changed);
      return (await fetch(changed, init)).status;
    };
    expect(callback.hostname).toBe('127.0.0.1');
    expect(await status((one) => one.searchParams.delete('state'))).toBe(400);
    expect(await status((one) => one.searchParams.set('state', 'foreign'))).toBe(400);
    expect(await status((one) => one.searchParams.append('state', 'foreign'))).toBe(400);
    expect(await status((one) => Object.assign(one, { pathname: '/other' }))).toBe(400);
    expect(await status(() => {}, { method: 'POST' })).toBe(400);
    expect(await status((one) => one.searchParams.set('iss', 'https://attacker.test'))).toBe(200);
    const { code, stderr } = await started.ended;
    expect(code).toBe(4);
    expect(stderr).toContain(`The response did not come from ${world.identity.issuer}. Nothing of it was used.`);
    expect(world.identity.requests.get('/token')).toBe(undefined);
  }, 30_000);
});

test('with a browser on another device, a person enters a code', async () => {
  const started = start(['auth', 'login', world.document, '--device', ...STORE], options());
  await started.said('contains the code');
  await started.said('user_code=');
  const url = /https?:\S+user_code=\S+/.exec(started.stderr())?.[0] ?? '';
  const page = await browse(url, { stopAt: () => false }).catch(String);
  expect(page).toContain('The device is signed in.');
  const login = await started.ended;
  expect(login.code, login.stderr).toBe(0);
  const call = await openapiMcp('call', world.document, 'listNotes');
  expect(call.code, call.stderr).toBe(0);
  expectNoSecret(login, call);
}, 60_000);

describe('an authorization server', () => {
  const attempt = async (securityScheme: unknown) => {
    const document = world.write(securityScheme, 'other.json');
    const { code, stderr } = await openapiMcp('auth', 'login', document, '--no-browser');
    return { code, stderr };
  };

  test.each([
    ['of another issuer', { issuer: 'https://other.test' }, 'names another issuer'],
    ['without PKCE', { code_challenge_methods_supported: undefined }, 'does not support PKCE with S256'],
    ['with a script as its page', { authorization_endpoint: 'javascript:alert(1)' }, 'is not an https URL'],
    ['with a plain token endpoint', { token_endpoint: 'http://8.8.8.8/token' }, 'is not an https URL'],
    ['that registers nobody', { registration_endpoint: undefined }, '--client-id or OAUTH_CLIENT_ID_LOGIN'],
  ])('%s gets no login', async (_, change, message) => {
    const { issuer } = world.identity;
    const path = '/.well-known/openid-configuration';
    const real = (await (await fetch(issuer + path)).json()) as Readonly<Record<string, unknown>>;
    world.identity.replace(path, (_request, response) => response.end(JSON.stringify({ ...real, ...change })));
    const { code, stderr } = await attempt({ type: 'openIdConnect', openIdConnectUrl: issuer + path });
    expect(stderr).toContain(message);
    expect([1, 4]).toContain(code);
    expect(world.identity.requests.get('/auth')).toBe(undefined);
  });

  test('that redirects its token endpoint gets no code a second time', async () => {
    world.identity.replace('/token', (_, response) => response.writeHead(307, { location: '/elsewhere' }).end());
    const { code, stderr } = await logIn();
    expect([code, world.identity.requests.get('/elsewhere')]).toEqual([4, undefined]);
    expect(stderr).toContain('status 307');
  });

  test('of another document gets no token of this one', async () => {
    expect((await logIn()).code).toBe(0);
    const attacker = 'https://attacker.test';
    const moved = { ...world.identity, tokenEndpoint: `${attacker}/token`, authorizationEndpoint: `${attacker}/auth` };
    const call = await openapiMcp('call', world.write(flowsOf(moved), 'moved.json'), 'listNotes');
    expect([call.code, world.seen]).toEqual([4, []]);
  }, 30_000);
});

test('--resource and --login-parameter are part of the login, but cannot replace what protects it', async () => {
  const flags = ['--resource', world.api, '--login-parameter', 'audience=notes'];
  const started = start(['auth', 'login', world.document, '--no-browser', ...STORE, ...flags], options());
  const query = new URL(await urlOf(started)).searchParams;
  expect([query.get('resource'), query.get('audience')]).toEqual([world.api, 'notes']);
  started.kill();
  await started.ended;
  for (const wrong of ['state=1', 'redirect_uri=https://evil.test', 'novalue']) {
    expect(await openapiMcp('auth', 'login', world.document, '--login-parameter', wrong)).toMatchObject({ code: 2 });
  }
});

test('an API of a config file is named by its namespace', async () => {
  const config = join(folder, 'openapi-mcp.config.yaml');
  writeFileSync(config, 'apis: { notes: { spec: api.json }, other: { spec: api.json } }\n');
  const unclear = await openapiMcp('auth', 'login', config, '--no-browser');
  expect([unclear.code, unclear.stderr]).toEqual([2, expect.stringContaining('notes.login, other.login')]);
  const before = await openapiMcp('call', config, 'notes_listNotes');
  expect(before.stderr).toContain(`openapi-mcp auth login ${config} --scheme notes.login`);
  const started = start(['auth', 'login', config, '--scheme', 'notes.login', '--no-browser', ...STORE], options());
  await fetch(await browse(await urlOf(started), { stopAt: ({ pathname }) => pathname === '/callback' }));
  expect((await started.ended).code).toBe(0);
  expect((await openapiMcp('call', config, 'notes_listNotes')).code).toBe(0);
}, 60_000);

test('a server that is started logs no token, at any level', async () => {
  expect((await logIn()).code).toBe(0);
  const server = start(
    ['run', world.document, '--transport', 'http', '--port', '0', '--log-level', 'debug', ...STORE],
    options(),
  );
  await server.said('/mcp');
  const url = /http:\S+\/mcp/.exec(server.stderr())?.[0] ?? '';
  const call = await openapiMcp('call', `mcp+${url}`, 'listNotes');
  world.expire();
  const again = await ended(['call', `mcp+${url}`, 'listNotes', '--json'], options());
  server.kill();
  const log = await server.ended;
  expect(again.code, again.stderr).toBe(0);
  expect(new Set(world.seen).size).toBe(2);
  expectNoSecret(call, again, log);
}, 60_000);

test('a document without a login says what is needed', async () => {
  const document = world.write({ type: 'http', scheme: 'bearer' }, 'plain.json');
  const { code, stderr } = await openapiMcp('auth', 'login', document);
  expect([code, stderr]).toEqual([1, expect.stringContaining('no security scheme for which a person can log in')]);
  const other = await openapiMcp('auth', 'login', world.document, '--scheme', 'other');
  expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('--scheme login')]);
});

test('a store that cannot be read is an error with its remedy, and a logout replaces it', async () => {
  expect((await logIn()).code).toBe(0);
  const tokens = join(folder, '.local/state/openapi-mcp/tokens');
  rmSync(join(tokens, 'encryption.key'));
  const call = await openapiMcp('call', world.document, 'listNotes');
  expect(call.code).toBe(4);
  expect(call.stderr).toMatch(/key that the logins .* is not there[\s\S]*auth logout/);
  expect((await openapiMcp('auth', 'status')).stdout).toContain('is not there');
  const logout = await openapiMcp('auth', 'logout', world.document);
  expect([logout.code, logout.stdout]).toEqual([0, 'login: logged out\n']);
  expect((await logIn()).code).toBe(0);
}, 60_000);
