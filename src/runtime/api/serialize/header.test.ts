import { describe, expect, test } from 'vitest';
import type { HeaderParameter } from '../../../model/index.ts';
import { writeHeader } from './header.ts';

const simple = (explode: boolean): HeaderParameter => ({
  argument: 'color',
  name: 'X-Color',
  format: { kind: 'style', style: 'simple', explode },
});
const json: HeaderParameter = { ...simple(false), format: { kind: 'content', mediaType: 'application/json' } };

// OpenAPI 3.1.1 §4.8.12 "Style Examples", simple; values pass unchanged (3.2.0 Parameter Object, RFC 9110 §5.5).
describe('simple', () => {
  test.each([
    { explode: false, given: undefined, want: undefined },
    { explode: false, given: null, want: undefined },
    { explode: false, given: [], want: undefined },
    { explode: false, given: '', want: '' },
    { explode: false, given: 0, want: '0' },
    { explode: false, given: false, want: 'false' },
    { explode: false, given: ['blue', 'black', 'brown'], want: 'blue,black,brown' },
    { explode: true, given: ['blue', 'black', 'brown'], want: 'blue,black,brown' },
    { explode: false, given: { R: 100, G: 200, B: 150 }, want: 'R,100,G,200,B,150' },
    { explode: true, given: { R: 100, G: 200, B: 150 }, want: 'R=100,G=200,B=150' },
    { explode: false, given: 'W/"abc" %20 a,b', want: 'W/"abc" %20 a,b' },
    { explode: false, given: [{ a: 1 }], want: '{"a":1}' },
  ])('explode $explode writes $given as $want', ({ explode, given, want }) => {
    expect(writeHeader(simple(explode), given)).toBe(want);
  });

  test('text beyond ASCII goes as the octets of its UTF-8', () => {
    expect(writeHeader(simple(false), 'é日')).toBe('\u00c3\u00a9\u00e6\u0097\u00a5');
  });
});

test.each([
  { style: 'spaceDelimited', want: 'a b' },
  { style: 'pipeDelimited', want: 'a|b' },
  { style: 'tabDelimited', want: 'a\tb' },
] as const)('$style (Swagger 2.0 collectionFormat) writes a list as $want', ({ style, want }) => {
  const format = { kind: 'style', style, explode: false } as const;
  expect(writeHeader({ ...simple(false), format }, ['a', 'b'])).toBe(want);
});

test.each([
  { given: { a: 'é', b: null }, want: '{"a":"\\u00e9","b":null}' },
  { given: 'line\nbreak', want: '"line\\nbreak"' },
  { given: null, want: 'null' },
])('JSON content stays one line of ASCII: $want', ({ given, want }) => {
  expect(writeHeader(json, given)).toBe(want);
});

test.each(['a\rb', 'a\nb', 'a\r\nX-Admin: 1', 'a\0b', 'a\u001bb', 'a\u007fb'])('refuses %j', (given) => {
  expect(() => writeHeader(simple(false), given)).toThrow(expect.objectContaining({ code: 'UNSAFE_ARGUMENT' }));
  expect(() => writeHeader(simple(true), { [given]: 1 })).toThrow(expect.objectContaining({ code: 'UNSAFE_ARGUMENT' }));
});

test.each(['X A', 'X-A\r\nX-B', 'X:A', ''])('a header named %j cannot be sent', (name) => {
  expect(() => writeHeader({ ...simple(false), name }, 'x')).toThrow(
    expect.objectContaining({ code: 'UNSAFE_ARGUMENT' }),
  );
  expect(writeHeader({ ...simple(false), name }, undefined)).toBeUndefined();
});
