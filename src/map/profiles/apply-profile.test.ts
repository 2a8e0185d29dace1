import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ArgumentsSchema, Coercion, CoercionStep, JsonSchema, JsonSchemaObject } from '../../model/index.ts';
import { propertyRuns } from '../../property-runs.test.fixture.ts';
import { coerce } from '../../runtime/api/arguments/coerce.ts';
import { applyProfile, nameViolations, PROFILES, type ProfileName, violations } from './index.ts';

type Shared = Record<string, JsonSchema>;

const withProperties = (properties: Shared, more: JsonSchemaObject = {}): ArgumentsSchema => ({
  additionalProperties: false,
  ...more,
  type: 'object',
  properties,
  required: more.required ?? [],
});
const apply = (name: ProfileName, exact: ArgumentsSchema, schemas: Shared = {}) =>
  applyProfile(exact, schemas, PROFILES[name]);
const one = (name: ProfileName, schema: JsonSchema, schemas: Shared = {}) =>
  apply(name, withProperties({ a: schema }), schemas).inputSchema?.properties?.a;

const INLINED = ['gemini', 'bedrock', 'cursor'] as const;
const REFERRING = ['generic', 'claude', 'openai'] as const;

describe.each(REFERRING)('%s', (name) => {
  test('keeps a plain root, including references and composition below it', () => {
    const exact = withProperties({ a: { $ref: '#/$defs/A' }, b: { oneOf: [{ type: 'string' }, { type: 'null' }] } });
    expect(apply(name, exact)).toEqual({ inputSchema: undefined, describedLosses: 0, coercions: [] });
  });

  test('removes composition from the root, and describes it', () => {
    const exact = withProperties(
      { a: { type: 'string' }, b: { type: 'string' } },
      { dependentRequired: { a: ['b'] }, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
    );
    expect(apply(name, exact)).toEqual({
      inputSchema: {
        type: 'object',
        properties: exact.properties,
        required: [],
        additionalProperties: false,
        description: 'Give a or b; a needs b.',
      },
      describedLosses: 2,
      coercions: [],
    });
  });
});

describe('gemini', () => {
  const table: { name: string; given: JsonSchema; want: unknown }[] = [
    { name: 'a plain string', given: { type: 'string', minLength: 1 }, want: { type: 'string', minLength: 1 } },
    { name: 'a type or null', given: { type: ['string', 'null'] }, want: { type: 'string', nullable: true } },
    {
      name: 'several types',
      given: { type: ['string', 'integer'], description: 'Id.' },
      want: { anyOf: [{ type: 'string', description: 'Id.' }, { type: 'integer' }] },
    },
    {
      name: 'a variant or null',
      given: { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }], description: 'Page.' },
      want: { type: 'integer', minimum: 1, nullable: true, description: 'Page.' },
    },
    {
      name: 'oneOf',
      given: { oneOf: [{ type: 'string' }, { type: 'boolean' }] },
      want: { anyOf: [{ type: 'string' }, { type: 'boolean' }] },
    },
    { name: 'const', given: { const: 'x' }, want: { type: 'string', enum: ['x'] } },
    { name: 'an enum with null', given: { enum: ['x', null] }, want: { type: 'string', enum: ['x'], nullable: true } },
    {
      name: 'an enum with the empty text',
      given: { type: 'string', enum: ['', 'x'] },
      want: { type: 'string', description: 'One of "", "x"' },
    },
    {
      name: 'constraints it does not support',
      given: { type: 'number', description: 'Step.', multipleOf: 5, exclusiveMinimum: 0 },
      want: { type: 'number', description: 'Step. (multiple of 5; greater than 0)', minimum: 0 },
    },
    {
      name: 'an exclusive bound of integers',
      given: { type: 'integer', exclusiveMaximum: 10 },
      want: { type: 'integer', maximum: 9 },
    },
    {
      name: 'an integer that may exceed 2^53',
      given: { type: 'integer', format: 'int64', description: 'Id.' },
      want: { type: 'integer', description: 'Id. (format: int64; beyond 2^53 as a string of digits)' },
    },
    {
      name: 'a format it does not support',
      given: { type: 'string', format: 'uuid' },
      want: { type: 'string', description: 'Format: uuid' },
    },
    {
      name: 'a format it supports',
      given: { type: 'string', format: 'date-time' },
      want: { type: 'string', format: 'date-time' },
    },
    { name: 'a list of anything', given: { type: 'array' }, want: { type: 'array', items: {} } },
    {
      name: 'a map',
      given: { type: 'object', additionalProperties: { type: 'integer' } },
      want: { type: 'object', description: 'Any keys: integer' },
    },
    {
      name: 'allOf',
      given: {
        allOf: [
          { type: 'object', properties: { x: { type: 'string', minLength: 2 } }, required: ['x'] },
          { properties: { x: { maxLength: 3 }, y: { type: 'integer' } } },
        ],
      },
      want: {
        type: 'object',
        properties: { x: { type: 'string', minLength: 2, maxLength: 3 }, y: { type: 'integer' } },
        required: ['x'],
      },
    },
  ];
  test.each(table)('$name', ({ given, want }) => {
    expect(one('gemini', given)).toEqual(want);
  });

  test('enums of other values are listed as strings and converted back', () => {
    const exact = withProperties({
      n: { type: 'array', items: { enum: [1, 2, 'many'] } },
      on: { enum: [true], default: true },
    });
    const { inputSchema, coercions } = apply('gemini', exact);
    expect(inputSchema?.properties).toEqual({
      n: { type: 'array', items: { type: 'string', enum: ['1', '2', 'many'] } },
      on: { type: 'string', enum: ['true'], default: 'true' },
    });
    expect(coerce({ n: ['2', 'many'], on: 'true' }, coercions)).toEqual({ n: [2, 'many'], on: true });
  });

  test('nested unions are flattened, and null is an option of the variants', () => {
    const given: JsonSchema = {
      description: 'Who.',
      oneOf: [{ anyOf: [{ type: 'string' }, { type: 'integer' }] }, { type: 'boolean' }, { type: 'null' }],
    };
    expect(one('gemini', given)).toEqual({
      anyOf: [
        { type: 'string', description: 'Who.', nullable: true },
        { type: 'integer', nullable: true },
        { type: 'boolean', nullable: true },
      ],
    });
  });

  test('an enum of numbers below a union is only described, because its text could also mean a string', () => {
    expect(one('gemini', { anyOf: [{ type: 'string' }, { type: 'integer', enum: [1] }] })).toEqual({
      anyOf: [{ type: 'string' }, { type: 'integer', description: 'One of 1' }],
    });
  });
});

