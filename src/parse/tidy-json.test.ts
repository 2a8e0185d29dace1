import { expect, test } from 'vitest';
import { tidyJson } from './tidy-json.ts';

test.each([
  { name: 'trailing commas', given: '{"a": [1, 2,], }', want: { a: [1, 2] }, repaired: 2 },
  { name: 'double commas', given: '{"a": [1,, 2]}', want: { a: [1, 2] }, repaired: 1 },
  { name: 'a comma at the start', given: '[, 1]', want: [1], repaired: 1 },
  { name: 'a missing comma between members', given: '{"a": 1\n "b": 2}', want: { a: 1, b: 2 }, repaired: 1 },
  { name: 'a missing comma between items', given: '[{"a": 1} {"a": 2}]', want: [{ a: 1 }, { a: 2 }], repaired: 1 },
  { name: 'line comments', given: '{"a": 1 // one\n}', want: { a: 1 }, repaired: 1 },
  { name: 'block comments', given: '/* head */ {"a": 1}', want: { a: 1 }, repaired: 1 },
  { name: 'white space that is not of JSON', given: '{"a":\u2003\u00a01}', want: { a: 1 }, repaired: 1 },
  { name: 'control characters in strings', given: '{"a": "x\ty\nz"}', want: { a: 'x\ty\nz' }, repaired: 1 },
  {
    name: 'an object that is not closed before the next one, but after the last one',
    given: '[{"a": 1, {"a": 2}, {"a": 3}}]',
    want: [{ a: 1 }, { a: 2 }, { a: 3 }],
    repaired: 2,
  },
  {
    name: 'an object that its list closes',
    given: '{"l": [{"a": 1], "b": 2}',
    want: { l: [{ a: 1 }], b: 2 },
    repaired: 1,
  },
  {
    name: 'comment signs and commas inside strings, which stay',
    given: '{"a": "// ,, #"}',
    want: { a: '// ,, #' },
    repaired: 0,
  },
  { name: 'escaped quotes, which stay', given: '{"a": "\\"b\\\\"}', want: { a: '"b\\' }, repaired: 0 },
])('$name', ({ given, want, repaired }) => {
  const tidy = tidyJson(given);
  expect(JSON.parse(tidy.text)).toEqual(want);
  expect(tidy.repaired).toHaveLength(repaired);
});

test('repairs are reported with their lines', () => {
  expect(tidyJson('{\n  "a": 1,\n  "b": 2,\n}').repaired).toEqual(['line 3: extra comma']);
});

test('a string of a megabyte is read', () => {
  const text = JSON.stringify({ a: 'x\\'.repeat(500_000) });
  expect(tidyJson(text).text).toBe(text);
});
