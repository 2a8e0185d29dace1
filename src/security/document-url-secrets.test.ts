import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ended } from '../cli/started.test.fixture.ts';
import { openApi } from '../proxy.ts';

// The address of a document may hold a token or a password. It is for fetching the document, and for nothing else.

const SECRETS = ['us3r-secret', 'passw0rd-secret', 'qu3ry-secret', 'fragm3nt-secret'];
const [USER, PASSWORD, QUERY, FRAGMENT] = SECRETS;
/** As they stand in an Authorization header, too. */
const FORMS = [...SECRETS, Buffer.from(`${USER}:${PASSWORD}`).toString('base64').replace(/=+$/, '')];

const DOCUMENT = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Guarded', version: '1' },
  servers: [{ url: '' }, { url: 'v1' }, { url: '?x=1' }],
  paths: {
    '/a': { get: { operationId: 'getA', responses: { 200: { $ref: 'parts.json#/ok' } } } },
    '/b': { get: { operationId: 'getB', responses: { 200: { $ref: 'missing.json#/ok' } } } },
    '/c': { servers: [{ url: 'own' }], get: { operationId: 'getC', responses: { 200: { description: 'ok' } } } },
  },
});
const OVERLAY = JSON.stringify({
  overlay: '1.0.0',
  info: { title: 'x', version: '1' },
  actions: [{ target: '$.info', update: { description: 'Amended' } }],
});

let server: Server;
let host: string;
const seen: { url: string; authorization: string | undefined }[] = [];
beforeAll(async () => {
  server = createServer(({ url = '', headers }, response) => {
    seen.push({ url, authorization: headers.authorization });
    const [path] = url.split('?');
    if (path === '/moved.json') return void response.writeHead(302, { location: `/openapi.json?token=${QUERY}` }).end();
    const text = { '/openapi.json': DOCUMENT, '/parts.json': '{"ok":{"description":"ok"}}', '/overlay.json': OVERLAY };
    const found = Object.entries(text).find(([name]) => name === path)?.[1];
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json', etag: '"1"' });
    response.end(found ?? 'not here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-url-secrets-'));
  mkdirSync(join(folder, 'work'));
  seen.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const secretUrl = (path = '/openapi.json') => `http://${USER}:${PASSWORD}@${host}${path}?token=${QUERY}#${FRAGMENT}`;

/** The texts and names of every file below the test's folder. */
function everythingWritten(): string {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name + readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

const leaked = (text: string) => FORMS.filter((secret) => text.includes(secret));

async function run(...args: readonly string[]): Promise<{ text: string }> {
  const env = { HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') };
  const { stdout, stderr } = await ended(args, { cwd: join(folder, 'work'), env });
  return { text: stdout + stderr };
}

describe('a secret in the address of a document', () => {
  test.each([
    ['inspect', []],
    ['inspect --json', ['--json', '--allow-remote-refs']],
    ['run --dry-run', ['--log-level', 'debug']],
    ['run --dry-run --json', []],
    ['lint', []],
    ['lint --format sarif', ['--allow-remote-refs']],
    ['list', []],
    ['generate --out project', ['--json']],
    ['generate --out project --dry-run', ['--allow-remote-refs']],
  ])('is in no word of %s, and in no file', async (command, more) => {
    const [name = '', ...flags] = command.split(' ');
    const { text } = await run(name, secretUrl(), ...flags, ...more);
    expect(seen[0]).toMatchObject({
      url: `/openapi.json?token=${QUERY}`,
      authorization: expect.stringMatching(/^Basic /),
    });
    expect(text).toContain(name === 'list' || name === 'lint' ? 'getC' : 'Guarded');
    expect(leaked(text)).toEqual([]);
    expect(leaked(everythingWritten())).toEqual([]);
  });

  test.each([
    ['an overlay', () => ['inspect', `http://${host}/openapi.json`, '--overlay', secretUrl('/overlay.json')]],
    [
      'an overlay that is missing',
      () => ['inspect', `http://${host}/openapi.json`, '--overlay', secretUrl('/no.json')],
    ],
    ['a status', () => ['inspect', secretUrl('/no.json')]],
    ['a status, as JSON', () => ['inspect', secretUrl('/no.json'), '--json']],
    ['an address that nobody listens at', () => ['inspect', secretUrl().replace(host, '127.0.0.1:1')]],
    ['a scheme that is not read', () => ['inspect', secretUrl().replace('http:', 'ftp:')]],
    ['a slash too few', () => ['inspect', secretUrl().replace('//', '/')]],
    ['an invalid port', () => ['inspect', secretUrl().replace(host, 'host:port')]],
    ['a question mark in the password', () => ['lint', secretUrl().replace(':passw', ':x?passw')]],
    ['several targets', () => ['inspect', `a=${secretUrl()}`, `b=${secretUrl('/no.json')}`]],
    // What it says to write next has the fragment, which is sent nowhere.
    ['a call', () => ['call', secretUrl().replace(/#.*/, ''), 'getD']],
    ['a config', () => ['inspect', 'openapi-mcp.config.json']],
    ['a redirect to an address with a token', () => ['inspect', `http://${host}/moved.json`]],
  ])('is not shown by %s', async (_, args) => {
    const spec = secretUrl('/no.json');
    writeFileSync(join(folder, 'work/openapi-mcp.config.json'), JSON.stringify({ apis: { a: { spec } } }));
    const { text } = await run(...args());
    rmSync(join(folder, 'work/openapi-mcp.config.json'));
    expect(text).not.toBe('');
    expect(leaked(text)).toEqual([]);
    expect(leaked(everythingWritten())).toEqual([]);
  });

  test('leaves nothing in the cache, not even a name, and the document is fetched again', async () => {
    const cacheDirectory = join(folder, 'models');
    const options = { environment: { XDG_CACHE_HOME: cacheDirectory } };
    for (let time = 1; time <= 2; time++) {
      const { provider, keep } = (await openApi(secretUrl(), options)) as Awaited<ReturnType<typeof openApi>> & {
        keep?: () => Promise<void>;
      };
      await keep?.();
      await provider.close();
      expect(seen.filter(({ url }) => url.startsWith('/openapi.json'))).toHaveLength(time);
    }
    expect(everythingWritten()).toBe('');
  });

  test('is not what relative servers and the emitted model are made of', async () => {
    const { model, provider, serverUrl } = await openApi(secretUrl(), { cache: false });
    expect(model.documentUrl).toBe(`http://${host}/openapi.json`);
    expect(serverUrl).toBe(`http://${host}/openapi.json`);
    expect(leaked(JSON.stringify(model))).toEqual([]);
    await provider.close();
  });
});

test('a document whose address has no secret is still kept', async () => {
  await run('inspect', `http://${host}/openapi.json`);
  expect(everythingWritten()).toContain('Guarded');
});
