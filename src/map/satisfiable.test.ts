import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonSchema, JsonSchemaObject } from '../model/index.ts';
import { propertyRuns } from '../property-runs.test.fixture.ts';
import { whyUnsatisfiable } from './satisfiable.ts';

const shared: Record<string, JsonSchema> = {
  Closed: { type: 'object', properties: { a: true }, required: ['a'], additionalProperties: false },
  Endless: { type: 'object', required: ['next'], properties: { next: { $ref: '#/$defs/Endless' } } },
  Never: false,
};
const closed = (name: string): JsonSchema => ({
  type: 'object',
  properties: { [name]: { type: 'string' } },
  required: [name],
  additionalProperties: false,
});

test.each<[JsonSchema, string]>([
  [false, 'false'],
  [{ $ref: '#/$defs/Never' }, 'false'],
  [{ type: 'integer', enum: ['a'] }, 'enumeration'],
  [{ type: 'string', const: 1 }, 'enumeration'],
  [{ enum: [1, 2], const: 3 }, 'enumeration'],
  [{ type: 'integer', enum: [1], minimum: 2 }, 'enumeration'],
  [{ type: 'string', enum: ['abc'], maxLength: 2 }, 'enumeration'],
  [{ allOf: [{ type: 'string' }, { type: 'integer' }] }, 'types'],
  [{ type: 'number', minimum: 2, maximum: 1 }, 'minimum'],
  [{ type: 'number', exclusiveMinimum: 1, maximum: 1 }, 'minimum'],
  [{ type: 'integer', minimum: 1.2, maximum: 1.8 }, 'no integer'],
  [{ type: 'string', minLength: 3, maxLength: 2 }, 'minLength'],
  [{ type: 'array', minItems: 3, maxItems: 2 }, 'minItems'],
  [{ type: 'array', minItems: 1, items: false }, 'needs an item'],
  [{ allOf: [closed('a'), closed('b')] }, 'forbidden'],
  [{ allOf: [{ $ref: '#/$defs/Closed' }, closed('b')] }, 'forbidden'],
  [{ type: 'object', required: ['a'], properties: { a: { type: 'string', minLength: 2, maxLength: 1 } } }, '"a" is'],
  [{ type: 'object', required: ['a', 'b'], maxProperties: 1 }, 'more properties'],
  [{ anyOf: [false, { type: 'integer', minimum: 2, maximum: 1 }] }, 'alternatives'],
  [{ type: 'string', oneOf: [{ type: 'integer' }, { type: 'object' }] }, 'alternatives'],
])('%j has no valid value', (schema, why) => {
  expect(whyUnsatisfiable(schema, shared)).toContain(why);
});

test.each<JsonSchema>([
  true,
  {},
  { $ref: '#/$defs/Closed' },
  { $ref: '#/$defs/Endless' },
  { type: ['integer', 'null'], minimum: 2, maximum: 1 },
  { minimum: 2, maximum: 1 },
  { type: 'array', minItems: 0, items: false },
  { enum: [{ a: 1, b: 2 }], const: { b: 2, a: 1 } },
  { type: 'integer', enum: [1.0] },
  { allOf: [{ type: 'number' }, { type: 'integer' }] },
  { type: 'object', required: ['x'], patternProperties: { x: true }, additionalProperties: false },
])('%j may have a valid value', (schema) => {
  expect(whyUnsatisfiable(schema, shared)).toBeUndefined();
});

test('a schema with a valid value is never called unsatisfiable', () => {
  const ajv = new Ajv2020({ strict: false, logger: false });
  const schema = schemas(2);
  const values = [
    0,
    1,
    -1,
    2,
    0.5,
    1.5,
    '',
    'a',
    'ab',
    null,
    [],
    [0],
    ['a'],
    {},
    { a: 1 },
    { a: 'a' },
    { a: 1, b: 1 },
    { a: {} },
  ];
  fc.assert(
    fc.property(schema, (made) => {
      const isValid = ajv.compile(made);
      if (values.some((value) => isValid(value))) expect(whyUnsatisfiable(made, {})).toBeUndefined();
    }),
    { numRuns: propertyRuns(300) },
  );
});

function schemas(depth: number): fc.Arbitrary<JsonSchemaObject> {
  const inner = depth > 0 ? schemas(depth - 1) : fc.constant<JsonSchemaObject>({});
  return fc.record(
    {
      type: fc.constantFrom('integer', 'number', 'string', 'array', 'object', 'null'),
      enum: fc.array(fc.constantFrom(0, 1, 1.5, 'a', 'ab', null), { minLength: 1, maxLength: 3 }),
      minimum: fc.integer({ min: -1, max: 2 }),
      maximum: fc.integer({ min: -1, max: 2 }),
      exclusiveMinimum: fc.integer({ min: -1, max: 1 }),
      minLength: fc.nat(2),
      maxLength: fc.nat(2),
      minItems: fc.nat(1),
      items: inner,
      required: fc.constantFrom(['a'], ['a', 'b']),
      properties: fc.record({ a: inner }, { requiredKeys: [] }),
      additionalProperties: fc.boolean(),
      allOf: fc.array(inner, { minLength: 1, maxLength: 2 }),
      anyOf: fc.array(inner, { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<JsonSchemaObject>;
}
