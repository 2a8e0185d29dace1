import { describe, expect, test } from 'vitest';
import type { PathParameter, PathStyle } from '../../../model/index.ts';
import { writePath, writePathParameter } from './path.ts';

const color = (style: PathStyle, explode: boolean): PathParameter => ({
  argument: 'color',
  name: 'color',
  format: { kind: 'style', style, explode },
  allowReserved: false,
});
const reserved = (name: string): PathParameter => ({ ...color('simple', false), argument: name, allowReserved: true });
const plain = (name: string): PathParameter => ({ ...color('simple', false), argument: name, name });

const ARRAY = ['blue', 'black', 'brown'];
const OBJECT = { R: 100, G: 200, B: 150 };

// OpenAPI 3.1.1 §4.8.12 "Style Examples"; the column "undefined" with null and with an empty list.
describe.each([
  {
    style: 'matrix',
    explode: false,
    none: ';color',
    one: ';color=blue',
    list: ';color=blue,black,brown',
    map: ';color=R,100,G,200,B,150',
  },
  {
    style: 'matrix',
    explode: true,
    none: ';color',
    one: ';color=blue',
    list: ';color=blue;color=black;color=brown',
    map: ';R=100;G=200;B=150',
  },
  { style: 'label', explode: false, none: '.', one: '.blue', list: '.blue,black,brown', map: '.R,100,G,200,B,150' },
  { style: 'label', explode: true, none: '.', one: '.blue', list: '.blue.black.brown', map: '.R=100.G=200.B=150' },
  { style: 'simple', explode: false, none: '', one: 'blue', list: 'blue,black,brown', map: 'R,100,G,200,B,150' },
  { style: 'simple', explode: true, none: '', one: 'blue', list: 'blue,black,brown', map: 'R=100,G=200,B=150' },
] as const)('$style, explode $explode', ({ style, explode, none, one, list, map }) => {
  test.each([
    { given: null, want: none },
    { given: [], want: none },
    { given: {}, want: none },
    { given: 'blue', want: one },
    { given: ARRAY, want: list },
    { given: OBJECT, want: map },
  ])('writes $given as $want', ({ given, want }) => {
    expect(writePathParameter(color(style, explode), given)).toBe(want);
  });
});

describe('members', () => {
  test.each([
    { why: 'RFC 6570 §3.2.7: an empty value has no "="', style: 'matrix', explode: false, given: '', want: ';color' },
    { why: 'RFC 6570 §3.2.7', style: 'matrix', explode: true, given: ['', 'a'], want: ';color;color=a' },
    { why: 'RFC 6570 §3.2.7', style: 'matrix', explode: true, given: { R: '', G: 1 }, want: ';R;G=1' },
    { why: 'Swagger 2.0 pipes', style: 'pipeDelimited', explode: false, given: [1, 2], want: '1%7C2' },
    { why: 'Swagger 2.0 ssv', style: 'spaceDelimited', explode: false, given: ['a b', 'c'], want: 'a%20b%20c' },
    { why: 'Swagger 2.0 tsv', style: 'tabDelimited', explode: false, given: [1, 2], want: '1%092' },
    {
      why: 'RFC 6570 §2.3: null members are undefined',
      style: 'simple',
      explode: true,
      given: { R: null, G: 1 },
      want: 'G=1',
    },
    {
      why: 'RFC 6570 §3.2.1: keys are encoded too',
      style: 'simple',
      explode: true,
      given: { 'a/b': 'c,d' },
      want: 'a%2Fb=c%2Cd',
    },
    {
      why: 'no form for deeper values: JSON text',
      style: 'simple',
      explode: false,
      given: [[1], { a: 2 }],
      want: '%5B1%5D,%7B%22a%22%3A2%7D',
    },
    { why: 'a name in the path is encoded', style: 'matrix', explode: false, given: 1, want: ';color=1' },
  ] as const)('$why', ({ style, explode, given, want }) => {
    expect(writePathParameter(color(style, explode), given)).toBe(want);
  });

  test('content is written by its media type, then encoded (OpenAPI 3.1.1 Parameter Object, content)', () => {
    const parameter: PathParameter = { ...plain('v'), format: { kind: 'content', mediaType: 'application/json' } };
    expect(writePathParameter(parameter, { a: 1, b: '/' })).toBe('%7B%22a%22%3A1%2C%22b%22%3A%22%2F%22%7D');
  });
});

