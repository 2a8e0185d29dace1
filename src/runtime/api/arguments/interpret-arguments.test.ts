import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonSchema, JsonSchemaObject } from '../../../model/index.ts';
import type { SchemaFault } from '../schema/schema-check.ts';
import { withDefs } from '../schema/schema-closure.ts';
import { createInterpretingCompiler, createInterpretingValidator } from './interpret-arguments.ts';
import { createArgumentValidator, createSchemaCompiler } from './validate-arguments.ts';

// What Ajv says is what this engine says: messages, their order, and how many there are. Left out is where Ajv is wrong:
// - In branches and recursive definitions it confuses what was evaluated, and with patterns it may throw.
// - If it stops at the first error, "prefixItems" with more schemas than items makes it skip the keywords after that.
// - An empty list may contain what the list before it did.
// - An error in a property name is not at that property if it is in a definition.

type Schemas = Readonly<Record<string, JsonSchema>>;

async function expectSameMessages(value: unknown, schema: JsonSchema, shared: Schemas): Promise<void> {
  const properties = { value: schema };
  const operation = { arguments: { type: 'object', properties, required: [], additionalProperties: false } as const };
  const wanted = await unlessItThrows(() => createArgumentValidator().validate(operation, shared, { value }));
  expect(await createInterpretingValidator().validate(operation, shared, { value })).toEqual(wanted);
}

async function expectSamePaths(value: unknown, schema: JsonSchema, shared: Schemas): Promise<void> {
  const whole = typeof schema === 'boolean' ? schema : withDefs(schema, shared);
  const wanted = await unlessItThrows(async () => (await createSchemaCompiler()(whole))?.(value));
  const found = (await createInterpretingCompiler()(whole))?.(value);
  expect(found?.map(pathAndKeyword)).toEqual(wanted?.map(pathAndKeyword));
}

/** Only Ajv has all parameters of a keyword. */
const pathAndKeyword = ({ path, keyword }: SchemaFault) => ({ path, keyword });

/** Ajv writes to a list of evaluated properties that does not exist. */
async function unlessItThrows<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof TypeError && /Cannot set properties of undefined/.test(error.message)) fc.pre(false);
    throw error;
  }
}

// Without `constructor`: Ajv counts what every object inherits as evaluated.
const NAMES = ['a', 'b', 'c', 'x-1'];
const PATTERNS = ['^a', '^[a-c]$', '^x-', '[', '^(a+)+$', '(?!b)a', '^(a|b)*c$'];

const names = fc.constantFrom(...NAMES);
const small = fc.integer({ min: 0, max: 3 });
const scalar = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, 1, -1, 2.5, 1e21, '', 'a', 'ab', 'abc', 'x-1', '12', '-0', '007'),
  fc.constantFrom<unknown>('2024-02-30', '2024-02-29', 'a@b', '123e4567-e89b-12d3-a456-426614174000', '99999999999'),
  fc.integer({ min: -5, max: 5 }),
);
const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

const { schema: schemas } = fc.letrec<{ schema: JsonSchema; some: readonly JsonSchema[]; byName: Schemas }>((tie) => {
  const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined, freq: 5 });
  const type = fc.constantFrom('null', 'boolean', 'integer', 'number', 'string', 'array', 'object');
  const keywords: { readonly [Name in keyof JsonSchemaObject]?: fc.Arbitrary<unknown> } = {
    $ref: fc.constantFrom('#/$defs/A', '#/$defs/B'),
    type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })),
    enum: fc.array(values, { minLength: 1, maxLength: 3 }),
    const: values,
    format: fc.constantFrom('date', 'date-time', 'uuid', 'email', 'int32', 'int64', 'uri', 'ipv4', 'phone', 'byte'),
    minLength: small,
    maxLength: small,
    pattern: fc.constantFrom(...PATTERNS),
    minimum: small,
    maximum: small,
    exclusiveMinimum: small,
    exclusiveMaximum: small,
    multipleOf: fc.constantFrom(1, 2, 0.01, 0.5),
    items: tie('schema'),
    prefixItems: tie('some'),
    contains: tie('schema'),
    minContains: small,
    maxContains: small,
    minItems: small,
    maxItems: small,
    uniqueItems: fc.boolean(),
    unevaluatedItems: tie('schema'),
    properties: tie('byName'),
    patternProperties: fc.dictionary(fc.constantFrom(...PATTERNS), tie('schema'), {
      maxKeys: 2,
      noNullPrototype: true,
    }),
    additionalProperties: tie('schema'),
    unevaluatedProperties: tie('schema'),
    propertyNames: tie('schema'),
    required: fc.uniqueArray(names, { minLength: 1, maxLength: 2 }),
    dependentRequired: fc.dictionary(names, fc.uniqueArray(names, { maxLength: 2 }), {
      maxKeys: 2,
      noNullPrototype: true,
    }),
    dependentSchemas: fc.dictionary(names, tie('schema'), { maxKeys: 2, noNullPrototype: true }),
    minProperties: small,
    maxProperties: small,
    allOf: tie('some'),
    anyOf: tie('some'),
    oneOf: tie('some'),
    not: tie('schema'),
    if: tie('schema'),
    then: tie('schema'),
    else: tie('schema'),
  };
  const picked = fc
    .subarray(Object.keys(keywords) as (keyof typeof keywords)[], { minLength: 1, maxLength: 5 })
    .chain((chosen) =>
      fc.record(Object.fromEntries(chosen.map((keyword) => [keyword, keywords[keyword] ?? maybe(small)]))),
    );
  return {
    schema: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<JsonSchema>(true, false, { type: 'integer' }, { type: 'string' }),
      picked as fc.Arbitrary<JsonSchema>,
    ),
    some: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }),
    byName: fc.dictionary(names, tie('schema'), { maxKeys: 3, noNullPrototype: true }),
  };
});

