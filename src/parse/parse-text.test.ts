import { expect, test } from 'vitest';
import { DocumentError } from './api-document.ts';
import { parseText } from './parse-text.ts';

const parse = (text: string): ReturnType<typeof parseText> => parseText(text, 'api.yaml');

test.each([
  { name: 'JSON', given: '{"a": [1, "2", null]}', want: { a: [1, '2', null] } },
  { name: 'YAML', given: 'a:\n  - 1\n  - "2"\n  - null\n', want: { a: [1, '2', null] } },
  { name: 'YAML in flow style', given: '{openapi: 3.0.3, info: {}}', want: { openapi: '3.0.3', info: {} } },
  { name: 'integer keys', given: '200: ok\n0x1F: x\n1.10: y\n', want: { '200': 'ok', '0x1F': 'x', '1.10': 'y' } },
  { name: 'null and boolean keys', given: 'null: a\ntrue: b\n', want: { null: 'a', true: 'b' } },
  {
    name: 'dates',
    given: 'd: 2001-12-14\nt: 2001-12-14t21:59:43.10-05:00\n',
    want: { d: '2001-12-14', t: '2001-12-14t21:59:43.10-05:00' },
  },
  { name: 'yes, no, on and off', given: 'on: yes\noff: no\n', want: { on: 'yes', off: 'no' } },
  {
    name: 'numeric versions',
    given: 'openapi: 3.0\ninfo: {version: 1.10}\n',
    want: { openapi: '3.0', info: { version: '1.10' } },
  },
  { name: 'anchors', given: 'a: &x {b: 1}\nc: *x\n', want: { a: { b: 1 }, c: { b: 1 } } },
  { name: 'an anchor that is set again', given: 'a: &x 1\nb: *x\nc: &x 2\nd: *x\n', want: { a: 1, b: 1, c: 2, d: 2 } },
  {
    name: 'merge keys',
    given: 'a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n',
    want: { a: { b: 1, c: 2 }, d: { b: 1, c: 3 } },
  },
  {
    name: 'merge keys before their overrides',
    given: 'x: &x {b: 1}\ny: &y {b: 2, c: 3}\nd:\n  <<: [*x, *y]\n',
    want: { x: { b: 1 }, y: { b: 2, c: 3 }, d: { b: 1, c: 3 } },
  },
  { name: 'a key called "<<"', given: '"<<": 1\n', want: { '<<': 1 } },
  { name: 'block scalars', given: 'a: |\n  x\n  y\nb: >-\n  x\n  y\n', want: { a: 'x\ny\n', b: 'x y' } },
  { name: 'infinities', given: 'a: .inf\nb: .nan\n', want: { a: '.inf', b: '.nan' } },
  { name: 'tags that nobody knows', given: 'a: !thing x\n', want: { a: 'x' } },
  { name: 'tabs after values and a document mark', given: '---\na: 1\t\n...\n', want: { a: 1 } },
])('$name are read without a problem', async ({ given, want }) => {
  expect(await parse(given)).toEqual({ value: want, problems: [] });
});

test('a key called __proto__ is a key', async () => {
  for (const text of ['{"__proto__": {"a": 1}}', '__proto__: {a: 1}']) {
    const { value } = await parse(text);
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  }
});

test.each([
  { name: 'comments', given: '{\n  // why\n  "a": 1\n}', says: 'line 2: comment' },
  { name: 'trailing commas', given: '{"a": 1,}', says: 'line 1: extra comma' },
  { name: 'single quotes', given: "{'a': 1}", says: 'JavaScript-style names or values' },
])('JSON with $name is read, and said to be no strict JSON', async ({ given, says }) => {
  const { value, problems } = await parse(given);
  expect(value).toEqual({ a: 1 });
  expect(problems).toMatchObject([{ code: 'NOT_STRICT_JSON', message: expect.stringContaining(says) }]);
});

test('a duplicate key in YAML is reported with its place', async () => {
  const { value, problems } = await parse('paths:\n  /a: 1\n  /a: 2\n');
  expect(value).toEqual({ paths: { '/a': 2 } });
  expect(problems).toMatchObject([
    { code: 'DUPLICATE_KEY', pointer: '#/paths/~1a', message: expect.stringContaining('line 3') },
  ]);
});

test('YAML with a mistake is read over, and told', async () => {
  const { value, problems } = await parse('a: 1\nb: "x" y\nc: 3\n');
  expect(value).toMatchObject({ a: 1, c: 3 });
  expect(problems).toMatchObject([{ code: 'BROKEN_YAML', message: expect.stringContaining('line 2') }]);
});

test('of several YAML documents the first one is read', async () => {
  const { value, problems } = await parse('---\na: 1\n---\nb: 2\n');
  expect(value).toEqual({ a: 1 });
  expect(problems.map(({ code }) => code)).toEqual(['SEVERAL_YAML_DOCUMENTS']);
});

test('an anchor that contains itself becomes null and a problem, never a circle', async () => {
  const { value, problems } = await parse('a: &x\n  b: *x\n');
  expect(value).toEqual({ a: { b: null } });
  expect(problems).toMatchObject([{ code: 'BROKEN_YAML', pointer: '#/a/b' }]);
});

test('aliases that expand without measure are rejected', async () => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 9; i++)
    lines.push(
      `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  await expect(parse(lines.join('\n'))).rejects.toThrow(/aliases expand/);
});

test('an alias may be used a thousand times', async () => {
  const lines = ['a: &a {type: string}', 'l:', ...Array(1000).fill('  - *a')];
  const { value } = await parse(lines.join('\n'));
  expect((value as { l: unknown[] }).l).toHaveLength(1000);
});

test.each([
  { name: 'an empty file', given: ' \n\t', says: /empty/ },
  { name: 'JSON that ends too early', given: '{\n "a": [1, 2', says: /not valid JSON.*line 2, column \d+/s },
  { name: 'JSON with text in the wrong place', given: '{"a": ]}', says: /not valid JSON.*\(line 1/s },
  { name: 'YAML nested beyond measure', given: '- '.repeat(2_000), says: /nested too deeply/ },
])('$name is a clear error', async ({ given, says }) => {
  const error = await parse(given).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DocumentError);
  expect((error as DocumentError).message).toMatch(says);
  expect((error as DocumentError).location).toBe('api.yaml');
});
