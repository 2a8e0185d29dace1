import { describe, expect, test } from 'vitest';
import type { QueryParameter, QueryStyle } from '../../../model/index.ts';
import { writeQueryParameter } from './query.ts';
import { writeQueryString } from './query-string.ts';

const color = (style: QueryStyle, explode: boolean, more: Partial<QueryParameter> = {}): QueryParameter => ({
  argument: 'color',
  name: 'color',
  format: { kind: 'style', style, explode },
  allowReserved: false,
  allowEmptyValue: false,
  ...more,
});
const write = (parameter: QueryParameter, value: unknown) => writeQueryParameter(parameter, value).join('&');

const ARRAY = ['blue', 'black', 'brown'];
const OBJECT = { R: 100, G: 200, B: 150 };

// OpenAPI 3.1.1 §4.8.12 "Style Examples". What is undefined is left out (RFC 6570 §3.2.1); an empty string is not.
describe.each([
  { style: 'form', explode: false, list: 'color=blue,black,brown', map: 'color=R,100,G,200,B,150' },
  { style: 'form', explode: true, list: 'color=blue&color=black&color=brown', map: 'R=100&G=200&B=150' },
  {
    style: 'spaceDelimited',
    explode: false,
    list: 'color=blue%20black%20brown',
    map: 'color=R%20100%20G%20200%20B%20150',
  },
  {
    style: 'pipeDelimited',
    explode: false,
    list: 'color=blue%7Cblack%7Cbrown',
    map: 'color=R%7C100%7CG%7C200%7CB%7C150',
  },
  {
    style: 'tabDelimited',
    explode: false,
    list: 'color=blue%09black%09brown',
    map: 'color=R%09100%09G%09200%09B%09150',
  },
  { style: 'spaceDelimited', explode: true, list: 'color=blue&color=black&color=brown', map: 'R=100&G=200&B=150' },
  {
    style: 'deepObject',
    explode: true,
    list: 'color%5B%5D=blue&color%5B%5D=black&color%5B%5D=brown',
    map: 'color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150',
  },
] as const)('$style, explode $explode', ({ style, explode, list, map }) => {
  test.each([
    { given: undefined, want: '' },
    { given: null, want: '' },
    { given: [], want: '' },
    { given: {}, want: '' },
    { given: [null], want: '' },
    { given: '', want: 'color=' },
    { given: 'blue', want: 'color=blue' },
    { given: ARRAY, want: list },
    { given: OBJECT, want: map },
  ])('writes $given as "$want"', ({ given, want }) => {
    expect(write(color(style, explode), given)).toBe(want);
  });
});

describe('deepObject below the first level, as jQuery and Stripe write it', () => {
  test.each([
    { given: { a: { b: { c: 1 } } }, want: 'color[a][b][c]=1' },
    { given: { a: [1, 2] }, want: 'color[a][]=1&color[a][]=2' },
    { given: [{ price: 'p', n: 1 }, { price: 'q' }], want: 'color[0][price]=p&color[0][n]=1&color[1][price]=q' },
    { given: { a: [{ b: [1, 2] }] }, want: 'color[a][0][b][]=1&color[a][0][b][]=2' },
    { given: [[1, 2], [3]], want: 'color[0][]=1&color[0][]=2&color[1][]=3' },
    { given: { a: null, b: [], c: {}, d: '' }, want: 'color[d]=' },
  ])('$want', ({ given, want }) => {
    expect(decodeURIComponent(write(color('deepObject', true), given))).toBe(want);
  });
});

