import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectOptions, connect, type McpClient } from 'openapi-mcp/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ended, MAIN, type Started, start } from '../started.test.fixture.ts';

let folder: string;
let api: Server;
let origin: string;
/** Requests to /slow, which have no response yet. */
let waiting: ServerResponse[];
let documents: Map<string, { body: string; etag: string }>;
let fetched: { path: string; status: number }[];
let running: Started | undefined;
const clients: McpClient[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-dev-'));
  [waiting, documents, fetched] = [[], new Map(), []];
  api = createServer((request, response) => {
    const document = documents.get(request.url ?? '');
    if (document) {
      const status = request.headers['if-none-match'] === document.etag ? 304 : 200;
      fetched.push({ path: request.url ?? '', status });
      response.writeHead(status, { 'Content-Type': 'application/json', ETag: document.etag });
      response.end(status === 200 ? document.body : undefined);
    } else if (request.url === '/slow') waiting.push(response);
    else
      response
        .writeHead(200, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ key: request.headers['x-key'] }));
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  running?.kill('SIGKILL');
  api.closeAllConnections();
  api.close();
  rmSync(folder, { recursive: true });
});

const get = (operationId: string, description = operationId) => ({
  get: { operationId, description, responses: { 200: { description: 'ok' } } },
});
const documentOf = (paths: object, more: object = {}) =>
  JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Shop', version: '1' },
    servers: [{ url: origin }],
    paths,
    ...more,
  });
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const env = () => ({ HOME: folder, XDG_CACHE_HOME: folder });

/** Starts `dev` over HTTP. */
async function dev(...args: readonly string[]) {
  running = start(['dev', ...args, '--port', '0'], { cwd: folder, env: env() });
  await running.said('/mcp');
  const url = /http:\S+\/mcp/.exec(running.stderr())?.[0] ?? '';
  const said = (text: string | RegExp) =>
    vi.waitFor(() => expect(running?.stderr()).toMatch(text), { timeout: 10_000, interval: 20 });
  return { url, said, stderr: () => running?.stderr() ?? '' };
}

async function client(target: string | { command: string; args: readonly string[] }, options: ConnectOptions = {}) {
  const settled =
    typeof target === 'string' ? target : { ...target, cwd: folder, env: { ...env(), PATH: process.env.PATH ?? '' } };
  const opened = await connect(settled, options);
  clients.push(opened);
  return opened;
}
const names = async (opened: McpClient) => (await opened.listTools()).map(({ name }) => name).sort();
const textOf = async (opened: McpClient, name: string) => {
  const { content } = await opened.callTool(name, {});
  return content[0]?.type === 'text' ? content[0].text : '';
};

