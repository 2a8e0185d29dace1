import { describe, expect, test } from 'vitest';
import type { BuiltRequest } from '../http.ts';
import { requestUrl } from '../http.ts';
import { redirected } from './redirect.ts';

const request = (method: string, body?: string): BuiltRequest => ({
  method,
  target: 'https://api.test/v1/a',
  query: ['q=1', 'api_key=s%26'],
  headers: [
    ['Accept', '*/*'],
    ['Authorization', 'Bearer s'],
    ['X-Param', 'p'],
    ['Content-Type', 'text/plain'],
  ],
  cookies: ['sid=s'],
  ...(body === undefined ? {} : { body }),
});
const follow = (given: BuiltRequest, status: number, location: string) =>
  redirected(given, { status, headers: [['location', location]] }, ['api_key=s%26']);

const SAME = '/v1/b';
const OTHER = 'https://other.test/b';

// RFC 9110 §15.4. The method that is sent to the new place, or none.
test.each<
  readonly [status: number, method: string, body: string | undefined, location: string, want: string | undefined]
>([
  [301, 'GET', undefined, SAME, 'GET'],
  [302, 'GET', undefined, SAME, 'GET'],
  [303, 'GET', undefined, SAME, 'GET'],
  [307, 'GET', undefined, SAME, 'GET'],
  [308, 'GET', undefined, SAME, 'GET'],
  [301, 'GET', undefined, OTHER, 'GET'],
  [302, 'GET', undefined, OTHER, 'GET'],
  [303, 'GET', undefined, OTHER, 'GET'],
  [307, 'GET', undefined, OTHER, 'GET'],
  [308, 'GET', undefined, OTHER, 'GET'],
  [302, 'HEAD', undefined, SAME, 'HEAD'],
  [303, 'HEAD', undefined, SAME, 'HEAD'],
  [307, 'HEAD', undefined, OTHER, 'HEAD'],
  [301, 'POST', 'b', SAME, undefined],
  [302, 'POST', 'b', SAME, undefined],
  [303, 'POST', 'b', SAME, 'GET'],
  [307, 'POST', 'b', SAME, 'POST'],
  [308, 'POST', 'b', SAME, 'POST'],
  [301, 'POST', 'b', OTHER, undefined],
  [302, 'POST', 'b', OTHER, undefined],
  [303, 'POST', 'b', OTHER, 'GET'],
  [307, 'POST', 'b', OTHER, undefined],
  [308, 'POST', 'b', OTHER, undefined],
  [303, 'DELETE', undefined, SAME, 'GET'],
  [302, 'DELETE', undefined, SAME, undefined],
  [307, 'DELETE', undefined, SAME, 'DELETE'],
  [307, 'DELETE', undefined, OTHER, undefined],
  [307, 'QUERY', 'b', SAME, 'QUERY'],
  [302, 'QUERY', 'b', SAME, 'QUERY'],
  [307, 'QUERY', 'b', OTHER, undefined],
  [300, 'GET', undefined, SAME, undefined],
  [304, 'GET', undefined, SAME, undefined],
  [305, 'GET', undefined, SAME, undefined],
  [306, 'GET', undefined, SAME, undefined],
  [201, 'POST', 'b', SAME, undefined],
])('%d to a %s with body %s, to %s: %s', (status, method, body, location, want) => {
  const next = follow(request(method, body), status, location);
  expect(next?.method).toBe(want);
  if (next !== undefined) expect(next.body).toBe(status === 303 ? undefined : body);
});

describe('on the same origin', () => {
  test('everything goes along', () => {
    expect(follow(request('POST', 'b'), 307, '/v1/b?c=1')).toEqual({
      ...request('POST', 'b'),
      target: 'https://api.test/v1/b',
      query: ['c=1'],
    });
  });

  test('a 303 leaves the headers of the body behind', () => {
    expect(follow(request('POST', 'b'), 303, SAME)?.headers.map(([name]) => name)).toEqual([
      'Accept',
      'Authorization',
      'X-Param',
    ]);
  });
});

test.each(['https://other.test/b?x=1&api_key=s%26', 'https://api.test:8443/b?x=1&api_key=s%26', '//other.test/b?x=1'])(
  'to another origin, %s, no credential, parameter or cookie goes along',
  (location) => {
    const next = follow(request('GET'), 302, location);
    expect(next).toEqual({
      method: 'GET',
      target: new URL(location, 'https://api.test').href.split('?')[0],
      query: ['x=1'],
      headers: [['Accept', '*/*']],
      cookies: [],
    });
  },
);

test.each([
  'http://api.test/v1/b',
  'http://other.test/',
  'ftp://other.test/',
  'javascript:alert(1)',
  'https://me:pw@api.test/',
  'https://',
])('%s is never followed', (location) => {
  expect(follow(request('GET'), 302, location)).toBeUndefined();
});

test('without a Location there is nothing to follow', () => {
  expect(redirected(request('GET'), { status: 302, headers: [] }, [])).toBeUndefined();
});

test.each([
  ['b', 'https://api.test/v1/b'],
  ['../b?x', 'https://api.test/b?x'],
  ['?y=2', 'https://api.test/v1/a?y=2'],
  ['/b#part', 'https://api.test/b'],
  ['/\xc3\xa9', 'https://api.test/%C3%A9'],
])('the Location %s leads to %s', (location, url) => {
  const next = follow(request('GET'), 302, location);
  expect(next && requestUrl(next)).toBe(url);
});

test('from http to https of the same host the origin is another one', () => {
  const plain = { ...request('GET'), target: 'http://api.test/v1/a' };
  expect(follow(plain, 301, 'https://api.test/v1/a')?.headers).toEqual([['Accept', '*/*']]);
});
