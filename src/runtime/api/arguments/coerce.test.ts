import { expect, test } from 'vitest';
import type { Coercion } from '../../../model/index.ts';
import { coerce } from './coerce.ts';

const size: Coercion = { path: [{ property: 'size' }], values: { '1': 1, true: true } };
const levels: Coercion = { path: [{ property: 'a' }, { property: 'levels' }, 'items'], values: { '2': 2 } };

test.each([
  ['a text that was shown', { size: '1' }, { size: 1 }],
  ['another one', { size: 'true' }, { size: true }],
  ['a value that is exact already', { size: 1 }, { size: 1 }],
  ['a text that was not shown', { size: '7' }, { size: '7' }],
  ['a name of Object.prototype', { size: 'constructor' }, { size: 'constructor' }],
  ['items of a nested list', { a: { levels: ['2', 2, '3'] }, b: '2' }, { a: { levels: [2, 2, '3'] }, b: '2' }],
  ['something else where the list should be', { a: { levels: '2' } }, { a: { levels: '2' } }],
  ['something else where the object should be', { a: null }, { a: null }],
  ['no arguments', undefined, undefined],
])('%s', (_name, given, want) => {
  expect(coerce(given, [size, levels])).toEqual(want);
});

test('the arguments are not modified, and are returned unchanged without coercions', () => {
  const given = Object.freeze({ size: '1' });
  expect(coerce(given, [size])).toEqual({ size: 1 });
  expect(coerce(given, [])).toBe(given);
});

test('a property called __proto__ stays a property', () => {
  const given = JSON.parse('{"__proto__":"x","size":"1"}');
  expect(JSON.stringify(coerce(given, [size]))).toBe('{"__proto__":"x","size":1}');
});