describe('the complete path', () => {
  test.each([
    { path: ['/pets'], args: {}, want: '/pets' },
    { path: ['/pets/', plain('id'), '/toys'], args: { id: 7 }, want: '/pets/7/toys' },
    { path: ['/items/', plain('id'), ':archive'], args: { id: 5 }, want: '/items/5:archive' },
    { path: ['/', plain('a'), '..', plain('b')], args: { a: 'main', b: 'dev' }, want: '/main..dev' },
    { path: ['/p/', plain('a'), '/'], args: { a: '...' }, want: '/p/.../' },
    { path: ['/p/', plain('a')], args: { a: '{b}' }, want: '/p/%7Bb%7D' },
    { path: ['/p/', plain('a')], args: { a: 'a/b..c/...' }, want: '/p/a%2Fb..c%2F...' },
    { path: ['/p/', plain('a')], args: { a: '%2e%2e' }, want: '/p/%252e%252e' },
    {
      path: ['/v1/', reserved('name'), ':cancel'],
      args: { name: 'projects/p/jobs/1' },
      want: '/v1/projects/p/jobs/1:cancel',
    },
    { path: ['/v1/', reserved('name')], args: { name: 'a//b/' }, want: '/v1/a//b/' },
    { path: ['/v1/', reserved('name')], args: { name: 'a?x=1#y' }, want: '/v1/a%3Fx=1%23y' },
    { path: ['/v1/', reserved('name')], args: { name: 'a%2Fb' }, want: '/v1/a%2Fb' },
    { path: ['/a//b/', plain('c')], args: { c: 1 }, want: '/a//b/1' },
  ])('$want', ({ path, args, want }) => {
    expect(writePath(path, args)).toBe(want);
  });
});

describe('an argument cannot lead to another path', () => {
  test.each([
    { path: ['/p/', plain('v'), '/q'], args: { v: '..' } },
    { path: ['/p/', plain('v')], args: { v: '.' } },
    { path: ['/p/', plain('v'), '/q'], args: { v: '' } },
    { path: ['/p/', plain('v')], args: { v: null } },
    { path: ['/p/', plain('v')], args: { v: [] } },
    { path: ['/p/', plain('v')], args: {} },
    { path: ['/p/', plain('w'), plain('v')], args: { v: '.', w: '.' } },
    { path: ['/p/.', plain('v')], args: { v: '.' } },
    { path: ['/p/', { ...plain('v'), format: { kind: 'style', style: 'label', explode: false } }], args: { v: '' } },
    {
      path: ['/p/', { ...plain('v'), format: { kind: 'style', style: 'label', explode: true } }],
      args: { v: ['', ''] },
    },
    { path: ['/p/', plain('v')], args: { v: '../admin' } },
    { path: ['/p/', plain('v')], args: { v: 'a/..' } },
    { path: ['/p/', plain('v')], args: { v: 'a/./b' } },
    { path: ['/p/', plain('v')], args: { v: '..\\admin' } },
    { path: ['/p/', plain('v')], args: { v: '..;/admin' } },
    { path: ['/p/', plain('w'), plain('v')], args: { v: './admin', w: '.' } },
    { path: ['/p/', { ...plain('v'), format: { kind: 'style', style: 'label', explode: false } }], args: { v: './a' } },
    { path: ['/v1/', reserved('v')], args: { v: 'a/../b' } },
    { path: ['/v1/', reserved('v')], args: { v: '%2E%2e/b' } },
    { path: ['/v1/', reserved('v')], args: { v: 'a/%2E./b' } },
    { path: ['/v1/', reserved('v')], args: { v: '..%2Fb' } },
    { path: ['/v1/', reserved('v')], args: { v: '..%5Cb%ff' } },
    { path: ['/v1/', reserved('v')], args: { v: '..;x/b' } },
    { path: ['/v1/', reserved('v')], args: { v: '/host' } },
    { path: ['/', reserved('v')], args: { v: '//host' } },
    { path: ['/v1/', reserved('v')], args: { v: '' } },
  ] as const)('$path with $args', ({ path, args }) => {
    expect(() => writePath(path, args)).toThrow(
      expect.objectContaining({ code: 'UNSAFE_ARGUMENT', message: expect.stringContaining('"v"') }),
    );
  });
});
