import { expect, test } from 'vitest';
import { messageParts } from './message-parts.ts';

const tools = Array.from({ length: 3_000 }, (_, at) => ({ name: `tool${at}`, description: 'é…'.repeat(40), at: null }));

test.each<[string, object]>([
  ['a short result', { jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text: 'a\nb' }] } }],
  ['no result', { jsonrpc: '2.0', id: 1, result: {} }],
  ['absent values', { jsonrpc: '2.0', id: 1, result: { tools: [], nextCursor: undefined, _meta: { a: undefined } } }],
  ['a long list', { jsonrpc: '2.0', id: 'x"y', result: { tools, ttlMs: 1, nested: { tools } } }],
  ['lists of any length', { lists: [0, 1, 49, 50, 51, 100, 101].map((length) => Array(length).fill(undefined)) }],
  ['values that write themselves', { at: new Date(0), params: { list: { toJSON: () => [1] } } }],
])('%s: the parts are one line of JSON', (_, message) => {
  expect([...messageParts(message)].join('')).toBe(`${JSON.stringify(message)}\n`);
});

test('a long list has parts of about the same length, and a short message is one part', () => {
  const lengths = [...messageParts({ id: 1, result: { tools } })].map(({ length }) => length);
  expect(lengths.length).toBeGreaterThan(2);
  for (const length of lengths.slice(0, -1)) expect(Math.abs(length - 131_072)).toBeLessThan(10_000);
  expect([...messageParts({ id: 1, result: {} })]).toEqual(['{"id":1,"result":{}}\n']);
});
