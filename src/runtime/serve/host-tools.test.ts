import { expect, test } from 'vitest';
import type { Tool } from '../provider.ts';
import { hostTools } from './host-tools.ts';

const shown = (inputSchema: object) =>
  hostTools([{ name: 't', inputSchema: inputSchema as Tool['inputSchema'] }])[0]?.inputSchema;

test.each<{ given: object; want: object }>([
  {
    given: { type: 'object', properties: { x: true, y: false } },
    want: { type: 'object', properties: { x: {}, y: { not: {} } } },
  },
  {
    given: { type: 'object', $defs: { a: true }, properties: { list: { type: 'array', items: true } } },
    want: { type: 'object', $defs: { a: {} }, properties: { list: { type: 'array', items: {} } } },
  },
  {
    given: { type: 'object', additionalProperties: false, anyOf: [true, { properties: { x: true } }] },
    want: { type: 'object', additionalProperties: false, anyOf: [{}, { properties: { x: {} } }] },
  },
  {
    given: { type: 'object', additionalProperties: { not: true } },
    want: { type: 'object', additionalProperties: { not: {} } },
  },
  {
    given: { type: 'object', properties: { x: { default: { items: true }, const: true, enum: [true] }, y: true } },
    want: { type: 'object', properties: { x: { default: { items: true }, const: true, enum: [true] }, y: {} } },
  },
  {
    given: {
      type: 'object',
      properties: [true],
      items: [true],
      allOf: { a: true },
      not: 7,
      $defs: { a: null, b: true },
    },
    want: { type: 'object', properties: [true], items: [true], allOf: { a: true }, not: 7, $defs: { a: null, b: {} } },
  },
])('shows $given as $want', ({ given, want }) => {
  const before = JSON.stringify(given);
  expect(shown(given)).toEqual(want);
  expect(JSON.stringify(given)).toBe(before);
});

test('a list without bare booleans is the same array', () => {
  const tools: readonly Tool[] = [
    { name: 't', inputSchema: { type: 'object', additionalProperties: false, properties: { x: { type: 'string' } } } },
  ];
  expect(hostTools(tools)).toBe(tools);
});

test('a schema may have any depth', () => {
  let schema: object = { properties: { x: true } };
  for (let depth = 0; depth < 100_000; depth++) schema = { properties: { x: schema } };
  let inner: object | undefined = shown({ type: 'object', ...schema });
  for (let depth = 0; depth < 100_001; depth++) {
    inner = (inner as { properties: { x: object } } | undefined)?.properties.x;
  }
  expect(inner).toEqual({});
});
