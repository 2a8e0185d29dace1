import { describe, expect, test } from 'vitest';
import { bearerChallenge } from './bearer-challenge.ts';
import { covers, resourceUrl } from './resource-url.ts';

describe('a challenge', () => {
  test.each([
    [undefined, { scopes: [] }],
    ['Basic realm="x"', { scopes: [] }],
    ['Bearer', { scopes: [] }],
    ['bearer error="invalid_token"', { error: 'invalid_token', scopes: [] }],
    [
      'Basic realm="a, b", Bearer realm="x", error="insufficient_scope", scope="a b a", resource_metadata="https://h/m"',
      { error: 'insufficient_scope', scopes: ['a', 'b'], resourceMetadata: 'https://h/m' },
    ],
    // Anything but the characters of RFC 6749 §3.3 is left out.
    ['Bearer scope="ok \u001b[31m no\\"quote"', { scopes: ['ok'] }],
    [`Bearer scope="${'x'.repeat(201)} y"`, { scopes: ['y'] }],
  ])('%s', (header, want) => {
    expect(bearerChallenge(header)).toEqual(want);
  });
});

describe('the URL of a server', () => {
  test.each([
    ['https://Example.com/mcp', 'https://example.com/mcp'],
    ['https://example.com:443/mcp/?key=secret#x', 'https://example.com/mcp'],
    ['https://example.com', 'https://example.com/'],
    ['https://example.com/a/../mcp', 'https://example.com/mcp'],
  ])('%s has the canonical form %s', (given, want) => {
    expect(resourceUrl(given)).toBe(want);
  });

  test.each([
    ['https://h.example/mcp', 'https://h.example/mcp', true],
    ['https://h.example/mcp', 'https://h.example/mcp/', true],
    ['https://h.example/mcp/', 'https://h.example/mcp', true],
    ['https://h.example/mcp', 'https://h.example/mcp/a?b', true],
    ['https://h.example', 'https://h.example/mcp', true],
    ['https://h.example/mcp', 'https://h.example/mcp2', false],
    ['https://h.example/mcp', 'https://h.example/', false],
    ['https://h.example/mcp', 'https://h.example/mcp/../other', false],
    ['https://h.example/mcp', 'http://h.example/mcp', false],
    ['https://h.example/mcp', 'https://h.example:8443/mcp', false],
    ['https://h.example/mcp', 'https://h.example.evil.example/mcp', false],
    ['not a URL', 'https://h.example/mcp', false],
  ])('%s covers %s: %s', (resource, url, want) => {
    expect(covers(resource, url)).toBe(want);
  });
});
