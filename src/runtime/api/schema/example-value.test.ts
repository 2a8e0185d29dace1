import { describe, expect, test } from 'vitest';
import type { JsonSchema, JsonValue } from '../../../model/index.ts';
import { exampleValue } from './example-value.ts';

const SHARED: Record<string, JsonSchema> = {
  Pet: {
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string', examples: ['Ada'] },
      friends: { type: 'array', items: { $ref: '#/$defs/Pet' } },
    },
  },
  Endless: { type: 'object', required: ['next'], properties: { next: { $ref: '#/$defs/Endless' } } },
  Self: { $ref: '#/$defs/Self' },
};

describe('a value made from a schema', () => {
  const rows: { name: string; given: JsonSchema; want: JsonValue }[] = [
    { name: 'is its first example', given: { type: 'string', examples: ['a', 'b'], default: 'c' }, want: 'a' },
    { name: 'does not use an example of another type', given: { type: 'object', examples: ['{}'] }, want: {} },
    {
      name: 'does not use a shortened example',
      given: { type: 'string', examples: ['ab…', 'abcd'], minLength: 4 },
      want: 'abcd',
    },
    {
      name: 'skips a placeholder of a time',
      given: { type: 'string', format: 'date-time', examples: ['@{utcNow()}', '2026-01-01T00:00:00Z'] },
      want: '2026-01-01T00:00:00Z',
    },
    { name: 'is its default', given: { type: 'integer', default: 4 }, want: 4 },
    { name: 'is its constant, null included', given: { const: null }, want: null },
    { name: 'is the first of its enum', given: { enum: ['x', 'y'] }, want: 'x' },
    { name: 'is of the first type that is not null', given: { type: ['null', 'boolean'] }, want: true },
    { name: 'has its format', given: { type: 'string', format: 'date' }, want: '2024-01-31' },
    { name: 'keeps to the length of a string', given: { type: 'string', minLength: 9 }, want: 'examplexx' },
    { name: 'keeps to the bounds of a number', given: { type: 'number', exclusiveMinimum: 3, maximum: 10 }, want: 4 },
    { name: 'is a multiple', given: { type: 'integer', minimum: 7, multipleOf: 5 }, want: 10 },
    { name: 'has one item', given: { type: 'array', items: { type: 'integer' } }, want: [1] },
    { name: 'has at least minItems', given: { type: 'array', items: { const: 1 }, minItems: 2 }, want: [1, 1] },
    {
      name: 'has a tuple in order',
      given: { prefixItems: [{ const: 1 }, { const: 'a' }], items: false },
      want: [1, 'a'],
    },
    {
      name: 'joins the parts of allOf',
      given: { allOf: [{ properties: { a: { const: 1 } } }, { properties: { b: { const: 2 } } }] },
      want: { a: 1, b: 2 },
    },
    { name: 'has what is required and not described', given: { type: 'object', required: ['a'] }, want: { a: {} } },
    { name: 'takes the first of oneOf', given: { oneOf: [{ const: 'one' }, { const: 'two' }] }, want: 'one' },
  ];
  for (const { name, given, want } of rows) {
    test(name, () => expect(exampleValue(given, SHARED)).toEqual(want));
  }

  test('terminates for a recursive schema', () => {
    const text = JSON.stringify(exampleValue({ $ref: '#/$defs/Pet' }, SHARED));
    expect(text).toContain('"friends":[{"name":"Ada"');
    expect(text.length).toBeLessThan(500);
  });

  test('terminates for a schema that requires itself, or only refers to itself', () => {
    expect(JSON.stringify(exampleValue({ $ref: '#/$defs/Endless' }, SHARED)).length).toBeLessThan(500);
    expect(exampleValue({ $ref: '#/$defs/Self' }, SHARED)).toEqual({});
  });
});
