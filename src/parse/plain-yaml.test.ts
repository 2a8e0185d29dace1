import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pick, randomFrom } from '../mutate.test.fixture.ts';
import { plainYaml } from './plain-yaml.ts';
import { yamlToJson } from './yaml-to-json.ts';

const SPECS = join(import.meta.dirname, '../../test-specs');
const documents = ['', 'broken/', 'multi-file/']
  .flatMap((folder) => readdirSync(join(SPECS, folder)).map((name) => folder + name))
  .filter((name) => /\.ya?ml$/.test(name));

/** What the careful reader makes of a text. */
function careful(text: string) {
  try {
    return yamlToJson(text, 'a.yaml');
  } catch (error) {
    return { value: (error as Error).message, problems: ['refused'] };
  }
}

test.each(documents)('%s is read as the careful reader reads it, or left to that', (name) => {
  const text = readFileSync(join(SPECS, name), 'utf8');
  const plain = plainYaml(text);
  if (plain) expect({ ...plain, problems: [] }).toEqual(careful(text));
});

describe('text that is plain', () => {
  test.each<[text: string, want: unknown]>([
    ['a: 1\nb: -2.5e3\nc: .5\nd: 007\ne: +1.', { a: 1, b: -2500, c: 0.5, d: 7, e: 1 }],
    ['a: ~\nb: Null\nc:\nd: ""', { a: null, b: null, c: null, d: '' }],
    ['a: TRUE\nb: yes\nc: "true"', { a: true, b: 'yes', c: 'true' }],
    ['200: ok\n1.0: x\ntrue: y\n"": z', { 200: 'ok', '1.0': 'x', true: 'y', '': 'z' }],
    ['a: .inf\nb: -.INF\nc: .nan\nd: 1_000\ne: 12:30', { a: '.inf', b: '-.INF', c: '.nan', d: '1_000', e: '12:30' }],
    ['a: 2001-12-14\nb: 1.2.3\nc: 0xyz', { a: '2001-12-14', b: '1.2.3', c: '0xyz' }],
    ['a: |\n  x\n   y\nb: >-\n  x\n  y\n', { a: 'x\n y\n', b: 'x y' }],
    ['{a: [1, {b: c}], d: "e\\u00e9"}', { a: [1, { b: 'c' }], d: 'eé' }],
    ['# comment\na: x # more\n', { a: 'x' }],
    [
      '---\na:\n- 1\n-\n  b: 2\n  c:\n- - 3\n  - {d: 4}\n-  e: 5\n   f: 6\n',
      { a: [1, { b: 2, c: null }, [3, { d: 4 }], { e: 5, f: 6 }] },
    ],
    ['a: x\n  y\n\n  z\nb:\n  x\n  y\n', { a: 'x y\nz', b: 'x y' }],
    [
      'a: >\n  x\n  y\n\n  z\n    1\n    2\n\n  w\n\n\nb: |-\n\n  x\n\n   y\n\n',
      { a: 'x y\nz\n  1\n  2\n\nw\n', b: '\nx\n\n y' },
    ],
    [
      "a b: 'it''s'\n\"c\": \"\\u00e9\\\"\"\n'd:e': [f, g-h]\ni: []\nj: {}\n",
      { 'a b': "it's", c: 'é"', 'd:e': ['f', 'g-h'], i: [], j: {} },
    ],
    ['a: [\n  1,\n  2]\nb: "x\n  y"\nc: \u00a0d\u00a0\n', { a: [1, 2], b: 'x y', c: '\u00a0d\u00a0' }],
  ])('%j is read', (text, want) => {
    expect(plainYaml(text)).toEqual({ value: want });
    expect(careful(text)).toEqual({ value: want, problems: [] });
  });
});

test.each([
  ['an anchor', 'a: &x 1\nb: *x'],
  ['an anchor that nobody uses', 'a: &x 1'],
  ['a tag', 'a: !!str 1'],
  ['a directive', '%YAML 1.2\n---\na: 1'],
  ['a merge', 'a: {b: 1}\n<<: {c: 2}'],
  ['a duplicate key', 'a: 1\na: 2'],
  ['two documents', 'a: 1\n---\nb: 2'],
  ['a list as a key', '? [a]\n: 1'],
  ['a mistake', 'a: "b'],
  ['a version that is a number', 'openapi: 3.0\ninfo: {version: 1.10}'],
  ['a hexadecimal number', 'a: 0x1F'],
  ['a number that is too large', 'a: 1e999'],
  ['-0', 'a: -0'],
  ['a key of the prototype', '__proto__: {a: 1}'],
  ['too many levels', '[[[['.repeat(1000)],
])('%s is left to the careful reader', (_, text) => {
  expect(plainYaml(text)).toBeUndefined();
});

test('mutated text is read as the careful reader reads it, or left to that', () => {
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
  process.stdout.write(`plain YAML: FUZZ_SEED=${seed}\n`);
  const random = randomFrom(seed);
  const texts = documents.map((name) => readFileSync(join(SPECS, name), 'utf8').slice(0, 3_000));
  let compared = 0;
  for (let index = 0; index < RUNS; index++) {
    // The quickest reader takes complete lines only.
    const text = mutatedText(pick(texts, random), random) + (random() < 0.8 ? '\n' : '');
    const plain = plainYaml(text);
    if (!plain) continue;
    compared++;
    expect({ ...plain, problems: [] }, `FUZZ_SEED=${seed}: ${JSON.stringify(text)}`).toEqual(careful(text));
  }
  expect(compared).toBeGreaterThan(RUNS / 10);
});
const RUNS = Number(process.env.FUZZ_RUNS ?? 150);

const PIECES = [
  ' ',
  '  ',
  '\n',
  ':',
  ': ',
  '- ',
  '#',
  ' #',
  '"',
  "'",
  '|',
  '>',
  '|-\n',
  '>\n',
  '>-\n',
  '|+\n',
  '\n\n',
  ' \n',
  "''",
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  '?',
  '? ',
];
const MORE = [
  '\t',
  '\r\n',
  '---\n',
  '...\n',
  '&a ',
  '*a',
  '!t ',
  '%',
  '@',
  '`',
  '0',
  '1e3',
  '~',
  '.',
  '-',
  '\u00a0',
  '\u2028',
  '\ufeff',
];

/** A few pieces put in, and a few characters or lines taken out, somewhere. */
function mutatedText(text: string, random: () => number): string {
  const at = (length: number) => Math.floor(random() * length);
  let mutated = text;
  for (let left = 1 + at(4); left > 0; left--) {
    const place = at(mutated.length);
    const piece =
      random() < 0.2 ? mutated.slice(at(mutated.length)).slice(0, at(40)) : pick([...PIECES, ...MORE], random);
    mutated = mutated.slice(0, place) + (random() < 0.7 ? piece : '') + mutated.slice(place + at(4));
  }
  return mutated;
}
