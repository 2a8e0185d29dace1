import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { openTokenStore } from '../login/open-token-store.ts';
import {
  MACHINE,
  METADATA_URL,
  type ProtectedServer,
  startProtectedServer,
  visit,
} from '../login/protected-server.test.fixture.ts';
import { SELF, type TokenRecord } from '../runtime/secrets/token-store.ts';
import { type Ended, ended, endedAlone, start } from './started.test.fixture.ts';

// A person logs in to an MCP server in a terminal: the built program, a real server, a real identity provider.

let folder: string;
let world: ProtectedServer;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'server-login-'));
});
afterEach(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const options = (env: Readonly<Record<string, string>> = {}) => ({ env: { HOME: folder, ...env }, cwd: folder });
const STORE = ['--token-store', 'file'];
const openapiMcp = (...args: string[]): Promise<Ended> => ended([...args, ...STORE], options());
const target = () => `mcp+${world.url}`;

async function logIn(...args: string[]): Promise<Ended> {
  const started = start(['auth', 'login', target(), '--no-browser', ...STORE, ...args], options());
  // Without a URL, the command has ended with an error.
  await started.said('open this URL').then(
    async () => {
      await started.said('client_id=');
      await started.said('\n\n');
      visit(/https?:\/\/\S+/.exec(started.stderr())?.[0] ?? '');
    },
    () => {},
  );
  return started.ended;
}

/** No output and no file has a token in it. */
function expectNoSecret(...outputs: readonly Ended[]): void {
  const tokens = world.seen.filter((token) => token !== undefined);
  expect(tokens.length).toBeGreaterThan(0);
  const place = join(folder, '.local/state/openapi-mcp/tokens');
  const files = readdirSync(place).map((name) => readFileSync(join(place, name), 'utf8'));
  const shown = [...files, ...outputs.flatMap(({ stdout, stderr }) => [stdout, stderr])].join('\n');
  for (const token of tokens) expect(shown).not.toContain(token);
  // A JWT: three parts. Encrypted data has no dots, and any three characters by chance.
  expect(shown).not.toMatch(/eyJ[\w-]*\.|refresh_token|code_verifier/);
}

describe('a person', () => {
  test('logs in, calls, lists, renews, looks at the status and logs out', async () => {
    world = await startProtectedServer({ path: '/mcp' });
    const before = await openapiMcp('call', target(), 'read');
    expect([before.code, before.stdout]).toEqual([4, '']);
    expect(before.stderr).toContain(`${world.url} requires a token, and nobody is logged in.`);
    expect(before.stderr).toContain(`Log in: openapi-mcp auth login ${target()}\n`);

    const login = await logIn('--json');
    expect(login.code, login.stderr).toBe(0);
    expect(JSON.parse(login.stdout)).toMatchObject({
      issuer: world.identity.issuer,
      audience: world.url,
      scopes: expect.arrayContaining(['notes:read']),
      renewable: true,
    });
    const call = await openapiMcp('call', target(), 'read');
    expect([call.code, call.stdout], call.stderr).toEqual([0, 'a note\n']);
    const list = await openapiMcp('list', target(), '--json');
    expect(list.code, list.stderr).toBe(0);
    world.expire();
    const again = await openapiMcp('call', target(), 'read');
    expect([again.code, again.stdout], again.stderr).toEqual([0, 'a note\n']);
    expect(world.identity.requests.get('/token')).toBe(2);

    const status = await openapiMcp('auth', 'status');
    expect(status.stdout).toMatch(`${world.url} at ${world.identity.issuer}: logged in, token valid until`);
    expect((await openapiMcp('auth', 'status', target())).code).toBe(0);
    expectNoSecret(before, login, call, list, again, status);
    const logout = await openapiMcp('auth', 'logout', target());
    expect([logout.stdout, logout.stderr]).toEqual([`${world.url}: logged out\n`, '']);
    expect(world.identity.requests.get('/token/revocation')).toBe(1);
    const after = await openapiMcp('auth', 'status', target());
    expect([after.code, after.stdout]).toEqual([4, `${world.url}: not logged in\n`]);
  }, 60_000);

  test('logs out of each authorization server, and sees which of them revoked the login', async () => {
    const logOut = async (...args: string[]) => {
      world = await startProtectedServer();
      expect((await logIn()).code).toBe(0);
      // A login from before the server changed its authorization server, which cannot revoke it.
      const place = join(folder, '.local/state/openapi-mcp/tokens');
      const store = await openTokenStore({ folder: place, place: 'file', onWarning: () => {} });
      const key = { issuer: 'https://old.example', audience: world.url, account: SELF };
      const [current] = await store.list();
      const { revocationEndpoint: _, ...record } = (current && (await store.get(current))) ?? {};
      await store.update(key, async () => record as TokenRecord);
      return openapiMcp('auth', 'logout', target(), ...args);
    };
    const json = await logOut('--json');
    const shown = { scheme: null, server: world.url, loggedOut: true };
    expect(JSON.parse(json.stdout)).toHaveLength(2);
    expect(JSON.parse(json.stdout)).toEqual(
      expect.arrayContaining([
        { ...shown, issuer: world.identity.issuer, revoked: true },
        { ...shown, issuer: 'https://old.example', revoked: false },
      ]),
    );
    const none = await openapiMcp('auth', 'logout', target(), '--json');
    expect(JSON.parse(none.stdout)).toEqual([{ ...shown, issuer: null, loggedOut: false, revoked: false }]);
    await world.close();
    const text = await logOut();
    expect(text.stdout.split('\n').sort()).toEqual(
      [
        '',
        `${world.url} at ${world.identity.issuer}: logged out`,
        `${world.url} at https://old.example: logged out here, but not revoked`,
      ].sort(),
    );
    expect(text.stderr).toContain('may still be valid at https://old.example: the authorization server has no');
  }, 60_000);

  test('is renewed once for three processes at the same time', async () => {
    world = await startProtectedServer();
    expect((await logIn()).code).toBe(0);
    await openapiMcp('call', target(), 'read');
    world.expire();
    const calls = await Promise.all([1, 2, 3].map(() => endedAlone(['call', target(), 'read', ...STORE], options())));
    expect(calls.map(({ code, stderr }) => [code, stderr])).toEqual(Array(3).fill([0, '']));
    // One for the code, one for the renewal.
    expect(world.identity.requests.get('/token')).toBe(2);
  }, 60_000);

  test('is found by a mounted server, a config file and the config of another client', async () => {
    world = await startProtectedServer();
    const config = join(folder, 'openapi-mcp.config.json');
    writeFileSync(config, JSON.stringify({ servers: { notes: { url: world.url } } }));
    writeFileSync(join(folder, 'mcp.json'), JSON.stringify({ mcpServers: { notes: { url: world.url } } }));
    const without = await openapiMcp('call', config, 'notes_read');
    expect(without.stderr).toContain(`Log in: openapi-mcp auth login ${target()}`);
    expect(without.code).not.toBe(0);
    expect((await logIn()).code).toBe(0);
    for (const named of [config, join(folder, 'mcp.json'), `notes=${target()}`]) {
      const call = await openapiMcp('call', named, 'notes_read');
      expect([call.code, call.stdout], `${named}: ${call.stderr}`).toEqual([0, 'a note\n']);
    }
  }, 60_000);

  test('who needs more scopes gets the exact command, and logs in with all of them', async () => {
    world = await startProtectedServer();
    expect((await logIn('--scope', 'notes:read')).code).toBe(0);
    world.demand('notes:write');
    const refused = await openapiMcp('call', target(), 'write');
    expect([refused.code, refused.stdout]).toEqual([4, '']);
    const [, command = ''] = /Log in with these scopes: openapi-mcp (auth login .*)/.exec(refused.stderr) ?? [];
    expect(command).toBe(`auth login ${target()} --scope 'notes:read notes:write'`);
    expect((await logIn('--scope', 'notes:read notes:write')).code).toBe(0);
    expect((await openapiMcp('call', target(), 'write')).stdout).toBe('written\n');
    expect(world.ran).toEqual(['write']);
  }, 60_000);

  test('uses a client ID metadata document', async () => {
    world = await startProtectedServer({ cimd: true, registration: false });
    const missing = await logIn();
    expect(missing.code).toBe(4);
    expect(missing.stderr).toContain('does not register clients by itself');
    const login = await logIn('--client-metadata-url', METADATA_URL);
    expect(login.code, login.stderr).toBe(0);
    expect((await openapiMcp('call', target(), 'read')).stdout).toBe('a note\n');
  }, 60_000);
});

describe('a ready token', () => {
  test('comes from --auth or the environment, and its place is taken by nothing else', async () => {
    world = await startProtectedServer({
      clients: [MACHINE],
    });
    const token = await machineToken();
    const variable = `$${'{NOTES}'}`;
    for (const given of [variable, `mcp=${variable}`]) {
      const call = await ended(['call', target(), 'read', '--auth', given], options({ NOTES: token }));
      expect([call.code, call.stdout], call.stderr).toEqual([0, 'a note\n']);
    }
    const fromVariable = await ended(['call', target(), 'read'], options({ BEARER_TOKEN_MCP: token }));
    expect([fromVariable.code, fromVariable.stdout], fromVariable.stderr).toEqual([0, 'a note\n']);
    const wrong = await ended(
      ['call', target(), 'read', '--auth', 'wrong-token'],
      options({ BEARER_TOKEN_MCP: token }),
    );
    expect(wrong.code).toBe(4);
    expect(wrong.stderr).toContain(`${world.url} rejected the token.`);
    expect(wrong.stderr).not.toContain('wrong-token');
    const scheme = await ended(['call', target(), 'read', '--auth', 'oauth=abc'], options());
    expect([scheme.code, scheme.stderr]).toEqual([2, expect.stringContaining('an MCP server has only "mcp"')]);
    const unset = await ended(['call', target(), 'read', '--auth', variable], options());
    expect([unset.code, unset.stderr]).toEqual([4, expect.stringContaining('needs the variable NOTES')]);
  }, 60_000);
});

async function machineToken(): Promise<string> {
  const pair = Buffer.from(`machine:${encodeURIComponent(MACHINE.client_secret)}`).toString('base64');
  const response = await fetch(world.identity.tokenEndpoint, {
    method: 'POST',
    headers: { Authorization: `Basic ${pair}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'notes:read', resource: world.url }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

test('a machine has its client in a config file, whose secret is hidden', async () => {
  world = await startProtectedServer({ clients: [MACHINE] });
  const auth = { clientId: 'machine', clientSecret: MACHINE.client_secret, issuer: world.identity.issuer };
  const config = join(folder, 'openapi-mcp.config.json');
  writeFileSync(config, JSON.stringify({ servers: { notes: { url: world.url, auth } } }));
  const call = await openapiMcp('call', config, 'notes_read');
  expect([call.code, call.stdout], call.stderr).toEqual([0, 'a note\n']);
  writeFileSync(config, JSON.stringify({ servers: { notes: { url: world.url, auth: { clientId: 'machine' } } } }));
  const half = await openapiMcp('call', config, 'notes_read');
  expect(half.stderr).toContain('needs either "clientSecret" or "privateKey"');
  writeFileSync(config, JSON.stringify({ servers: { notes: { command: 'true', auth: 'abc' } } }));
  const command = await openapiMcp('call', config, 'notes_read');
  expect(command.stderr).toContain('servers.notes.auth');
  expect(command.stderr).toContain('applies to a server at a URL');
}, 60_000);

test('run serves a protected server, with --auth for it and for its own callers', async () => {
  world = await startProtectedServer({ clients: [MACHINE] });
  const env = { NOTES: await machineToken() };
  const auth = `mcp=$${'{NOTES}'}`;
  const dry = await ended(['run', target(), '--auth', auth, '--dry-run'], options(env));
  expect([dry.code, dry.stderr.includes(env.NOTES)], dry.stderr).toEqual([0, false]);
  const without = await ended(['run', target(), '--dry-run'], options());
  expect(without.code).toBe(4);
  expect(without.stderr).toContain(`Log in: openapi-mcp auth login ${target()}`);
  const several = ['run', `notes=${target()}`, `more=${target()}`, '--dry-run'];
  const prefixed = await ended(
    several,
    options({ NOTES_BEARER_TOKEN_MCP: env.NOTES, MORE_BEARER_TOKEN_MCP: env.NOTES }),
  );
  expect(prefixed.code, prefixed.stderr).toBe(0);
}, 60_000);

describe('bad input', () => {
  test('a server without metadata, one that is down, and flags of documents end with their codes', async () => {
    world = await startProtectedServer();
    world.replace('/mcp', (_, response) => response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end());
    const none = (_: unknown, response: { writeHead(status: number): { end(): void } }) =>
      response.writeHead(404).end();
    world.replace('/.well-known/oauth-protected-resource/mcp', none);
    world.replace('/.well-known/oauth-protected-resource', none);
    const silent = await openapiMcp('auth', 'login', target());
    expect([silent.code, silent.stderr]).toEqual([4, expect.stringContaining('does not say where to log in')]);
    const down = await openapiMcp('auth', 'login', 'mcp+http://127.0.0.1:1/mcp');
    expect([down.code, down.stderr]).toEqual([3, expect.stringContaining('cannot be reached')]);
    const scheme = await openapiMcp('auth', 'login', target(), '--scheme', 'x');
    expect([scheme.code, scheme.stderr]).toEqual([
      2,
      expect.stringContaining('--scheme applies to an OpenAPI document'),
    ]);
    const plain = await openapiMcp('auth', 'login', world.url);
    expect(plain.stderr).toContain(`For an MCP server write mcp+${world.url}`);
    const open = await openapiMcp('auth', 'login', 'mcp+http://mcp.example.com/mcp');
    expect(open.stderr).toContain('without encryption');
  }, 60_000);
});
