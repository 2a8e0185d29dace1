import { describe, expect, test } from 'vitest';
import { isRegistered, redirectFault, redirectPattern } from './redirect-uri.ts';

describe('a redirect URI that a client names', () => {
  test.each([
    ['https://app.example/cb', undefined],
    ['https://app.example', undefined],
    ['https://app.example/cb?tenant=1', undefined],
    ['http://localhost:3000/cb', undefined],
    ['http://localhost:3000', undefined],
    ['http://[::1]/cb', undefined],
    ['http://app.example/cb', 'is neither https nor on this machine'],
    ['http://127.0.0.1.evil.example/cb', 'is neither https nor on this machine'],
    ['cursor://anysphere/cb', 'is neither https nor on this machine'],
    ['javascript:alert(1)', 'has a scheme that runs or opens local content'],
    ['data:text/html,x', 'has a scheme that runs or opens local content'],
    ['https://app.example/cb#x', 'contains a fragment'],
    ['https://app.example/cb#', 'contains a fragment'],
    ['https://a:b@app.example/cb', 'contains a user name'],
    ['https://app.example/a/../cb', 'is not normalised: write https://app.example/cb'],
    ['https://App.example/cb', 'is not normalised: write https://app.example/cb'],
    ['https://app.example:443/cb', 'is not normalised: write https://app.example/cb'],
    ['https:\\\\app.example/cb', 'is not normalised: write https://app.example/cb'],
    [' https://app.example/cb', 'is not normalised: write https://app.example/cb'],
    ['/cb', 'is not an absolute URL'],
    ['', 'is not an absolute URL'],
  ])('%s', (uri, fault) => {
    expect(redirectFault(uri, undefined)).toBe(fault);
  });
});

describe('a pattern of allowed redirect URIs', () => {
  test.each([
    ['https://app.example/cb', 'https://app.example/cb', true],
    ['https://app.example/cb', 'https://app.example/cb/', false],
    ['https://app.example/cb', 'https://app.example/cb?x', false],
    ['https://app.example/cb', 'https://app.example:8443/cb', false],
    ['https://app.example', 'https://app.example/', true],
    ['https://app.example/oauth/*', 'https://app.example/oauth/a/b', true],
    ['https://app.example/oauth/*', 'https://app.example/other', false],
    ['https://app.example/*/cb', 'https://app.example/1/cb', true],
    ['https://app.example/*', 'https://app.example.evil.example/cb', false],
    ['https://app.example/*', 'https://appxexample/cb', false],
    ['https://app.example/*', 'https://app.example/cb?x', false],
    ['http://127.0.0.1:*/cb', 'http://127.0.0.1:4711/cb', true],
    ['http://127.0.0.1:*/cb', 'http://127.0.0.1/cb', true],
    ['http://localhost/cb', 'http://localhost:4711/cb', true],
    ['http://localhost:5000/cb', 'http://localhost:4711/cb', false],
    ['http://localhost:*/cb', 'http://localhost:1@evil.example/cb', false],
    ['cursor://anysphere.cursor-mcp/*', 'cursor://anysphere.cursor-mcp/oauth/callback', true],
    ['cursor://anysphere.cursor-mcp/*', 'cursor://other/oauth/callback', false],
    ['com.example.app:/cb', 'com.example.app:/cb', true],
    ['com.example.app:/cb', 'com-example.app:/cb', false],
  ])('%s with %s', (pattern, uri, allowed) => {
    expect(redirectFault(uri, [redirectPattern(pattern)]) === undefined).toBe(allowed);
  });

  test.each([
    ['https://*.example/cb', '* in its host'],
    ['https://app.example:*/cb', '* as its port'],
    ['http://app.example/cb', 'is http'],
    ['*', 'is not a URL'],
    ['https://app.example/cb?*', 'is not a URL'],
    ['javascript:*', 'scheme'],
    ['https://user@app.example/*', 'user name'],
  ])('%s is not valid', (pattern, message) => {
    expect(() => redirectPattern(pattern)).toThrow(message);
  });
});

test('a registered URI matches itself only, except for the port of loopback addresses', () => {
  const registered = ['https://app.example/cb', 'http://127.0.0.1:5000/cb', 'cursor://host/cb'];
  expect(registered.every((uri) => isRegistered(uri, registered))).toBe(true);
  expect(isRegistered('http://127.0.0.1:6000/cb', registered)).toBe(true);
  for (const uri of [
    'https://app.example:1/cb',
    'http://127.0.0.1:5000/cb?x',
    'cursor://host:1/cb',
    'https://127.0.0.1/cb',
  ]) {
    expect(isRegistered(uri, registered)).toBe(false);
  }
});
