import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMessage } from './exact-message.ts';

const call = (args: string) => `{"id":990000000262240065,"method":"tools/call","params":{"arguments":${args}}}`;

describe('arguments of a call', () => {
  test.each([
    ['{"a":990000000262240065}', { a: '990000000262240065' }, ['990000000262240065']],
    ['{"a":-990000000262240065}', { a: '-990000000262240065' }, ['-990000000262240065']],
    ['{"a":1700000000000000000}', { a: 1700000000000000000 }, ['1700000000000000000']],
    ['{"a":9007199254740993.0}', { a: '9007199254740993' }, ['9007199254740993']],
    ['{"a":9007199254740993e1}', { a: '90071992547409930' }, ['90071992547409930']],
  ])('%s', (args, want, integers) => {
    expect(parseMessage(call(args))).toMatchObject({
      params: { arguments: want, _meta: { 'openapi-mcp/exactIntegers': expect.arrayContaining(integers) } },
    });
  });

  test('each message of a batch has its own', () => {
    const text = `[${call('{"a":990000000262240065}')},{"method":"ping"}]`;
    expect(parseMessage(text)).toMatchObject([
      { params: { arguments: { a: '990000000262240065' } } },
      { method: 'ping' },
    ]);
  });
});

test.each([
  '{"id":990000000262240065,"method":"ping"}',
  '{"method":"tools/call","params":{"arguments":{"a":"990000000262240065"}}}',
  '{"method":"tools/call","params":{"arguments":{"a":0.12345678901234567890,"b":1e-20,"c":1e400}}}',
])('%s stays what JSON.parse says', (text) => {
  expect(parseMessage(text)).toEqual(JSON.parse(text));
});

test('so does all other JSON', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseMessage(text)).toEqual(JSON.parse(text));
    }),
  );
});
