import { expect, test } from 'vitest';
import { httpAddress } from './http-address.ts';

test.each<{ given: string; headers?: Readonly<Record<string, string>>; want: object }>([
  { given: 'https://example.com/mcp?key=1', want: {} },
  { given: 'https://ann:p%40ss@example.com/mcp?key=1', want: { Authorization: 'Basic YW5uOnBAc3M=' } },
  { given: 'https://ann@example.com/mcp?key=1', want: { Authorization: 'Basic YW5uOg==' } },
  {
    given: 'https://ann:pass@example.com/mcp?key=1',
    headers: { authorization: 'Bearer t' },
    want: { authorization: 'Bearer t' },
  },
  { given: 'https://example.com/mcp?key=1', headers: { 'X-Key': 'k' }, want: { 'X-Key': 'k' } },
])('$given is started with $want', ({ given, headers = {}, want }) => {
  const address = httpAddress(given, headers);
  expect(address.url.href).toBe('https://example.com/mcp?key=1');
  expect(address.headers).toEqual(want);
});

test.each([
  'ftp://ann:s3cret@example.com/mcp?key=s3cret',
  'https://ann:s3@cret@example.com:port/mcp#s3cret',
  'ann:s3cret@example.com/mcp',
])('an invalid address is reported without possible secrets: %s', (given) => {
  expect(() => httpAddress(given, {})).toThrow(/^"[^"]*example\.com[^"]*" is not the URL of an MCP server/);
  expect(() => httpAddress(given, {})).not.toThrow(/s3|cret/);
});

test.each([{ 'X-Key': 's3cret\nmore' }, { 'X-Key': '“s3cret”' }, { 'X Key': 's3cret' }])(
  'a header that cannot be sent is reported by name: %j',
  (headers) => {
    expect(() => httpAddress('https://example.com', headers)).toThrow(
      /^The header "X.Key" for example\.com contains a/,
    );
    expect(() => httpAddress('https://example.com', headers)).not.toThrow(/s3cret/);
  },
);
