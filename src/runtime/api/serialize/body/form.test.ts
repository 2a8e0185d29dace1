import { expect, test } from 'vitest';
import type { FormEncoding, FormField, QueryStyle } from '../../../../model/index.ts';
import { formPairs } from './form.ts';

const styled = (style: QueryStyle, explode: boolean, allowReserved = false): FormField => ({
  kind: 'style',
  style,
  explode,
  allowReserved,
});
const json: FormField = { kind: 'content', mediaType: 'application/json' };
const encoding = (fields: FormEncoding['fields'] = {}): FormEncoding => ({
  kind: 'form',
  fields,
  other: { kind: 'plain' },
});

test.each<{ why: string; fields: FormEncoding['fields']; given: unknown; want: string }>([
  {
    why: 'OpenAPI 3.1.1 Encoding Object: primitives are text',
    fields: {},
    given: { a: 'x', n: 0, b: false },
    want: 'a=x&n=0&b=false',
  },
  { why: 'an empty string is a value', fields: {}, given: { a: '', b: 'x' }, want: 'a=&b=x' },
  { why: 'null and undefined are left out', fields: {}, given: { a: null, b: undefined, c: [null, 1] }, want: 'c=1' },
  { why: 'lists repeat the name', fields: {}, given: { a: [1, 2] }, want: 'a=1&a=2' },
  { why: 'objects are JSON', fields: {}, given: { a: { s: 'x y' } }, want: 'a=%7B%22s%22%3A%22x+y%22%7D' },
  { why: 'WHATWG URL §5.2', fields: {}, given: { 'k k': '1+1=2&x' }, want: 'k+k=1%2B1%3D2%26x' },
  { why: 'content JSON: a list as one text', fields: { a: json }, given: { a: [1, 2] }, want: 'a=%5B1%2C2%5D' },
  { why: 'content JSON: strings are quoted', fields: { a: json }, given: { a: 'x' }, want: 'a=%22x%22' },
  {
    why: 'deepObject, as Stripe documents it',
    fields: { a: styled('deepObject', true) },
    given: { a: { b: [{ c: 1 }] } },
    want: 'a%5Bb%5D%5B0%5D%5Bc%5D=1',
  },
  { why: 'pipeDelimited', fields: { a: styled('pipeDelimited', false) }, given: { a: ['x', 'y'] }, want: 'a=x%7Cy' },
  {
    why: 'form, not exploded',
    fields: { a: styled('form', false) },
    given: { a: ['x,', 'y z'] },
    want: 'a=x%2C,y%20z',
  },
  { why: 'form, exploded object', fields: { a: styled('form', true) }, given: { a: { R: 1 } }, want: 'R=1' },
  {
    why: 'allowReserved',
    fields: { a: styled('form', true, true) },
    given: { a: 'http://h/?q' },
    want: 'a=http://h/?q',
  },
  {
    why: 'names like those of Object',
    fields: {},
    given: { constructor: 'x', toString: 'y' },
    want: 'constructor=x&toString=y',
  },
  { why: 'a string is the finished form', fields: {}, given: 'a=1&b=x y', want: 'a=1&b=x%20y' },
])('$why', ({ fields, given, want }) => {
  expect(formPairs(encoding(fields), given).join('&')).toBe(want);
});

test.each([[[1]], [5], [null]])('%j has no fields', (given) => {
  expect(() => formPairs(encoding(), given)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENTS' }));
});