describe('a composite of a document, own tools and a module', () => {
  const CONFIG = { apis: { shop: { spec: 'api.json' } }, modules: { desk: { path: 'desk.ts' } }, setup: 'own.js' };
  const DESK = `import { createServer } from 'openapi-mcp';
import { word } from './word.ts';
const server = createServer({ name: 'desk', version: '1' });
server.tool('say', {}, () => word);
export default server;`;
  beforeEach(() => {
    write('api.json', documentOf({ '/pets': get('listPets'), '/slow': get('waitForIt') }));
    write('openapi-mcp.config.json', JSON.stringify(CONFIG));
    write('own.js', "export default (server) => server.tool('greet', {}, () => 'hello');");
    write('desk.ts', DESK);
    write('word.ts', "export const word = 'one';");
  });

  test('clients of both eras see each edit, and are notified where they can be', async () => {
    const { url, said } = await dev('.');
    const heard: string[] = [];
    const modern = await client(url, { onChange: (change) => heard.push(change) });
    const legacy = await client(url, { mode: 'legacy' });
    expect([modern.protocolVersion, legacy.protocolVersion]).toEqual(['2026-07-28', '2025-11-25']);
    const both = async () => {
      const [one, other] = [await names(modern), await names(legacy)];
      expect(one).toEqual(other);
      return one;
    };
    expect(await both()).toEqual(['desk_say', 'greet', 'shop_listPets', 'shop_waitForIt']);

    // The document.
    write('api.json', documentOf({ '/pets': get('listAnimals') }));
    await vi.waitFor(() => expect(heard).toContain('tools'), { timeout: 10_000 });
    expect(await both()).toEqual(['desk_say', 'greet', 'shop_listAnimals']);
    await said(/! tool "shop_listPets": It is now "shop_listAnimals"\./);

    // Broken: the last version that worked is served on, and the reason is printed once.
    write('api.json', '');
    await said(/error: shop: The document is empty\.[\s\S]*The last version that worked is served on\./);
    expect(await both()).toEqual(['desk_say', 'greet', 'shop_listAnimals']);

    // Fixed.
    write('api.json', documentOf({ '/pets': get('listPets') }));
    await vi.waitFor(async () => expect(await both()).toContain('shop_listPets'), { timeout: 10_000 });

    // The config.
    write('openapi-mcp.config.json', JSON.stringify({ ...CONFIG, apis: { store: { spec: 'api.json' } } }));
    await vi.waitFor(async () => expect(await both()).toContain('store_listPets'), { timeout: 10_000 });
    write('openapi-mcp.config.json', '{ "apis": { "store": { "spek": "api.json" } } }');
    await said(/apis\.store\.spek/);
    write('openapi-mcp.config.json', JSON.stringify(CONFIG));
    await vi.waitFor(async () => expect(await both()).toContain('shop_listPets'), { timeout: 10_000 });

    // A module, through what it imports, and the setup.
    expect(await textOf(legacy, 'desk_say')).toBe('one');
    write('word.ts', "export const word = 'two';");
    await vi.waitFor(async () => expect(await textOf(legacy, 'desk_say')).toBe('two'), { timeout: 10_000 });
    write('own.js', "export default (server) => server.tool('salute', {}, () => 'hello');");
    await vi.waitFor(async () => expect(await both()).toContain('salute'), { timeout: 10_000 });
    write('word.ts', 'export const word = ;');
    await said(/error: desk: .*word\.ts/);
    expect(await textOf(modern, 'desk_say')).toBe('two');
  }, 60_000);

  test('a call that is running when a reload comes gets its result', async () => {
    const { url, said } = await dev('.');
    const opened = await client(url);
    const call = opened.callTool('shop_waitForIt', {});
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    write('api.json', documentOf({ '/pets': get('listPets') }));
    await said(/tool "shop_waitForIt"/);
    expect(await names(opened)).not.toContain('shop_waitForIt');
    waiting[0]?.writeHead(200, { 'Content-Type': 'application/json' }).end('{"late":true}');
    expect((await call).content).toEqual([{ type: 'text', text: '{"late":true}' }]);
  }, 30_000);
});

test('over stdio, clients of both eras are notified', async () => {
  write('api.json', documentOf({ '/pets': get('listPets') }));
  const heard: string[] = [];
  const command = { command: process.execPath, args: [MAIN, 'dev', 'api.json', '--transport', 'stdio', '--quiet'] };
  await client(command, { mode: 'legacy', onChange: (change) => heard.push(`legacy ${change}`) });
  await client(command, { onChange: (change) => heard.push(`modern ${change}`) });
  write('api.json', documentOf({ '/pets': get('listAnimals') }));
  const told = () => expect(heard).toEqual(expect.arrayContaining(['legacy tools', 'modern tools']));
  await vi.waitFor(told, { timeout: 10_000 });
}, 30_000);

test('a file that the document refers to is watched, and so are overlays', async () => {
  write('api.json', documentOf({ '/pets': { $ref: './pets.json' } }));
  write('pets.json', JSON.stringify(get('listPets')));
  const overlay = (description: string) =>
    JSON.stringify({
      overlay: '1.0.0',
      info: { title: 'o', version: '1' },
      actions: [{ target: '$.paths.*.get', update: { description } }],
    });
  write('overlay.json', overlay('first'));
  const { url } = await dev('api.json', '--overlay', 'overlay.json');
  const opened = await client(url);
  write('pets.json', JSON.stringify(get('listAnimals')));
  await vi.waitFor(async () => expect(await names(opened)).toEqual(['listAnimals']), { timeout: 10_000 });
  write('overlay.json', overlay('second'));
  await vi.waitFor(async () => expect((await opened.listTools())[0]?.description).toBe('second'), { timeout: 10_000 });
}, 30_000);

test('a document at a URL is polled with its ETag', async () => {
  documents.set('/openapi.json', { body: documentOf({ '/pets': get('listPets') }), etag: '"1"' });
  const { url, said } = await dev(`${origin}/openapi.json`, '--poll', '1', '--no-cache');
  const opened = await client(url);
  await vi.waitFor(() => expect(fetched.map(({ status }) => status)).toEqual([200, 304]), { timeout: 10_000 });
  documents.set('/openapi.json', { body: documentOf({ '/pets': get('listAnimals') }), etag: '"2"' });
  await vi.waitFor(async () => expect(await names(opened)).toEqual(['listAnimals']), { timeout: 10_000 });
  documents.clear();
  documents.set('/openapi.json', { body: 'not found', etag: '"3"' });
  await said(/error: .*[\s\S]*The last version that worked is served on\./);
  expect(await names(opened)).toEqual(['listAnimals']);
}, 30_000);

