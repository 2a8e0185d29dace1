import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckReport } from '../../check/index.ts';
import { json, type Loopback, loopback } from '../../loopback.test.fixture.ts';
import { ended } from '../started.test.fixture.ts';

let folder: string;
let api: Loopback;

const get = (operationId: string, security: readonly unknown[] = []) => ({
  get: {
    operationId,
    security,
    responses: {
      200: {
        description: 'ok',
        content: { 'application/json': { schema: { type: 'object', properties: { id: { type: 'integer' } } } } },
      },
    },
  },
});

function write(name: string, paths: object, server = api.url): string {
  const document = {
    openapi: '3.1.0',
    info: { title: 'Shop', version: '1' },
    servers: [{ url: server }],
    components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
    paths,
  };
  writeFileSync(join(folder, name), JSON.stringify(document));
  return name;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-check-'));
  api = await loopback(({ url, headers }, response) => {
    if (url === '/wrong') return json(response, { id: 'x' });
    if (url === '/secured' && headers['x-key'] === undefined) return json(response, {}, { status: 401 });
    return json(response, { id: 1 });
  });
  write('right.json', { '/right': get('right') });
  write('wrong.json', { '/right': get('right'), '/wrong': get('wrong') });
  write('secured.json', { '/secured': get('secured', [{ key: [] }]) });
  write('refused.json', { '/secured': get('secured') });
  write('down.json', { '/right': get('right') }, 'http://127.0.0.1:9');
  writeFileSync(
    join(folder, 'openapi-mcp.config.json'),
    JSON.stringify({ apis: { a: { spec: 'right.json' }, b: { spec: 'wrong.json' } } }),
  );
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

const run = (...args: string[]) => ended(args, { cwd: folder, env: { HOME: folder, XDG_CACHE_HOME: folder } });
const check = (...args: string[]) => run('check', ...args);

test.each([
  ['right.json', 0, '1 operation checked with 1 request: no contradictions.'],
  ['wrong.json', 1, 'wrong-type  wrong  id'],
  ['down.json', 3, 'right (GET /right): '],
  ['secured.json', 4, 'API_KEY_KEY'],
  ['refused.json', 4, 'The API responded 401: no credential was sent.'],
])('%s ends with %i', async (document, code, shown) => {
  const { code: exit, stdout } = await check(document);
  expect([exit, stdout]).toEqual([code, expect.stringContaining(shown)]);
});

test('--json prints the report, and nothing else', async () => {
  const { code, stdout } = await check('wrong.json', '--json');
  const report: CheckReport = JSON.parse(stdout);
  expect(code).toBe(1);
  expect(report).toEqual({
    contradictions: [
      {
        code: 'wrong-type',
        pointer: '#/paths/~1wrong/get/responses/200/content/application~1json/schema/properties/id',
        tool: 'wrong',
        request: `GET ${api.url}/wrong`,
        place: 'id',
        declared: 'integer',
        seen: 'string "x"',
        count: 1,
      },
    ],
    checked: [
      { tool: 'right', operation: 'GET /right', request: `GET ${api.url}/right`, status: 200 },
      { tool: 'wrong', operation: 'GET /wrong', request: `GET ${api.url}/wrong`, status: 200 },
    ],
    notChecked: [],
    calls: 2,
  });
});

test('several APIs of a config file are checked, by the names of their tools', async () => {
  const { code, stdout } = await check('.', '--json');
  const { contradictions, checked }: CheckReport = JSON.parse(stdout);
  expect(code).toBe(1);
  expect(checked.map(({ tool }) => tool)).toEqual(['a_right', 'b_right', 'b_wrong']);
  expect(contradictions.map(({ tool }) => tool)).toEqual(['b_wrong']);
});

test.each([
  [['right.json', '--args', '{'], 2, '--args is not JSON'],
  [['right.json', '--args', '[]'], 2, '--args is not a JSON object'],
  [['right.json', '--args', '@none.json'], 2, 'none.json'],
  [['right.json', '--args', '{"rigt": 1}'], 2, 'Did you mean "right"?'],
  [['right.json', '--max-calls', '0'], 2, '--max-calls'],
  [['missing.json'], 1, 'missing.json'],
  [['mcp+http://127.0.0.1:9/mcp'], 3, 'cannot be reached'],
])('%j ends with %i', async (args, code, shown) => {
  const { code: exit, stdout, stderr } = await check(...args);
  expect([exit, stdout, stderr]).toEqual([code, '', expect.stringContaining(shown)]);
});

describe('work without the API', () => {
  test('a call is recorded, then replayed without the API and without a credential', async () => {
    const live = await run('call', 'right.json', 'right', '--json', '--record', 'tapes');
    expect([live.code, live.stderr]).toEqual([0, expect.stringContaining('recorded in tapes')]);
    expect(readdirSync(join(folder, 'tapes'))).toEqual([expect.stringMatching(/^get-right-[\da-f]{12}\.json$/)]);
    const sent = api.requests.length;
    const again = await run('call', 'right.json', 'right', '--json', '--replay', 'tapes');
    expect([again.code, again.stdout]).toEqual([0, live.stdout]);
    expect(api.requests.length).toBe(sent);
  });

  test('--mock needs no credential', async () => {
    const sent = api.requests.length;
    const { code, stdout } = await run('call', 'secured.json', 'secured', '--mock');
    expect([code, JSON.parse(stdout)]).toEqual([0, { id: expect.any(Number) }]);
    expect(api.requests.length).toBe(sent);
  });

  test('the start report says that responses are made up, and asks for no credential', async () => {
    const { stdout } = await run('run', 'secured.json', '--mock', '--mock-seed', '4', '--dry-run', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      credentials: [],
      serverUrl: null,
      notices: ['Responses are made up from the document (mock, seed 4). No request is sent to the API.'],
    });
  });

  test.each([
    [['--mock', '--record', 'x'], '"mock" (--mock) and "record" (--record) exclude each other'],
    [['--mock', '--replay', 'x'], '"mock" (--mock) and "replay" (--replay) exclude each other'],
    [['--record', 'x', '--replay', 'x'], '"record" (--record) and "replay" (--replay) exclude each other'],
    [['--mock-status', '404'], 'has no effect without "mock" (--mock)'],
    [['--mock', '--mock-status', '20'], '--mock-status'],
    [['--mock', '--mock-seed', 'x'], '--mock-seed'],
    [['--replay', 'none'], 'Cannot read recordings from none'],
    [['--record', 'right.json'], 'Cannot write recordings to right.json'],
  ])('call %j is a usage error', async (flags, shown) => {
    const { code, stdout, stderr } = await run('call', 'right.json', 'right', ...flags);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(shown)]);
  });
});
