import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from './json.ts';

describe('numbers that a double cannot hold become strings', () => {
  const table: readonly [text: string, value: unknown][] = [
    ['12345678901234567890', '12345678901234567890'],
    ['9007199254740992', 9007199254740992],
    ['9007199254740993', '9007199254740993'],
    ['72444129810163940', 72444129810163940],
    ['-0', -0],
    ['-9007199254740993', '-9007199254740993'],
    ['1.10', 1.1],
    ['0.30000000000000004', 0.30000000000000004],
    ['0.12345678901234567890', '0.12345678901234567890'],
    ['1e400', '1e400'],
    ['1e-400', '1e-400'],
    ['0e400', 0],
    ['1e300', 1e300],
    [
      '{"a":[1,12345678901234567890],"s":"12345678901234567890 \\" 12345678901234567890"}',
      { a: [1, '12345678901234567890'], s: '12345678901234567890 " 12345678901234567890' },
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
  test.each(['', '007', '{a:1}', '[1,]', 'undefined', 'NaN and more'])('%s is no JSON', (text) => {
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
