import { describe, expect, test } from 'vitest';
import type { JsonSchema, JsonSchemaObject } from '../../../model/index.ts';
import { mapSubschemas, withDefs } from './schema-closure.ts';

const shared: Readonly<Record<string, JsonSchema>> = {
  Pet: { type: 'object', properties: { owner: { $ref: '#/$defs/Person' }, tags: { items: { $ref: '#/$defs/Tag' } } } },
  Person: { type: 'object', properties: { pets: { items: { $ref: '#/$defs/Pet' } } } },
  Tag: { type: 'string' },
  Unused: { type: 'string' },
};

test('a schema without references is returned itself', () => {
  const schema: JsonSchemaObject = { type: 'object', properties: { a: { type: 'string' } } };
  expect(withDefs(schema, shared)).toBe(schema);
});

test('what is reached, through circles too, is attached and shared', () => {
  const schema: JsonSchemaObject = { anyOf: [{ $ref: '#/$defs/Pet' }] };
  const closed = withDefs(schema, shared);
  expect(Object.keys(closed.$defs ?? {}).sort()).toEqual(['Person', 'Pet', 'Tag']);
  expect(closed.$defs?.Pet).toBe(shared.Pet);
});

test('references are found in every schema position, and nowhere else', () => {
  const ref = { $ref: '#/$defs/Tag' };
  const places: readonly JsonSchemaObject[] = [
    ref,
    { items: ref },
    { prefixItems: [true, ref] },
    { additionalProperties: ref },
    { patternProperties: { '^x': ref } },
    { dependentSchemas: { a: ref } },
    { not: ref },
    { if: true, then: ref },
    { propertyNames: ref },
    { properties: { default: ref } },
    { $defs: { local: ref } },
  ];
  for (const place of places) expect(withDefs(place, shared).$defs).toHaveProperty('Tag');
  const data: JsonSchemaObject = { examples: [ref], default: ref, enum: [ref], const: ref };
  expect(withDefs(data, shared)).toBe(data);
});

test('a name that is not shared stays out', () => {
  const dangling = { $ref: '#/$defs/Gone' };
  expect(withDefs(dangling, shared)).toBe(dangling);
  expect(withDefs({ $ref: '#/$defs/toString' }, shared)).not.toHaveProperty('$defs');
});

describe('malformed schemas of other servers', () => {
  const ref = { $ref: '#/$defs/Tag' };
  const malformed: readonly object[] = [
    ...['items', 'not', 'additionalProperties'].flatMap((one) =>
      [null, 7, 'x', [ref]].map((value) => ({ [one]: value })),
    ),
    ...['allOf', 'prefixItems'].flatMap((list) =>
      [null, 7, true, ref, [null, 7, [ref]]].map((value) => ({ [list]: value })),
    ),
    ...['properties', '$defs'].flatMap((map) =>
      [null, 7, true, [ref], { a: null, b: [ref] }].map((value) => ({ [map]: value })),
    ),
  ];
  test.each(malformed.map((schema) => [JSON.stringify(schema), schema]))('%s contains no schemas', (_, schema) => {
    expect(mapSubschemas(schema, () => true)).toBe(schema);
    expect(withDefs(schema, shared)).toBe(schema);
  });

  test('the schemas next to malformed values are still replaced', () => {
    const schema = { allOf: [null, {}], properties: { a: 7, b: {} } } as object;
    expect(mapSubschemas(schema, () => true)).toEqual({ allOf: [null, true], properties: { a: 7, b: true } });
  });
});
