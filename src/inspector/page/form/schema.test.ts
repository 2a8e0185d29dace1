import { describe, expect, test } from 'vitest';
import type { JsonSchema } from '../../../model/index.ts';
import { chosenOption, type Definitions, shapeOf, startValue } from './schema.ts';

const DEFINITIONS: Definitions = {
  Name: { type: 'string' },
  Dry: {
    type: 'object',
    required: ['kind', 'grams'],
    properties: { kind: { const: 'dry' }, grams: { type: 'integer' } },
  },
  Wet: { type: 'object', required: ['kind'], properties: { kind: { const: 'wet' }, cans: { type: 'integer' } } },
  Loop: { $ref: '#/$defs/Loop' },
  Node: { type: 'object', properties: { next: { $ref: '#/$defs/Node' } } },
};
const DIGITS = '^-?(0|[1-9]\\d*)$';

describe('the shape of a schema', () => {
  const rows: readonly (readonly [string, JsonSchema, object])[] = [
    ['a text', { type: 'string' }, { kind: 'text', isLong: false }],
    ['a long text', { type: 'string', maxLength: 5000 }, { kind: 'text', isLong: true }],
    ['a number', { type: 'number' }, { kind: 'number', isInteger: false }],
    ['a large integer', { type: ['integer', 'string'], pattern: DIGITS }, { kind: 'number', isInteger: true }],
    ['a boolean', { type: 'boolean' }, { kind: 'boolean' }],
    ['null', { type: 'null' }, { kind: 'fixed', value: null }],
    ['a constant', { const: 'x' }, { kind: 'fixed', value: 'x' }],
    ['listed values', { enum: [1, 'a', null] }, { kind: 'listed', values: [1, 'a', null] }],
    ['a list', { type: 'array', items: { type: 'string' } }, { kind: 'list', items: { type: 'string' } }],
    ['a tuple', { type: 'array', prefixItems: [{ type: 'string' }] }, { kind: 'json' }],
    ['a map', { type: 'object', additionalProperties: { type: 'string' } }, { kind: 'json' }],
    ['anything', true, { kind: 'json' }],
    ['nothing known', {}, { kind: 'json' }],
    ['a reference', { $ref: '#/$defs/Name' }, { kind: 'text', isLong: false }],
    ['a reference to itself', { $ref: '#/$defs/Loop' }, { kind: 'json' }],
    ['a reference to nothing', { $ref: '#/$defs/constructor' }, { kind: 'json' }],
    ['a nullable type', { type: ['string', 'null'] }, { kind: 'nullable', schema: { type: 'string' } }],
    [
      'a nullable reference',
      { anyOf: [{ $ref: '#/$defs/Name' }, { type: 'null' }], description: 'Who.' },
      { kind: 'nullable', schema: { $ref: '#/$defs/Name', description: 'Who.' } },
    ],
    [
      'several types',
      { type: ['string', 'integer'] },
      {
        kind: 'choice',
        options: [
          { label: 'text', schema: { type: 'string' } },
          { label: 'integer', schema: { type: 'integer' } },
        ],
      },
    ],
    [
      'alternatives',
      { oneOf: [{ $ref: '#/$defs/Dry' }, { title: 'By can', type: 'object' }, {}] },
      {
        kind: 'choice',
        options: [
          { label: 'Dry', schema: { $ref: '#/$defs/Dry' } },
          { label: 'By can', schema: { title: 'By can', type: 'object' } },
          { label: 'option 3', schema: {} },
        ],
      },
    ],
    [
      'parts',
      { allOf: [{ properties: { a: { type: 'string' } }, required: ['a'] }], properties: { b: {} } },
      {
        kind: 'object',
        properties: [
          { name: 'a', schema: { type: 'string' }, isRequired: true },
          { name: 'b', schema: {}, isRequired: false },
        ],
      },
    ],
    [
      'alternatives that only require properties',
      { type: 'object', properties: { a: {} }, anyOf: [{ required: ['a'] }] },
      { kind: 'object', properties: [{ name: 'a', schema: {}, isRequired: false }] },
    ],
    [
      'no arguments',
      { type: 'object', properties: {}, additionalProperties: false },
      { kind: 'object', properties: [] },
    ],
  ];
  test.each(rows)('of %s', (_, schema, shape) => {
    expect(shapeOf(schema, DEFINITIONS)).toEqual(shape);
  });

  test('of parts that share parts many times over is found at once', () => {
    const shared: Record<string, JsonSchema> = { P0: { type: 'string' } };
    for (let level = 1; level <= 60; level++) {
      const below = { $ref: `#/$defs/P${level - 1}` };
      shared[`P${level}`] = { allOf: [below, below] };
    }
    expect(shapeOf({ $ref: '#/$defs/P60' }, shared)).toEqual({ kind: 'text', isLong: false });
  });
});

test('the alternative is found that a value was made for', () => {
  const options = [
    { label: 'Dry', schema: { $ref: '#/$defs/Dry' } },
    { label: 'Wet', schema: { $ref: '#/$defs/Wet' } },
    { label: 'text', schema: { type: 'string' } },
  ] as const;
  const chosen = (value: unknown) => chosenOption(options, value, DEFINITIONS);
  expect([{ kind: 'dry' }, { kind: 'wet' }, 'x', 7, undefined].map(chosen)).toEqual([0, 1, 2, -1, -1]);
});

test('a value starts with its constants, and nothing that was not chosen', () => {
  expect(startValue({ $ref: '#/$defs/Dry' }, DEFINITIONS)).toEqual({ kind: 'dry' });
  expect(startValue({ $ref: '#/$defs/Node' }, DEFINITIONS)).toEqual({});
  expect(startValue({ type: 'string', default: 'x' }, DEFINITIONS)).toBeUndefined();
});