describe('cursor does not support unions', () => {
  test('variants keep what they share, and are described', () => {
    const variant = (kind: string, key: string): JsonSchema => ({
      type: 'object',
      properties: { kind: { const: kind }, [key]: { type: 'string', description: key } },
      required: ['kind', key],
    });
    expect(one('cursor', { oneOf: [variant('cat', 'meow'), variant('dog', 'bark')] })).toEqual({
      type: 'object',
      properties: { kind: { enum: ['cat', 'dog'] }, meow: { description: 'meow' }, bark: { description: 'bark' } },
      required: ['kind'],
      description: 'One of: object with kind, meow; object with kind, bark',
    });
  });
});

describe.each(INLINED)('%s does not support references', (name) => {
  const tree: Shared = {
    Tree: {
      type: 'object',
      properties: { label: { type: 'string' }, children: { type: 'array', items: { $ref: '#/$defs/Tree' } } },
    },
  };

  test('references are inlined, and descriptions next to them are kept', () => {
    const shared: Shared = { Id: { type: 'string', description: 'An id.', maxLength: 9 } };
    const want = { type: 'string', description: 'Whose.', maxLength: 9 };
    expect(one(name, { $ref: '#/$defs/Id', description: 'Whose.' }, shared)).toEqual(want);
  });

  test('a recursive schema is described', () => {
    const shown = one(name, { $ref: '#/$defs/Tree' }, tree);
    expect(JSON.stringify(shown)).toContain('{"type":"object","description":"A Tree again"}');
  });

  test('inlining stays within the size limit', () => {
    const names = Array.from({ length: 12 }, (_, index) => `N${index}`);
    const properties = Object.fromEntries(names.map((each) => [each, { $ref: `#/$defs/${each}` }]));
    const shared = Object.fromEntries(
      names.map((each): [string, JsonSchema] => [each, { type: 'object', properties }]),
    );
    const exact = withProperties({ a: { $ref: '#/$defs/N0' } });
    const { inputSchema, describedLosses } = apply(name, exact, shared);
    expect(violations(inputSchema, PROFILES[name])).toEqual([]);
    expect(describedLosses).toBeGreaterThan(0);
  });

  test('long descriptions are shortened for the constraints', () => {
    const shown = one(name, { type: 'array', items: false, description: 'x'.repeat(3000), not: { $ref: '#/$defs/A' } });
    const description = typeof shown === 'object' ? (shown.description ?? '') : '';
    expect(description).toHaveLength(1000);
    expect(description.endsWith('… (further conditions apply)')).toBe(true);
  });
});

