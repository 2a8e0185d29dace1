import { describe, expect, test } from 'vitest';
import type { CookieParameter, CookieStyle } from '../../../model/index.ts';
import { writeCookie } from './cookie.ts';

const color = (style: CookieStyle, explode: boolean): CookieParameter => ({
  argument: 'color',
  name: 'color',
  format: { kind: 'style', style, explode },
});
const write = (parameter: CookieParameter, value: unknown) => writeCookie(parameter, value).join('; ');

const ARRAY = ['blue', 'black', 'brown'];
const OBJECT = { R: 100, G: 200, B: 150 };

// OpenAPI 3.2.0 "Style Examples", cookie; form alike, with the separator of RFC 6265 §4.2.1 (3.2.0 Appendix D).
describe.each(['form', 'cookie'] as const)('%s', (style) => {
  test.each([
    { explode: true, given: undefined, want: '' },
    { explode: true, given: null, want: '' },
    { explode: true, given: [], want: '' },
    { explode: true, given: '', want: 'color=' },
    { explode: true, given: false, want: 'color=false' },
    { explode: false, given: ARRAY, want: 'color=blue,black,brown' },
    { explode: true, given: ARRAY, want: 'color=blue; color=black; color=brown' },
    { explode: false, given: OBJECT, want: 'color=R,100,G,200,B,150' },
    { explode: true, given: OBJECT, want: 'R=100; G=200; B=150' },
  ])('explode $explode writes $given as "$want"', ({ explode, given, want }) => {
    expect(write(color(style, explode), given)).toBe(want);
  });
});

test('form encodes what a cookie cannot carry', () => {
  expect(write(color('form', true), 'a;b, "c"\r\né')).toBe('color=a%3Bb%2C%20%22c%22%0D%0A%C3%A9');
  expect(write(color('form', true), { 'x; y': 1 })).toBe('x%3B%20y=1');
});

test('cookie applies no escaping', () => {
  expect(write(color('cookie', true), 'a=b/c+d%20')).toBe('color=a=b/c+d%20');
  expect(write(color('cookie', true), '"quoted"')).toBe('color="quoted"');
});

test.each(['a;b', 'a,b', 'a b', 'a"b', 'a\\b', 'a\nb', 'é', '\0'])('cookie rejects %j', (given) => {
  const refusal = expect.objectContaining({ code: 'UNSAFE_ARGUMENT' });
  expect(() => write(color('cookie', true), given)).toThrow(refusal);
  expect(() => write(color('cookie', false), ['a', given])).toThrow(refusal);
  expect(() => write(color('cookie', true), { [given]: 'a' })).toThrow(refusal);
});

test('content is encoded like form', () => {
  const parameter: CookieParameter = {
    ...color('form', true),
    format: { kind: 'content', mediaType: 'application/json' },
  };
  expect(write(parameter, { a: 1 })).toBe('color=%7B%22a%22%3A1%7D');
});