/** A cycle without progress would overflow the stack of both. */
const shared = fc.record({
  A: fc.constantFrom<JsonSchema>(
    { type: 'object', properties: { a: { $ref: '#/$defs/A' }, b: { type: 'integer' } }, additionalProperties: false },
    { anyOf: [{ type: 'integer' }, { type: 'array', items: { $ref: '#/$defs/A' } }] },
    { properties: { a: true } },
  ),
  B: fc.constantFrom<JsonSchema>(
    { properties: { b: { type: 'string' } }, required: ['b'] },
    { type: ['string', 'null'] },
  ),
});

const numRuns = Number(process.env.OPENAPI_MCP_SEEDS ?? 250) * 4;

const has = (schema: JsonSchema, ...keywords: readonly string[]) =>
  keywords.some((keyword) => JSON.stringify(schema).includes(`"${keyword}"`));

function isComparable(value: unknown, schema: JsonSchema): boolean {
  if (has(schema, 'unevaluatedItems', 'unevaluatedProperties')) return false;
  return !(has(schema, 'contains') && JSON.stringify(value).includes('[]'));
}

describe('without code generation, errors are those of Ajv', () => {
  test('in arguments', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(values, schemas, shared, async (value, schema, defs) => {
        fc.pre(isComparable(value, schema) && !has(schema, 'prefixItems'));
        await expectSameMessages(value, schema, defs);
      }),
      { numRuns },
    );
  });

  test('in responses', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(values, schemas, shared, async (value, schema, defs) => {
        fc.pre(isComparable(value, schema) && !(has(schema, 'propertyNames') && has(schema, '$ref')));
        await expectSamePaths(value, schema, defs);
      }),
      { numRuns },
    );
  });
});

describe('what is evaluated', () => {
  const petOrPlant: JsonSchema = {
    anyOf: [{ properties: { legs: true }, required: ['legs'] }, { required: ['leaves'] }],
  };
  const table: readonly [name: string, schema: JsonSchema, value: unknown, want: readonly string[]][] = [
    [
      'properties of a branch that matches',
      { properties: { name: true }, ...petOrPlant, unevaluatedProperties: false },
      { name: 'Rex', legs: 4 },
      [],
    ],
    [
      'no properties of a branch that does not',
      { ...petOrPlant, unevaluatedProperties: false },
      { leaves: 3 },
      ['value.leaves: is not a known property. No keys are allowed here.'],
    ],
    [
      'those of a reference and a pattern',
      { $ref: '#/$defs/B', patternProperties: { '^x-': true }, unevaluatedProperties: false },
      { b: 'x', 'x-1': 1 },
      [],
    ],
    [
      'items of a prefix',
      { allOf: [{ prefixItems: [true] }], unevaluatedItems: false },
      [1, 2],
      ['value: must have 1 items or fewer; got a list of 2 items'],
    ],
    [
      'those of a condition that holds',
      { if: { items: true }, then: { minItems: 1 }, unevaluatedItems: false },
      [1],
      [],
    ],
  ];
  test.each(table)('%s', async (_, schema, value, want) => {
    const properties = { value: schema };
    const operation = { arguments: { type: 'object', properties, required: [], additionalProperties: false } as const };
    const defs = { B: { properties: { b: true } } };
    for (const validator of [createInterpretingValidator(), createArgumentValidator()]) {
      expect((await validator.validate(operation, defs, { value })).map(({ message }) => message)).toEqual(want);
    }
  });
});
