import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '../identity-provider.test.fixture.ts';
import {
  type ConnectWorld,
  connectDocument,
  connectedClient,
  connectWorld,
  consent,
  PAGES_CLIENT,
  PARTY_CLIENT,
} from '../security/connect.test.fixture.ts';
import { ended, start } from './started.test.fixture.ts';

// `run` with a config file whose callers connect accounts at a third party.

const cleanups: (() => Promise<unknown>)[] = [];
let folder: string;
let world: ConnectWorld;
const CALL = { name: 'getNote', arguments: { id: '1' } };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'connect-run-'));
  world = await connectWorld((close) => cleanups.push(close));
  writeFileSync(join(folder, 'notes.json'), JSON.stringify(connectDocument(world)));
});
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  rmSync(folder, { recursive: true });
});

function configFile(name: string, auth: object, more: object = {}): string {
  mkdirSync(join(folder, name), { recursive: true });
  const path = join(folder, name, 'openapi-mcp.config.json');
  const { clientId } = PARTY_CLIENT;
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the program fills it in
  const connect = { clientId, clientSecret: '${PARTY_SECRET}' };
  const apis = { notes: { spec: '../notes.json', auth: { login: { connect } } } };
  writeFileSync(path, JSON.stringify({ transport: 'http', port: world.port, apis, auth, ...more }));
  return path;
}

const env = () => ({ PARTY_SECRET: PARTY_CLIENT.clientSecret, OPENAPI_MCP_TOKENS: join(folder, 'tokens') });

test('accounts stay connected after a restart, are listed, and can be disconnected', async () => {
  const auth = { provider: world.identity.issuer, requiredScopes: ['mcp'], login: PAGES_CLIENT };
  const path = configFile('whole', auth, { tokenStore: 'file' });
  const args = ['run', path, '--no-cache', '--log-level', 'debug'];
  const opens = async (url: string) => {
    await consent(startBrowser(), url, { login: 'ada', account: 'ada-at-notes' });
    return 'accept' as const;
  };
  const output: string[] = [];
  const asked: string[] = [];
  for (let round = 0; round < 2; round++) {
    const running = start(args, { env: env() });
    await running.said('Serving http');
    const one = await connectedClient(world, { mode: 'auto', login: 'ada', opens });
    expect(await one.client.callTool(CALL)).not.toHaveProperty('isError', true);
    asked.push(...one.asked);
    await one.client.close();
    running.kill('SIGTERM');
    const { stderr } = await running.ended;
    output.push(stderr);
    expect(stderr).not.toContain(one.token);
  }
  expect(asked).toHaveLength(1);
  expect(await world.owners()).toEqual(['ada-at-notes', 'ada-at-notes']);
  const sent = world.api.reached.map(({ authorization = '' }) => authorization.slice('Bearer '.length));
  for (const hidden of [...sent, PARTY_CLIENT.clientSecret, PAGES_CLIENT.clientSecret]) {
    expect(output.join('\n')).not.toContain(hidden);
  }

  const account = `${world.identity.issuer} ada`;
  const { stdout } = await ended(['auth', 'status', '--token-store', 'file', '--json'], { env: env() });
  expect(JSON.parse(stdout)).toMatchObject([{ account, audience: world.api.url, loggedIn: true }]);
  const logout = await ended(['auth', 'logout', '--account', account, '--token-store', 'file', '--json'], {
    env: env(),
  });
  expect(JSON.parse(logout.stdout)).toEqual([
    { issuer: world.party.issuer, audience: world.api.url, account, loggedOut: true, revoked: true },
  ]);
  expect(await world.owners()).toEqual([undefined, undefined]);
  const again = await ended(['auth', 'logout', '--account', account, '--token-store', 'file'], { env: env() });
  expect(again.stdout).toBe(`${account}: nothing is stored\n`);
});

test.each([
  ['no section auth', undefined],
  ['keys only', { keys: [{ name: 'ci', key: 'key-of-the-ci-0123456789' }] }],
  ['a provider without login', { provider: 'https://login.example.com', publicUrl: 'https://mcp.example.com/mcp' }],
])('%s: nothing says how a browser proves to be a caller’s', async (_, auth) => {
  const path = configFile('refused', auth as object);
  const { code, stderr } = await ended(['run', path, '--no-cache'], { env: env() });
  expect(code).toBe(2);
  expect(stderr).toContain('Callers connect accounts for "login" in a browser');
  expect(stderr).toContain('Set provider, an identity provider, and login');
});
