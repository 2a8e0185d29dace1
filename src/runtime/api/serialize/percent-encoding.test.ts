import { describe, expect, test } from 'vitest';
import {
  encodeComponent,
  encodeFormComponent,
  encodeReservedPath,
  encodeReservedQuery,
  encodeWholeQuery,
} from './percent-encoding.ts';

const RESERVED = ":/?#[]@!$&'()*+,;=";

describe('encodeComponent leaves only unreserved characters (RFC 3986 §2.3)', () => {
  test.each([
    { given: 'AZaz09-._~', want: 'AZaz09-._~' },
    { given: RESERVED, want: '%3A%2F%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2B%2C%3B%3D' },
    { given: '50% "a" \\ ^`{|}<>', want: '50%25%20%22a%22%20%5C%20%5E%60%7B%7C%7D%3C%3E' },
    { given: '%2F', want: '%252F' },
    { given: 'é日😀', want: '%C3%A9%E6%97%A5%F0%9F%98%80' },
    { given: '\r\n\0', want: '%0D%0A%00' },
    { given: 'a\ud800b', want: 'a%EF%BF%BDb' },
    { given: '\ufeff', want: '%EF%BB%BF' },
    { given: '\ufeff\udc00', want: '%EF%BB%BF%EF%BF%BD' },
  ])('$given', ({ given, want }) => {
    expect(encodeComponent(given)).toBe(want);
  });
});

describe('reserved expansion lets reserved characters and triplets pass (RFC 6570 §3.2.3)', () => {
  test.each([
    { given: 'projects/p:x', path: 'projects/p:x', query: 'projects/p:x' },
    { given: 'a%2Fb 100% %zz', path: 'a%2Fb%20100%25%20%25zz', query: 'a%2Fb%20100%25%20%25zz' },
    { given: RESERVED, path: ":/%3F%23%5B%5D@!$&'()*+,;=", query: ":/?%23[]@!$%26'()*+,;=" },
    { given: 'é😀\ud800', path: '%C3%A9%F0%9F%98%80%EF%BF%BD', query: '%C3%A9%F0%9F%98%80%EF%BF%BD' },
  ])('$given, except characters that would end its position', ({ given, path, query }) => {
    expect(encodeReservedPath(given)).toBe(path);
    expect(encodeReservedQuery(given)).toBe(query);
  });

  test('a whole query keeps its separators, and cannot end', () => {
    expect(encodeWholeQuery('a=1&b=x y#z')).toBe('a=1&b=x%20y%23z');
  });
});

describe('encodeFormComponent is the form set of the URL Standard (WHATWG URL §1.3)', () => {
  test.each([
    { given: 'a b', want: 'a+b' },
    { given: '1+1=2&x', want: '1%2B1%3D2%26x' },
    { given: "*-._~!'()", want: '*-._%7E%21%27%28%29' },
    { given: '%20', want: '%2520' },
  ])('$given', ({ given, want }) => {
    expect(encodeFormComponent(given)).toBe(want);
  });
});
