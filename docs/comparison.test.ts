import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './shell.test.fixture.ts';

// docs/comparison.md is what `npm run compare -- --write` writes: every heading, sentence, row and column, whatever the
// numbers of the run are.

interface Peer {
  readonly name: string;
  readonly title: string;
  readonly generate?: unknown;
}

const script = (name: string) => import(join(ROOT, 'scripts/compare', name));
const { pageOf } = await script('page.mjs');
const { PEERS } = (await script('peers.mjs')) as { PEERS: readonly Peer[] };
const { GROUPS } = await script('cases.mjs');
const page = readFileSync(join(ROOT, 'docs/comparison.md'), 'utf8');

/** The peers that the page has. */
const shown = PEERS.filter(({ title }) => page.includes(`\n| ${title} |`));

/** Without what a run measures: the cells of tables but the first of each row, and numbers in sentences. */
const shapeOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => !/ is left out: /.test(line))
    .map((line) => (/^\| (?!---)/.test(line) && !isHeading(line) ? `| ${line.split(' | ')[0]?.slice(2)} | …` : line))
    .map((line) => (line.startsWith('|') || line.startsWith('#') ? line : line.replace(/v?\d[\d.-]*/g, 'N')))
    .filter((line, index, lines) => line !== '' || lines[index - 1] !== '');

const isHeading = (line: string): boolean => /^\| (?:peer|exact requests|start|list|call|generator|case) \|/.test(line);

test('the page is what the command writes', () => {
  const report = {
    date: '2026-01-01',
    node: 'v20.0.0',
    operations: 400,
    left: [],
    peers: shown.map((peer) => ({
      ...peer,
      version: '1.0.0',
      isGenerator: peer.generate !== undefined,
      wire: {},
      documents: {},
      calls: { failed: 'not measured' },
    })),
  };
  expect(shapeOf(page)).toEqual(shapeOf(pageOf(report)));
});

test('the page has openapi-mcp, most peers, and every case with the section that requires its request', () => {
  expect(shown.map(({ name }) => name)).toEqual(expect.arrayContaining(['openapi-mcp', 'openapi-mcp-generate']));
  expect(shown.length).toBeGreaterThan(5);
  const cases = GROUPS.flatMap((group: { cases: { id: string; section: string }[] }) => group.cases);
  expect(cases.length).toBeGreaterThan(100);
  for (const { id, section } of cases) {
    expect(section).toMatch(/OpenAPI 3|Swagger 2\.0|RFC \d+/);
    expect(page).toContain(`| \`${id}\` | ${section} |`);
  }
});

const { faultOf } = await script('judge.mjs');
const { argumentsOf, toolOf } = await script('arguments.mjs');

const request = (query: string, more: object = {}) => ({
  method: 'GET',
  path: '/q',
  query,
  headers: {},
  body: Buffer.from(''),
  ...more,
});
const expecting = (sent: object) => ({ id: 'q', sent });

test.each([
  ['color=a%20b', 'color=a+b'],
  ['color=%5B1%5D', 'color=[1]'],
  ['color=%C3%A9', 'color=%c3%a9'],
  ['a=1&b=2', 'b=2&a=1'],
  ['color=a/b', 'color=a%2Fb'],
])('a server reads %s and %s alike', (wanted, sent) => {
  expect(faultOf(expecting({ query: wanted }), request(sent))).toBeUndefined();
});

test.each([
  ['color=a,b', 'color=a%2Cb'],
  ['color=a%26b', 'color=a&b'],
  ['color=1&color=2', 'color=2&color=1'],
  ['color=a%2520b', 'color=a%20b'],
  ['', 'color='],
])('a server does not read %s and %s alike', (wanted, sent) => {
  expect(faultOf(expecting({ query: wanted }), request(sent))).toContain('query: ');
});

test('the parts of a body are compared by name, type and content, and files by their bytes', () => {
  const body = (type: string, name = '') =>
    `--B\r\nContent-Disposition: form-data; name="a"${name}\r\nContent-Type: ${type}\r\n\r\nhi\r\n--B--\r\n`;
  const sent = (text: string) =>
    request('', { headers: { 'content-type': 'multipart/form-data; boundary=B' }, body: Buffer.from(text) });
  const field = expecting({ type: 'multipart/form-data', parts: [{ name: 'a', type: 'text/plain', text: 'hi' }] });
  const upload = expecting({ type: 'multipart/form-data', parts: [{ name: 'a', isFile: true, text: 'hi' }] });
  expect(faultOf(field, sent(body('text/plain; charset=utf-8')))).toBeUndefined();
  expect(faultOf(field, sent(body('text/csv')))).toContain('parts: ');
  expect(faultOf(upload, sent(body('text/plain', '; filename="a.txt"')))).toBeUndefined();
  expect(faultOf(upload, sent(body('text/plain')))).toContain('parts: ');
});

const object = (properties: object) => ({ type: 'object', properties });
const text = { type: 'string' };

test.each([
  ['flat', object({ id: text, name: text }), { id: 'p', name: 'n' }],
  ['with locations in names', object({ path_id: text, body_name: text }), { path_id: 'p', body_name: 'n' }],
  [
    'in groups',
    object({ pathParams: object({ id: text }), bodyParams: object({ name: text }) }),
    { pathParams: { id: 'p' }, bodyParams: { name: 'n' } },
  ],
  ['with a body', object({ id: text, requestBody: object({ name: text }) }), { id: 'p', requestBody: { name: 'n' } }],
  ['with a body of another name', object({ id: text, pet: object({ name: text }) }), { id: 'p', pet: { name: 'n' } }],
])('arguments are found in a tool that lists them %s', (_, inputSchema, wanted) => {
  expect(argumentsOf({ inputSchema }, { path: { id: 'p' }, body: { name: 'n' } })).toEqual(wanted);
});

test('tools are found by operationId, in any spelling, or by what they say', () => {
  const tools = [
    { name: 'other', description: 'Case otherCase' },
    { name: 'api_q_form-list' },
    { name: 'x1', description: 'GET /qPath' },
  ];
  expect(toolOf(tools, { id: 'qFormList' }, '/qFormList')).toBe(tools[1]);
  expect(toolOf(tools, { id: 'qPath' }, '/qPath')).toBe(tools[2]);
  expect(toolOf(tools, { id: 'qNone' }, '/qNone')).toBeUndefined();
});