describe('encoding', () => {
  test.each([
    {
      why: 'a comma in an item is not a delimiter',
      parameter: color('form', false),
      given: ['a,b', 'c'],
      want: 'color=a%2Cb,c',
    },
    { why: 'keys are encoded', parameter: color('form', true), given: { 'a&b': 1, 'c=d': 2 }, want: 'a%26b=1&c%3Dd=2' },
    {
      why: 'names are encoded',
      parameter: color('form', true, { name: 'filter[x]' }),
      given: 1,
      want: 'filter%5Bx%5D=1',
    },
    { why: 'a space is %20, a plus %2B', parameter: color('form', true), given: 'a b+c', want: 'color=a%20b%2Bc' },
    {
      why: 'deepObject values',
      parameter: color('deepObject', true),
      given: { 'l&t': 'x&y' },
      want: 'color%5Bl%26t%5D=x%26y',
    },
    {
      why: 'a list within an exploded object is repeated',
      parameter: color('form', true),
      given: { page: 0, sort: ['name,asc', 'id'], none: [], no: null },
      want: 'page=0&sort=name%2Casc&sort=id',
    },
    {
      why: 'deeper values are JSON',
      parameter: color('form', true),
      given: [{ a: 1 }],
      want: 'color=%7B%22a%22%3A1%7D',
    },
    {
      why: 'allowReserved',
      parameter: color('form', true, { allowReserved: true }),
      given: 'a/b:c?d@e!f$g%2F%',
      want: 'color=a/b:c?d@e!f$g%2F%25',
    },
    {
      why: 'allowReserved cannot add a parameter',
      parameter: color('form', true, { allowReserved: true }),
      given: 'a&b=1#c',
      want: 'color=a%26b=1%23c',
    },
    {
      why: 'allowReserved in lists',
      parameter: color('form', false, { allowReserved: true }),
      given: ['a/b', 'c:d'],
      want: 'color=a/b,c:d',
    },
  ])('$why', ({ parameter, given, want }) => {
    expect(write(parameter, given)).toBe(want);
  });
});

describe('allowEmptyValue sends the name alone for what would be left out (OpenAPI 3.1.1 Parameter Object)', () => {
  const empty = { allowEmptyValue: true };
  test.each([
    { parameter: color('form', true, empty), given: null, want: 'color=' },
    { parameter: color('form', true, empty), given: [], want: 'color=' },
    { parameter: color('form', false, empty), given: {}, want: 'color=' },
    { parameter: color('form', true, empty), given: undefined, want: '' },
    { parameter: color('form', true, empty), given: 'x', want: 'color=x' },
    { parameter: color('deepObject', true, empty), given: {}, want: '' },
  ])('$given is "$want"', ({ parameter, given, want }) => {
    expect(write(parameter, given)).toBe(want);
  });
});

describe('content (OpenAPI 3.1.1 Parameter Object)', () => {
  const json = color('form', true, { format: { kind: 'content', mediaType: 'application/json' } });
  const text = color('form', true, { format: { kind: 'content', mediaType: 'text/plain' } });
  test.each([
    { parameter: json, given: { a: [1, null] }, want: 'color=%7B%22a%22%3A%5B1%2Cnull%5D%7D' },
    { parameter: json, given: 'x', want: 'color=%22x%22' },
    { parameter: json, given: null, want: 'color=null' },
    { parameter: text, given: 'x y', want: 'color=x%20y' },
    { parameter: text, given: null, want: '' },
    { parameter: text, given: undefined, want: '' },
  ])('$want', ({ parameter, given, want }) => {
    expect(write(parameter, given)).toBe(want);
  });
});

describe('a whole query (OpenAPI 3.2.0 in: querystring)', () => {
  const form = { kind: 'form', fields: {}, other: { kind: 'plain' } } as const;
  test.each([
    { encoding: form, given: { a: 'x y', b: [1, 2], c: null }, want: 'a=x+y&b=1&b=2' },
    { encoding: { kind: 'json' }, given: { a: 1 }, want: '%7B%22a%22%3A1%7D' },
    { encoding: { kind: 'text' }, given: 'a=1&b=é#', want: 'a=1&b=%C3%A9%23' },
    { encoding: { kind: 'text' }, given: '', want: '' },
    { encoding: { kind: 'json' }, given: undefined, want: '' },
    { encoding: form, given: null, want: '' },
  ] as const)('$want', ({ encoding, given, want }) => {
    expect(writeQueryString({ argument: 'q', encoding }, given).join('&')).toBe(want);
  });
});