describe('the checker', () => {
  test.each([
    ['generic', { type: 'string' }, '#: the root is not "type": "object"'],
    ['claude', { type: 'object', anyOf: [] }, '#: "anyOf" at the root'],
    ['openai', { type: 'object', properties: { 'a b': {} } }, '#: the key "a b"'],
    ['gemini', { type: 'object', properties: { a: { $ref: '#/$defs/A' } } }, '#/properties/a: "$ref" is not known'],
    [
      'gemini',
      { type: 'object', properties: { a: { type: 'integer', enum: [1] } } },
      '#/properties/a: "enum" is not of strings',
    ],
    ['gemini', { type: 'object', properties: { a: { type: 'array' } } }, '#/properties/a: a list without "items"'],
    ['bedrock', { type: 'object', properties: { a: { oneOf: [] } } }, '#/properties/a: "oneOf" is refused'],
    ['cursor', { type: 'object', properties: { a: { format: 'uuid' } } }, '#/properties/a: "format" is refused'],
  ] as const)('%s: %j', (name, schema, want) => {
    expect(violations(schema, PROFILES[name])).toContain(want);
  });

  test('names of tools', () => {
    expect(nameViolations('list_pets', PROFILES.bedrock)).toEqual([]);
    expect(nameViolations('1.pets', PROFILES.bedrock)).toHaveLength(1);
    expect(nameViolations('a'.repeat(65), PROFILES.claude)).toHaveLength(1);
  });
});