test('a document that disappears is reported once, and found again', async () => {
  write('api.json', documentOf({ '/pets': get('listPets') }));
  const { url, said, stderr } = await dev('api.json');
  renameSync(join(folder, 'api.json'), join(folder, 'away.json'));
  await said(/error: The file does not exist\.\n {2}in: api\.json/);
  // Longer than the time between two retries.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(stderr().match(/does not exist/g)).toHaveLength(1);
  const opened = await client(url);
  expect(await names(opened)).toEqual(['listPets']);
  renameSync(join(folder, 'away.json'), join(folder, 'api.json'));
  await said('Reloaded.');
}, 30_000);

test('a new problem of the document is printed, with its fix', async () => {
  write('api.json', documentOf({ '/pets': get('listPets') }));
  const { said } = await dev('api.json');
  write(
    'api.json',
    documentOf({
      '/pets': get('listPets'),
      '/a': { get: { operationId: 'a', parameters: [{ $ref: '#/x' }], responses: {} } },
    }),
  );
  await said(/UNRESOLVED_REF[\s\S]*#\/paths\/~1a\/get\/parameters\/0/);
}, 30_000);

test('every call is a line; --verbose shows the request, without secrets', async () => {
  const security = {
    components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
    security: [{ key: [] }],
  };
  write('api.json', documentOf({ '/pets': get('listPets') }, security));
  const { url, said, stderr } = await dev('api.json', '--verbose', '--auth', 'key=very-secret');
  const opened = await client(url);
  await opened.callTool('listPets', {});
  await said(/^tools\/call listPets ok {2}GET http:\/\/127\.0\.0\.1:\d+\/pets 200 {2}\d+ ms {2}\d+ tokens$/m);
  await said(/^ {2}> X-Key: \[(?:credential|redacted)\]$/m);
  await said(/^ {2}result .*(?:credential|redacted)/m);
  expect(stderr()).not.toContain('very-secret');
}, 30_000);

test('--json prints calls and reloads as JSON', async () => {
  write('api.json', documentOf({ '/pets': get('listPets') }));
  const { url, said, stderr } = await dev('api.json', '--json');
  await (await client(url)).callTool('listPets', {});
  write('api.json', documentOf({ '/pets': get('listAnimals') }));
  await said('"reloaded"');
  const lines = stderr()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toContainEqual(expect.objectContaining({ method: 'tools/call', target: 'listPets', ended: 'ok' }));
  expect(lines.at(-1).reloaded.breaking).toBe(1);
}, 30_000);

test.each([
  [['dev', '-'], 2, 'A document from stdin (-) cannot be watched.'],
  [['dev', 'nothing.yaml'], 1, 'The file does not exist.'],
  [['dev', 'api.json', '--auth', 'https://issuer.example'], 2, '--auth <provider> has no effect with dev'],
  [['dev', 'api.json', '--poll', '0'], 2, 'from 1 to 86400'],
])('%j ends with %i', async (args, code, says) => {
  write('api.json', documentOf({ '/pets': get('listPets') }));
  const outcome = await ended(args, { cwd: folder, env: env() });
  expect(outcome.stderr).toContain(says);
  expect(outcome.code).toBe(code);
});

test('a port that is taken is an error with its remedy', async () => {
  write('api.json', documentOf({ '/pets': get('listPets') }));
  const { port } = api.address() as AddressInfo;
  const outcome = await ended(['dev', 'api.json', '--port', String(port)], { cwd: folder, env: env() });
  expect([outcome.code, outcome.stderr]).toEqual([3, expect.stringContaining('Choose another with --port')]);
});

test('settings of the config that are read at the start only are named', async () => {
  const config = (more: object) => JSON.stringify({ apis: { shop: { spec: 'api.json' } }, ...more });
  write('api.json', documentOf({ '/pets': get('listPets') }));
  write('openapi-mcp.config.json', config({}));
  const { said } = await dev('.');
  write('openapi-mcp.config.json', config({ path: '/other' }));
  await said('Restart dev to apply what has changed in the config: path.');
}, 30_000);
