import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type McpClient } from 'openapi-mcp/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Started, start } from '../started.test.fixture.ts';

let folder: string;
/** Serves the document at `/openapi.json`, and is the API: every other request gets its path back. */
let api: Server;
let origin: string;
let document: { body: string; etag: string };
let fetched: number[];
let running: Started | undefined;
const clients: McpClient[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-refresh-'));
  fetched = [];
  api = createServer((request, response) => {
    if (request.url !== '/openapi.json') {
      setTimeout(() => response.writeHead(200, { 'Content-Type': 'text/plain' }).end(request.url), 5);
      return;
    }
    const status = request.headers['if-none-match'] === document.etag ? 304 : 200;
    fetched.push(status);
    response.writeHead(status, { 'Content-Type': 'application/json', ETag: document.etag });
    response.end(status === 200 ? document.body : undefined);
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  running?.kill('SIGKILL');
  running = undefined;
  api.closeAllConnections();
  api.close();
  rmSync(folder, { recursive: true });
});

const get = (operationId: string) => ({ get: { operationId, responses: { 200: { description: 'ok' } } } });
/** Publishes a document with these operations. */
function publish(...operationIds: readonly string[]): void {
  const paths = Object.fromEntries(operationIds.map((name) => [`/${name}/{id}`, withId(get(name))]));
  publishText(
    JSON.stringify({ openapi: '3.1.0', info: { title: 'Shop', version: '1' }, servers: [{ url: origin }], paths }),
  );
}
const withId = ({ get }: { readonly get: object }) => ({
  get: { ...get, parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] },
});
function publishText(body: string): void {
  document = { body, etag: `"${Math.random()}"` };
}

const env = () => ({ HOME: folder, XDG_CACHE_HOME: folder });
async function serve(...args: readonly string[]) {
  running = start(['run', ...args, '--transport', 'http', '--port', '0'], { cwd: folder, env: env() });
  await running.said('/mcp');
  return /http:\/\/127.0.0.1:\d+\/mcp/.exec(running.stderr())?.[0] ?? '';
}
const said = (text: string | RegExp) =>
  vi.waitFor(() => expect(running?.stderr()).toMatch(text), { timeout: 10_000, interval: 20 });
async function client(url: string, mode: 'auto' | 'legacy') {
  let changes = 0;
  const opened = await connect(url, {
    mode,
    onChange: (list) => {
      if (list === 'tools') changes += 1;
    },
  });
  clients.push(opened);
  return { opened, changes: () => changes };
}

test('ten changes of the document under load: no call fails, and clients of both eras hear of each', async () => {
  publish('stable');
  const url = await serve(`${origin}/openapi.json`, '--refresh', '0.1');
  const callers = await Promise.all((['auto', 'auto', 'legacy', 'legacy'] as const).map((mode) => client(url, mode)));
  let [isOver, calls] = [false, 0];
  const load = callers.map(async ({ opened }, caller) => {
    for (let turn = 0; !isOver; turn++) {
      const { content, isError } = await opened.callTool('stable', { id: `${caller}-${turn}` });
      expect(isError).not.toBe(true);
      expect(content).toMatchObject([{ text: `/stable/${caller}-${turn}` }]);
      calls += 1;
    }
  });
  for (let version = 1; version <= 10; version++) {
    publish('stable', `version${version}`);
    await said(new RegExp(`tool "version${version}": It is new`, 'i'));
    await vi.waitFor(() =>
      expect(Math.min(...callers.map(({ changes }) => changes()))).toBeGreaterThanOrEqual(version),
    );
    for (const { opened } of callers)
      expect((await opened.listTools()).map(({ name }) => name)).toEqual(['stable', `version${version}`]);
  }
  isOver = true;
  await Promise.all(load);
  expect(calls).toBeGreaterThan(100);
  expect(running?.stderr()).toContain('! tool "version9": It no longer exists.');
  expect(fetched).toContain(304);
});

test.each([
  ['no JSON or YAML', () => publishText('{"openapi": "3.1.0", '), /The last version that worked is served on\./],
  ['no operations', () => publish(), /The document no longer has an operation that can be served\./],
])('a document with %s changes nothing, and is reported once', async (_, spoil, report) => {
  publish('stable');
  const url = await serve(`${origin}/openapi.json`, '--refresh', '0.1');
  const { opened, changes } = await client(url, 'auto');
  spoil();
  await said(report);
  const before = fetched.length;
  await vi.waitFor(() => expect(fetched.length).toBeGreaterThan(before + 4), { timeout: 5_000 });
  expect(running?.stderr().match(/The last version that worked is served on\./g)).toHaveLength(1);
  expect(await opened.callTool('stable', { id: '1' })).toMatchObject({ content: [{ text: '/stable/1' }] });
  expect(changes()).toBe(0);
  publish('stable', 'next');
  await said('Reloaded: ');
  expect((await opened.listTools()).map(({ name }) => name)).toEqual(['stable', 'next']);
});

test('search mode and a composite follow, and say which document has changed', async () => {
  publish('listPets');
  writeFileSync(join(folder, 'own.json'), document.body.replace('listPets', 'own'));
  const config = { apis: { shop: { spec: `${origin}/openapi.json`, refresh: 0.1 }, own: { spec: 'own.json' } } };
  writeFileSync(join(folder, 'openapi-mcp.config.json'), JSON.stringify(config));
  const url = await serve('openapi-mcp.config.json', '--mode', 'search', '--json');
  const { opened } = await client(url, 'auto');
  publish('listPets', 'findInvoices');
  await said('"reloaded"');
  const lines = running
    ?.stderr()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines?.at(-1)).toEqual({
    reloaded: {
      namespace: 'shop',
      breaking: 0,
      changes: [
        { code: 'TOOL_ADDED', subject: 'tool "findInvoices"', message: 'It is new.', breaks: [] },
        expect.objectContaining({ code: 'RESOURCE_ADDED' }),
      ],
    },
  });
  const { content } = await opened.callTool('search_tools', { query: 'find invoices' });
  expect(JSON.stringify(content)).toContain('shop_findInvoices');
});

test('a file is refreshed as well; a document from stdin cannot be', async () => {
  publish('listPets');
  writeFileSync(join(folder, 'api.json'), document.body);
  const url = await serve('api.json', '--refresh', '0.1');
  const { opened } = await client(url, 'auto');
  publish('addPet');
  writeFileSync(join(folder, 'api.json'), document.body);
  await said('Reloaded: 3 changes, 2 breaking.');
  expect((await opened.listTools()).map(({ name }) => name)).toEqual(['addPet']);
  const refused = start(['run', '-', '--transport', 'http', '--port', '0', '--refresh', '1'], { env: env() });
  refused.stdin.end(document.body);
  expect(await refused.ended).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('A document from stdin (-) cannot be refreshed.'),
  });
});