describe('never stricter than the exact schema', () => {
  const key = fc.constantFrom('a', 'b', 'c');
  const leaf: fc.Arbitrary<JsonSchema> = fc.oneof(
    fc.record(
      {
        type: fc.constant('string' as const),
        minLength: fc.nat(2),
        maxLength: fc.integer({ min: 1, max: 4 }),
        format: fc.constantFrom('date', 'uuid'),
        description: fc.constant('D.'),
      },
      { requiredKeys: ['type'] },
    ),
    fc.record(
      {
        type: fc.constantFrom('integer' as const, 'number' as const),
        minimum: fc.integer({ min: -3, max: 2 }),
        exclusiveMinimum: fc.integer({ min: -3, max: 2 }),
        exclusiveMaximum: fc.integer({ min: 3, max: 9 }),
        multipleOf: fc.constantFrom(1, 2, 0.5),
      },
      { requiredKeys: ['type'] },
    ),
    fc.constantFrom<JsonSchema>(
      true,
      false,
      {},
      { type: 'null' },
      { type: 'boolean' },
      { type: ['string', 'null'] },
      { type: ['integer', 'string', 'null'] },
      { enum: ['x', 'y', null] },
      { type: 'integer', enum: [1, 2] },
      { type: ['integer', 'string'], enum: [1, '1'] },
      { enum: [true, 3, 'x'] },
      { enum: ['', 'x'] },
      { const: 1 },
      { const: 'x' },
      { $ref: '#/$defs/S' },
      { $ref: '#/$defs/T' },
    ),
  );
  const { schema } = fc.letrec<{ schema: JsonSchema; object: JsonSchema }>((tie) => ({
    schema: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      tie('object'),
      fc.record(
        {
          type: fc.constant('array' as const),
          items: tie('schema'),
          prefixItems: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
          maxItems: fc.nat(3),
          uniqueItems: fc.boolean(),
        },
        { requiredKeys: ['type'] },
      ),
      // Except prefixItems: Ajv 8 accepts `[]` if both keywords are present.
      fc.record({ type: fc.constant('array' as const), contains: tie('schema'), minContains: fc.nat(2) }),
      fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
      fc.record(
        { oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }), type: fc.constantFrom('object' as const) },
        { requiredKeys: ['oneOf'] },
      ),
      fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ not: tie('schema') }),
      fc.record({ if: tie('schema'), then: tie('schema'), else: tie('schema') }),
    ),
    object: fc.record(
      {
        type: fc.constant('object' as const),
        properties: fc.dictionary(key, tie('schema'), { maxKeys: 3 }),
        required: fc.uniqueArray(key, { maxLength: 1 }),
        additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
        patternProperties: fc.dictionary(fc.constantFrom('^a', 'b'), tie('schema'), { maxKeys: 1 }),
        propertyNames: fc.constantFrom<JsonSchema>({ pattern: '^[ab]$' }),
        unevaluatedProperties: fc.boolean(),
        maxProperties: fc.nat(3),
      },
      { requiredKeys: ['type'] },
    ),
  }));

  const atom = fc.constantFrom(null, true, false, 0, 1, 2, 3, 0.5, -1, '', 'x', 'y', '1', 'abc');
  // Objects as JSON.parse creates them: Ajv’s comparison of items does not support objects without a prototype.
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      atom,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  }));

  test.each(INLINED)('%s, and always accepted by the provider', (name) => {
    let accepted = 0;
    fc.assert(
      fc.property(
        fc.dictionary(key, schema, { minKeys: 1, maxKeys: 3 }),
        schema,
        fc.array(fc.dictionary(key, value, { maxKeys: 3, noNullPrototype: true }), { minLength: 20, maxLength: 20 }),
        (properties, target, values) => {
          const schemas: Shared = {
            S: target,
            T: { type: 'object', properties: { a: { $ref: '#/$defs/T' }, b: { $ref: '#/$defs/S' } } },
          };
          // A shared schema that is only a reference to itself cannot be compiled at all.
          fc.pre(!JSON.stringify(target).includes('#/$defs/S'));
          const exact = withProperties(properties);
          const { inputSchema, coercions } = apply(name, exact, schemas);
          expect(violations(inputSchema, PROFILES[name])).toEqual([]);
          const acceptsExactly = validator(exact, schemas);
          const acceptsShown = validator(inputSchema ?? exact, schemas);
          for (const each of values.filter((candidate) => acceptsExactly(candidate))) {
            accepted += 1;
            const given = shownAs(each, coercions);
            expect({ given, accepted: acceptsShown(given) }).toEqual({ given, accepted: true });
            expect(coerce(given, coercions)).toEqual(each);
          }
        },
      ),
      { numRuns: propertyRuns(100) },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  const ajv = new Ajv2020({
    strict: false,
    validateFormats: false,
    validateSchema: false,
    addUsedSchema: false,
    logger: false,
    meta: false,
  });

  function validator(schema: JsonSchemaObject, schemas: Shared): (value: unknown) => boolean {
    return ajv.compile(withNull({ ...schema, $defs: schemas }) as object);
  }

  /** Converts OpenAPI's `nullable` to JSON Schema; a variant of `anyOf` may be the only one to have it. */
  function withNull(given: unknown): unknown {
    if (Array.isArray(given)) return given.map(withNull);
    if (typeof given !== 'object' || given === null) return given;
    const { nullable, ...rest } = Object.fromEntries(
      Object.entries(given).map(([name, part]) => [name, withNull(part)]),
    );
    return nullable === true ? { anyOf: [rest, { type: 'null' }] } : rest;
  }

  /** The inverse of `coerce`: an exact value as the provider's model would write it. */
  function shownAs(given: unknown, coercions: readonly Coercion[]): unknown {
    return coercions.reduce((result, { path, values }) => at(result, path, values), given);
  }
  function at(given: unknown, [step, ...rest]: readonly CoercionStep[], values: Coercion['values']): unknown {
    if (step === undefined) return Object.entries(values).find(([, exact]) => exact === given)?.[0] ?? given;
    if (step === 'items') return Array.isArray(given) ? given.map((item) => at(item, rest, values)) : given;
    if (typeof given !== 'object' || given === null || !Object.hasOwn(given, step.property)) return given;
    const members = Object.entries(given);
    return Object.fromEntries(members.map(([k, v]) => [k, k === step.property ? at(v, rest, values) : v]));
  }
});
