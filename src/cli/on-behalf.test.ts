import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTokenIssuer, type TokenIssuer } from '../runtime/serve/auth/token-issuer.test.fixture.ts';
import {
  type CallerApi,
  callAs,
  callerDocument,
  type ExchangeEndpoint,
  startCallerApi,
  startExchange,
} from '../security/on-behalf.test.fixture.ts';
import { ended, start } from './started.test.fixture.ts';

// `run` with a config file that says on whose behalf the APIs are called.

const RESOURCE = 'https://mcp.example.com/mcp';
const SECRET = 'the-secret-of-the-server';
let folder: string;
let issuer: TokenIssuer;
let api: CallerApi;
let exchange: ExchangeEndpoint;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'on-behalf-'));
  [issuer, api, exchange] = await Promise.all([
    startTokenIssuer({ audience: RESOURCE }),
    startCallerApi(),
    startExchange(),
  ]);
  writeFileSync(join(folder, 'notes.json'), JSON.stringify(callerDocument(api.url, exchange.tokenUrl)));
  const body = 'export default ({ caller, scopes }: any) => ["of", caller.id.split(" ")[1], "for", scopes].join("-");';
  writeFileSync(join(folder, 'credential.ts'), body);
  writeFileSync(join(folder, 'no-function.ts'), 'export default 1;');
});
beforeEach(() => {
  api.reached.length = 0;
});
afterAll(async () => {
  await Promise.all([issuer, api, exchange].map((each) => each.close()));
  rmSync(folder, { recursive: true });
});

/** A config file whose APIs have these credentials. */
function configFile(name: string, apis: Readonly<Record<string, object>>): string {
  mkdirSync(join(folder, name), { recursive: true });
  const path = join(folder, name, 'openapi-mcp.config.json');
  const spec = '../notes.json';
  const entries = Object.entries(apis).map(([namespace, login]) => [namespace, { spec, auth: { login } }]);
  const auth = { provider: issuer.issuer, publicUrl: RESOURCE };
  writeFileSync(path, JSON.stringify({ prefix: true, apis: Object.fromEntries(entries), auth }));
  return path;
}

test('run calls each API with what the caller has there, and logs none of it', async () => {
  const path = configFile('both', {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the program fills it in
    exchanged: { exchange: { clientId: 'the-server', clientSecret: '${CLIENT_SECRET}', audience: 'notes' } },
    asked: { perCaller: '../credential.ts' },
  });
  const args = ['run', path, '--transport', 'http', '--port', '0', '--no-cache', '--log-level', 'debug'];
  const running = start(args, { env: { CLIENT_SECRET: SECRET } });
  await running.said('Serving http');
  const url = /Serving (\S+)/.exec(running.stderr())?.[1] ?? '';
  const token = await issuer.token({ sub: 'bob' });
  for (const name of ['exchanged_getNote', 'asked_getNote']) {
    expect(await callAs(token, url, { name, args: { id: '1' } })).toMatchObject({ status: 200, isError: false });
  }
  const [first, second] = api.reached.map(({ authorization = '' }) => authorization.slice('Bearer '.length));
  expect(exchange.ownerOf(first ?? '')).toMatch(/ bob /);
  expect(second).toBe('of-bob-for-notes:read');
  expect(exchange.asked.at(-1)?.form).toMatchObject({ subject_token: token, audience: 'notes' });
  running.kill('SIGTERM');
  const { stderr } = await running.ended;
  expect(stderr).toContain('exchanged_getNote');
  for (const hidden of [token, first ?? '', second ?? '', SECRET]) expect(stderr).not.toContain(hidden);
});

test('a call from the command line has no caller, and says so', async () => {
  const path = configFile('alone', { notes: { perCaller: '../credential.ts' } });
  const { code, stderr } = await ended(['call', path, 'notes_getNote', '--no-cache', 'id=1']);
  expect(stderr).toContain('MISSING_CREDENTIAL: "login" needs the credential of the caller');
  expect(code).toBe(4);
  expect(api.reached).toEqual([]);
});

test.each([
  ['a module that does not exist', { perCaller: '../missing.ts' }, 'missing.ts does not exist'],
  ['a module without a function', { perCaller: '../no-function.ts' }, 'no-function.ts is not a function'],
  ['a client without a secret', { exchange: { clientId: 'c' } }, 'clientSecret is missing'],
  [
    'an endpoint that is not https',
    { exchange: { clientId: 'c', clientSecret: 's', tokenUrl: 'http://login.example.com/token' } },
    'must have an https URL as tokenUrl',
  ],
  [
    'a tenant and an endpoint',
    { onBehalfOf: { clientId: 'c', clientSecret: 's', tenant: 't', tokenUrl: 'https://l.example', scopes: ['a'] } },
    'has both tenant and tokenUrl',
  ],
])('%s is an error at the start', async (_, login, want) => {
  const path = configFile('wrong', { notes: login });
  const { code, stderr } = await ended(['inspect', path, '--no-cache']);
  expect(stderr).toContain(want);
  expect(code).not.toBe(0);
});
