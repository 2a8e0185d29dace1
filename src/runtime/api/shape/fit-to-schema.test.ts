import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonSchema, JsonSchemaObject } from '../../../model/index.ts';
import { propertyRuns } from '../../../property-runs.test.fixture.ts';
import { createSchemaCompiler } from '../arguments/validate-arguments.ts';
import { fitToSchema } from './fit-to-schema.ts';

const compile = createSchemaCompiler();

async function fitted(schema: JsonSchemaObject, value: Record<string, unknown>) {
  const check = await compile(schema);
  if (!check) throw new Error('does not compile');
  return { ...fitToSchema(value, check), check };
}

describe('what breaks the schema is left out', () => {
  const pet: JsonSchema = { type: 'object', properties: { id: { type: 'integer' }, name: { type: 'string' } } };
  const list: JsonSchema = { type: 'object', properties: { result: { type: 'array', items: pet } } };
  const table: readonly [
    name: string,
    schema: JsonSchema,
    value: Record<string, unknown>,
    want: object,
    omitted: readonly string[],
  ][] = [
    ['nothing', pet, { id: 1, more: true }, { id: 1, more: true }, []],
    ['a member', pet, { id: 'x', name: 'n' }, { name: 'n' }, ['id']],
    [
      'deep down',
      list,
      { result: [{ id: 1 }, { id: 'x', name: 'n' }] },
      { result: [{ id: 1 }, { name: 'n' }] },
      ['result[1].id'],
    ],
    ['an item', list, { result: [{ id: 1 }, 7] }, { result: [{ id: 1 }] }, ['result[1]']],
    ['the list as a whole', list, { result: 'none' }, {}, ['result']],
    [
      'what fits no branch',
      { properties: { a: { anyOf: [{ type: 'string' }, pet] } } },
      { a: { id: 'x' }, b: 1 },
      { b: 1 },
      ['a'],
    ],
    [
      'a list that has become too short',
      { properties: { l: { minItems: 2, items: { type: 'integer' } } } },
      { l: [1, 'x'], b: 1 },
      { b: 1 },
      ['l[1]', 'l'],
    ],
    [
      'an unknown member',
      { properties: { a: { properties: { b: true }, additionalProperties: false } } },
      { a: { b: 1, c: 2 } },
      { a: { b: 1 } },
      ['a.c'],
    ],
    [
      'everything, where the root fits no branch',
      { anyOf: [{ properties: { a: { type: 'string' } } }, { maxProperties: 0 }] },
      { a: 1 },
      {},
      ['everything'],
    ],
    ['a format', { properties: { d: { type: 'string', format: 'date-time' } } }, { d: 'today' }, {}, ['d']],
  ];
  test.each(table)('%s', async (_, schema, value, want, omitted) => {
    if (typeof schema === 'boolean') return;
    const result = await fitted(schema, value);
    expect(result.value).toEqual(want);
    expect(result.omitted).toEqual(omitted);
  });

  test('keys such as __proto__ survive', async () => {
    const { value } = await fitted({ properties: { a: { type: 'string' } } }, JSON.parse('{"__proto__":1,"a":1}'));
    expect(Object.keys(value)).toEqual(['__proto__']);
  });
});

const lenient: fc.Arbitrary<JsonSchema> = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<JsonSchema>(
      true,
      { type: 'string' },
      { type: 'integer' },
      { type: ['boolean', 'null'] },
      { enum: ['a', 1] },
      { type: 'string', minLength: 2 },
    ),
    fc.record({ type: fc.constant('array' as const), items: tie('schema'), minItems: fc.nat(2) }),
    fc.record({
      type: fc.constant('object' as const),
      properties: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('schema')),
    }),
    fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
  ),
})).schema;
const keyed = (value: fc.Arbitrary<unknown>) => fc.dictionary(fc.constantFrom('a', 'b', 'c', 'x'), value);
const answer = keyed(
  fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('a', 'ab', 1, 1.5, null, true),
      fc.array(tie('value'), { maxLength: 3 }),
      keyed(tie('value')),
    ),
  })).value,
);

test('whatever is left is valid', async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.constantFrom('a', 'b', 'c'), lenient), answer, async (properties, value) => {
      const { value: rest, omitted, check } = await fitted({ type: 'object', properties }, value);
      expect(check(rest)).toEqual([]);
      expect(omitted.length === 0).toBe(check(value).length === 0);
    }),
    { numRuns: propertyRuns(200) },
  );
});
