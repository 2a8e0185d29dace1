import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from './json.ts';

describe('any number is the nearest double', () => {
  const table: readonly [text: string, value: unknown][] = [
    ['12345678901234567890', 12345678901234567000],
    ['9007199254740993', 9007199254740992],
    ['-122.41941550000000745', -122.41941550000001],
    ['-0', -0],
    ['1.10', 1.1],
    ['0.12345678901234567890', 0.12345678901234568],
    ['1e400', Number.MAX_VALUE],
    ['-1e400', -Number.MAX_VALUE],
    ['9'.repeat(400), Number.MAX_VALUE],
    ['1e-400', 0],
    ['0e400', 0],
    ['1e300', 1e300],
    [
      '{"a":[1,12345678901234567890],"s":"1e400 \\" 12345678901234567890"}',
      { a: [1, 12345678901234567000], s: '1e400 " 12345678901234567890' },
    ],
  ];
  test.each(table)('%s', (text, value) => {
    expect(parseJson(text)).toEqual({ value, text, notes: [] });
  });
});

describe('what APIs write that is not quite JSON', () => {
  const table: readonly [source: string, value: unknown, text: string][] = [
    ['\uFEFF{}', {}, '{}'],
    [`)]}',\n{"a":1}`, { a: 1 }, '{"a":1}'],
    [`)]}'\n[1]`, [1], '[1]'],
    ['while(1);[1]', [1], '[1]'],
    ['for (;;);{"a":1}', { a: 1 }, '{"a":1}'],
    ['{"a":NaN,"b":-Infinity,"c":"NaN"}', { a: 'NaN', b: '-Infinity', c: 'NaN' }, '{"a":NaN,"b":-Infinity,"c":"NaN"}'],
    ['{"a":1,"a":2}', { a: 2 }, '{"a":1,"a":2}'],
  ];
  test.each(table)('%s', (source, value, text) => {
    expect(parseJson(source)).toMatchObject({ value, text });
  });
  test.each(['', '007', '{a:1}', '[1,]', 'undefined', 'NaN and more'])('%s is not JSON', (text) => {
    expect(parseJson(text)).toBeUndefined();
  });
});

test('a key named __proto__ is a key', () => {
  const value = parseJson('{"__proto__":{"n":12345678901234567890}}')?.value;
  expect(Object.keys(value as object)).toEqual(['__proto__']);
});

test('all other JSON is what JSON.parse says', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseJson(text)?.value).toEqual(JSON.parse(text));
    }),
  );
});
