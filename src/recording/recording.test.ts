import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { json, type Loopback, loopback } from '../loopback.test.fixture.ts';
import { openApi, type ProxyOptions } from '../proxy.ts';
import { callContext } from '../runtime/call-context.ts';

const KEY = 'key-of-the-shop-123';
const COOKIE = 'session-abcdef';
let api: Loopback;
let folder: string;
let count = 0;

beforeAll(async () => {
  api = await loopback((request, response) => {
    const { pathname } = new URL(request.url, 'http://x');
    if (pathname === '/count') return json(response, { count: ++count });
    if (pathname === '/echo')
      return json(
        response,
        { url: request.url, key: request.headers['x-key'] },
        { headers: { 'set-cookie': `sid=${COOKIE}; Path=/` } },
      );
    if (pathname === '/zip')
      return response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(gzipSync(JSON.stringify({ key: request.headers['x-key'], text: 'x'.repeat(200) })));
    if (pathname === '/login')
      return json(response, { access_token: 'issued-1', keys: [{ secret: ['issued-2'] }], id: 7 });
    if (pathname === '/bytes') return response.writeHead(200, { 'content-type': 'application/x-raw' }).end(BYTES);
    if (pathname === '/old') return response.writeHead(302, { location: '/new?from=old' }).end();
    if (pathname === '/new') return json(response, { arrived: request.url });
    if (pathname === '/notes') return json(response, { got: request.body.includes('hello') }, { status: 201 });
    if (pathname === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"n":1}\n\n');
      return setTimeout(() => response.end('data: {"n":2}\n\n'), 100);
    }
    return json(response, { title: 'No such thing' }, { status: 404 });
  });
});
afterAll(() => api.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-recording-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const BYTES = Buffer.from([0, 255, 1, 254]);

const get = (operationId: string, parameters: readonly unknown[] = []) => ({
  get: { operationId, parameters, responses: { 200: { description: 'ok' } } },
});

const document = ({ title = 'Shop', server = api.url } = {}) => ({
  openapi: '3.1.0',
  info: { title, version: '1' },
  servers: [{ url: server }],
  components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
  security: [{ key: [] }],
  paths: {
    '/count': get('count'),
    '/echo': get('echo', [{ name: 'q', in: 'query', schema: { type: 'string' } }]),
    '/zip': get('zip'),
    '/bytes': get('bytes'),
    '/old': get('old'),
    '/events': get('events'),
    '/missing': get('missing'),
    '/notes': {
      post: {
        operationId: 'addNote',
        requestBody: { content: { 'multipart/form-data': { schema: { properties: { text: { type: 'string' } } } } } },
        responses: { 201: { description: 'ok' } },
      },
    },
  },
});

async function session(options: ProxyOptions, source: Record<string, unknown> = document()) {
  const { provider } = await openApi(source, { environment: {}, ...options });
  return {
    call: (name: string, args: Record<string, unknown> = {}) =>
      provider.callTool({ name, arguments: args }, callContext()),
    close: () => provider.close(),
  };
}

const recording = () => session({ record: folder, auth: { key: KEY } });
const replaying = () => session({ replay: folder });
const files = () => readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

/** The same calls with the API, then from what was recorded. */
async function both(calls: readonly (readonly [name: string, args?: Record<string, unknown>])[]) {
  const [live, again] = [await recording(), [] as unknown[]];
  const first: unknown[] = [];
  for (const [name, args] of calls) first.push(await live.call(name, args));
  await live.close();
  const sent = api.requests.length;
  const replayed = await replaying();
  for (const [name, args] of calls) again.push(await replayed.call(name, args));
  await replayed.close();
  expect(api.requests.length).toBe(sent);
  return { first, again };
}

describe('what is recorded is replayed', () => {
  test.each([
    ['json', [['echo', { q: 'a b' }]]],
    ['compressed', [['zip']]],
    ['bytes', [['bytes']]],
    ['an error', [['missing']]],
    ['a redirect', [['old']]],
    ['a stream', [['events']]],
    ['a multipart body, whose boundary differs', [['addNote', { text: 'hello' }]]],
  ] as const)('%s', async (_, calls) => {
    const { first, again } = await both(calls as never);
    expect(again).toEqual(first);
  });

  test('several responses to one request in their order, then the last one again', async () => {
    const live = await recording();
    for (let round = 0; round < 3; round++) await live.call('count');
    await live.close();
    const replayed = await replaying();
    const counts: unknown[] = [];
    for (let round = 0; round < 4; round++) counts.push((await replayed.call('count')).structuredContent);
    expect(counts).toEqual([count - 2, count - 1, count, count].map((each) => ({ count: each })));
    expect(files()).toHaveLength(1);
  });

  test('with another base URL, because a recording belongs to the document', async () => {
    const other = document({ server: 'https://api.shop.example/v1' });
    const live = await session({ record: folder, baseUrl: api.url, auth: { key: KEY } }, other);
    const first = await live.call('echo', { q: 'x' });
    await live.close();
    const replayed = await session({ replay: folder }, other);
    expect(await replayed.call('echo', { q: 'x' })).toEqual(first);
  });
});

test('a file is readable, private, and has no secret in it', async () => {
  const live = await recording();
  await live.call('echo', { q: 'a' });
  await live.call('zip');
  await live.close();
  expect(api.requests.at(-1)?.headers['x-key']).toBe(KEY);
  const all = files();
  expect(all.map(({ name }) => name.replace(/-[\da-f]{12}\.json$/, ''))).toEqual(['get-echo', 'get-zip']);
  for (const { name, text } of all) {
    expect(text).not.toContain(KEY);
    expect(text).not.toContain(Buffer.from(KEY).toString('base64'));
    expect(text).not.toContain(COOKIE);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  }
  expect(JSON.parse(all[0]?.text ?? '')).toMatchObject({
    format: 'openapi-mcp recording 1',
    document: { title: 'Shop', version: '1', server: api.url },
    request: { method: 'GET', url: '/echo?q=a' },
    responses: [{ status: 200, body: { json: { url: '/echo?q=a', key: '[credential]' } } }],
  });
});

test.each(['query', 'cookie', 'header'])(
  'a key in the %s is not in the files, and not needed for a replay',
  async (place) => {
    const scheme = { type: 'apiKey', in: place, name: 'secret_key' };
    const source = { ...document(), components: { securitySchemes: { key: scheme } } };
    const live = await session({ record: folder, auth: { key: KEY } }, source);
    const first = await live.call('echo', { q: 'a' });
    await live.close();
    expect(JSON.stringify(api.requests.at(-1))).toContain(KEY);
    expect(
      files()
        .map(({ text }) => text)
        .join(),
    ).not.toContain(KEY);
    const replayed = await session({ replay: folder }, source);
    expect(await replayed.call('echo', { q: 'a' })).toEqual(first);
  },
);

test.each(['application/json', 'application/x-www-form-urlencoded'])(
  'a password that is sent as %s and the token that the API issues for it are not in the files',
  async (type) => {
    const schema = { type: 'object', properties: { user: { type: 'string' }, password: { type: 'string' } } };
    const requestBody = { content: { [type]: { schema } } };
    const source = {
      ...document(),
      paths: { '/login': { post: { operationId: 'login', requestBody, responses: { 200: { description: 'ok' } } } } },
    };
    const given = { user: 'ada', password: 'hunter2' };
    const live = await session({ record: folder, auth: { key: KEY } }, source);
    expect((await live.call('login', given)).structuredContent).toMatchObject({ access_token: 'issued-1' });
    await live.close();
    expect(api.requests.at(-1)?.body).toContain('hunter2');
    const [file] = files();
    expect(file?.text).toContain('ada');
    expect(file?.text).not.toMatch(/hunter2|issued-/);
    const replayed = await session({ replay: folder }, source);
    expect((await replayed.call('login', given)).structuredContent).toEqual({
      access_token: '[credential]',
      keys: [{ secret: ['[credential]'] }],
      id: 7,
    });
  },
);

test('a token that the API rejected leaves no response: only the retry is recorded', async () => {
  let issued = 0;
  const server = await loopback(({ url, headers }, response) => {
    if (url === '/token') return json(response, { access_token: `token-number-${++issued}`, token_type: 'Bearer' });
    const isCurrent = headers.authorization === 'Bearer token-number-2';
    return isCurrent ? json(response, { ok: true }) : json(response, {}, { status: 401 });
  });
  const flows = { clientCredentials: { tokenUrl: `${server.url}/token`, scopes: {} } };
  const source = {
    ...document({ server: server.url }),
    components: { securitySchemes: { key: { type: 'oauth2', flows } } },
  };
  const environment = { OAUTH_CLIENT_ID_KEY: 'a', OAUTH_CLIENT_SECRET_KEY: 'secret-of-client' };
  const live = await session({ record: folder, environment }, source);
  expect((await live.call('count')).structuredContent).toEqual({ ok: true });
  await live.close();
  await server.close();
  const [file] = files();
  expect(JSON.parse(file?.text ?? '').responses).toMatchObject([{ status: 200 }]);
  expect(file?.text).not.toMatch(/token-number|secret-of-client/);
  const replayed = await session({ replay: folder }, source);
  expect((await replayed.call('count')).structuredContent).toEqual({ ok: true });
});

test('a caller gets a stream as it arrives', async () => {
  const { provider } = await openApi(document(), { environment: {}, record: folder, auth: { key: KEY } });
  const arrived: number[] = [];
  const progress = () => arrived.push(performance.now());
  await provider.callTool({ name: 'events', arguments: {} }, callContext({ progress }));
  await provider.close();
  const [first = 0, second = 0] = arrived;
  expect(second - first).toBeGreaterThan(50);
});

describe('what cannot be replayed', () => {
  test('a request that is not recorded: which one, where, and what to do', async () => {
    const live = await recording();
    await live.call('echo', { q: 'a' });
    await live.close();
    const replayed = await replaying();
    const result = await replayed.call('echo', { q: 'b' });
    expect(result).toMatchObject({ isError: true, _meta: { 'openapi-mcp/http': { error: 'NOT_RECORDED' } } });
    const [text] = result.content;
    expect(text).toMatchObject({
      text: expect.stringContaining(`GET /echo?q=b is not in the recordings of ${folder}`),
    });
    expect(text).toMatchObject({ text: expect.stringContaining('Recorded: GET /echo?q=a.') });
    expect(text).toMatchObject({ text: expect.stringContaining(`--record ${folder}`) });
  });

  test('a request that is recorded with other bodies only, however many there are of other URLs', async () => {
    const requestBody = {
      content: { 'application/json': { schema: { type: 'object', properties: { n: { type: 'integer' } } } } },
    };
    const parameters = [{ name: 'q', in: 'query', schema: { type: 'string' } }];
    const post = { operationId: 'note', parameters, requestBody, responses: { 201: { description: 'noted' } } };
    const source = { ...document(), paths: { '/notes': { post } } };
    const live = await session({ record: folder, auth: { key: KEY } }, source);
    for (const q of ['a', 'b', 'c', 'd']) await live.call('note', { q, n: 1 });
    await live.close();
    const replayed = await session({ replay: folder }, source);
    for (const q of ['a', 'd'])
      expect(JSON.stringify(await replayed.call('note', { q, n: 2 }))).toContain('It is recorded with another body.');
  });

  test('recordings of another document', async () => {
    const live = await recording();
    await live.call('count');
    await live.close();
    await expect(session({ replay: folder }, document({ title: 'Zoo' }))).rejects.toThrow(
      `are of "Shop" 1 (${api.url}), but the document is "Zoo" 1 (${api.url})`,
    );
  });

  test.each([
    ['{"format":', 'Unexpected end of JSON input'],
    ['{"format": "other"}', 'it does not have "format"'],
    [
      '{"format": "openapi-mcp recording 1", "document": {"title": "a", "version": "1", "server": null}, "request": {}}',
      '"request" must have',
    ],
    [
      '{"format": "openapi-mcp recording 1", "document": {"title": "a", "version": "1", "server": null}, "request": {"method": "GET", "url": "/"}, "responses": [{"status": "200"}]}',
      '"responses[0]" must have',
    ],
  ])('a file that is not a recording: %s', async (text, want) => {
    const path = join(folder, 'x.json');
    writeFileSync(path, text);
    for (const option of ['replay', 'record'])
      await expect(session({ [option]: folder })).rejects.toThrow(new RegExp(`${path} is not a recording: .*`));
    await expect(session({ replay: folder })).rejects.toThrow(want);
  });

  test('an empty or missing folder', async () => {
    await expect(session({ replay: folder })).rejects.toThrow('has no recordings');
    await expect(session({ replay: join(folder, 'none') })).rejects.toThrow('Cannot read recordings');
  });
});

test('a folder that cannot be written to is an error at the start', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  await expect(session({ record: file })).rejects.toThrow(`Cannot write recordings to ${file}`);
  if (process.getuid?.() === 0) return;
  chmodSync(folder, 0o500);
  await expect(session({ record: folder })).rejects.toThrow('Cannot write recordings');
  chmodSync(folder, 0o700);
});

test.each([
  [{ mock: true, record: 'a' }, '"mock" (--mock) and "record" (--record) exclude each other'],
  [{ record: 'a', replay: 'b' }, '"record" (--record) and "replay" (--replay) exclude each other'],
  [{ mockSeed: 2 }, '"mockSeed" (--mock-seed) has no effect without'],
  [{ mockStatus: 404 }, '"mockStatus" (--mock-status) has no effect without'],
  [{ mock: true, mockSeed: -1 }, 'mockSeed'],
  [{ mock: true, mockStatus: 99 }, 'mockStatus'],
])('%j is refused', async (options, want) => {
  await expect(session(options)).rejects.toThrow(want);
});
