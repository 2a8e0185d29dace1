import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonSchema, JsonSchemaObject } from '../../../model/index.ts';
import { foldSchema } from './fold-schema.ts';
import { withDefs } from './schema-closure.ts';

type Shared = Record<string, JsonSchema>;

const LONG = 'A long text that says what this is. '.repeat(3).trim();
const text = (description?: string): JsonSchemaObject =>
  description === undefined ? { type: 'string', pattern: `^${LONG}$` } : { type: 'string', description };
const big = (more: Shared = {}): JsonSchemaObject => ({
  type: 'object',
  properties: { one: text(), two: text(), three: text(), ...more },
});
const args = (properties: Shared, more: JsonSchemaObject = {}): JsonSchemaObject => ({
  type: 'object',
  properties,
  additionalProperties: false,
  ...more,
});
const bytes = (schema: JsonSchema): number => Buffer.byteLength(JSON.stringify(schema));
const ref = (name: string): JsonSchemaObject => ({ $ref: `#/$defs/${name}` });
/** The argument `a`, folded as far as possible. */
const folded = (a: JsonSchema, shared: Shared = {}, more?: JsonSchemaObject): JsonSchema | undefined =>
  foldSchema(args({ a }, more), shared, 60).schema.properties?.a;

describe('a schema that fits', () => {
  test('is returned itself without references, and with its definitions otherwise', () => {
    const plain = args({ a: big() });
    expect(foldSchema(plain, {}, 8_000)).toEqual({ schema: plain, folded: false });
    expect(foldSchema(plain, {}, 8_000).schema).toBe(plain);
    const shared = { A: big() };
    const { schema, folded } = foldSchema(args({ a: ref('A') }), shared, 8_000);
    expect(folded).toBe(false);
    expect(schema).toEqual(withDefs(args({ a: ref('A') }), shared));
    expect(schema.$defs?.A).toBe(shared.A);
  });

  test('to the byte', () => {
    const shared = { Ä: big({ é: { type: 'integer' } }) };
    const size = bytes(withDefs(args({ a: ref('Ä') }), shared));
    expect(foldSchema(args({ a: ref('Ä') }), shared, size + 1).folded).toBe(false);
    expect(foldSchema(args({ a: ref('Ä') }), shared, size - 1).folded).toBe(true);
  });
});

test('a schema of which everything is required is not changed', () => {
  const shared = { A: { ...big(), required: ['one', 'two', 'three'] } };
  const exact = args({ a: ref('A'), b: text(LONG) }, { required: ['a', 'b'] });
  expect(foldSchema(exact, shared, 100)).toEqual({ schema: withDefs(exact, shared), folded: false });
  expect(foldSchema(args({ a: text(LONG) }), {}, 100)).toEqual({
    schema: args({ a: { type: 'string' } }),
    folded: true,
  });
});

describe('optional parts', () => {
  const shared: Shared = {
    Big: big(),
    Choice: { anyOf: [big(), { type: 'string' }] },
    Colour: { type: 'string', enum: ['red', 'green', 'a colour with a rather long name indeed'] },
    Bigs: { type: 'array', items: { $ref: '#/$defs/Big' } },
    Text: { type: 'string', pattern: '^[a-z]*$', description: 'A text.' },
    Loop: { type: 'array', items: { $ref: '#/$defs/Loop' } },
  };
  const cases: { name: string; given: JsonSchema; want: JsonSchema }[] = [
    { name: 'an object', given: big(), want: { type: 'object' } },
    { name: 'a reference to an object', given: ref('Big'), want: { type: 'object' } },
    { name: 'an object or null', given: { ...big(), type: ['object', 'null'] }, want: { type: ['object', 'null'] } },
    {
      name: 'a reference or null',
      given: { anyOf: [ref('Big'), { type: 'null' }] },
      want: { type: ['object', 'null'] },
    },
    { name: 'a list of objects', given: ref('Bigs'), want: { type: 'array', items: { type: 'object' } } },
    {
      name: 'the bounds of a list',
      given: { type: 'array', items: big(), minItems: 1, maxItems: 3, uniqueItems: true },
      want: { type: 'array', items: { type: 'object' }, minItems: 1, maxItems: 3, uniqueItems: true },
    },
    {
      name: 'a list of lists of objects',
      given: { type: 'array', items: ref('Bigs') },
      want: { type: 'array', items: { type: 'array', items: {} } },
    },
    { name: 'a tuple', given: { type: 'array', prefixItems: [big()] }, want: { type: 'array', items: {} } },
    { name: 'a list without end', given: ref('Loop'), want: { type: 'array', items: { type: 'array', items: {} } } },
    { name: 'a union', given: ref('Choice'), want: {} },
    { name: 'an unknown type', given: { properties: { x: text(), y: text() } }, want: {} },
    {
      name: 'allOf of objects',
      given: { allOf: [ref('Big'), { properties: { x: text() } }] },
      want: { type: 'object' },
    },
    {
      name: 'oneOf of objects',
      given: { oneOf: [ref('Big'), { ...big(), required: ['one'] }] },
      want: { type: 'object' },
    },
    {
      name: "a provider's nullable",
      given: { ...big(), nullable: true } as JsonSchemaObject,
      want: { type: 'object', nullable: true } as JsonSchemaObject,
    },
    {
      name: 'a small default',
      given: { ...big(), default: { one: 'x' } },
      want: { type: 'object', default: { one: 'x' } },
    },
  ];
  test.each(cases)('$name', ({ given, want }) => {
    expect(folded(given, shared)).toEqual(want);
  });

  test.each<{ name: string; given: JsonSchema }>([
    { name: 'a scalar', given: { type: 'integer', minimum: 1, maximum: 9, default: 3 } },
    { name: 'a list of scalars', given: { type: 'array', items: { type: 'string', enum: ['a', 'b'] }, maxItems: 2 } },
    { name: 'an enum', given: { enum: ['red', 'green', 'a colour with a rather long name indeed', 3] } },
    { name: 'a reference to a scalar', given: ref('Colour') },
    { name: 'a union of scalars', given: { anyOf: [ref('Colour'), { type: 'integer' }] } },
    { name: 'a short object', given: { type: 'object', properties: { x: { type: 'string' } } } },
  ])('$name is never folded', ({ given }) => {
    const exact = args({ a: given, b: big() });
    const { schema } = foldSchema(exact, shared, 60);
    expect(schema.properties).toEqual({ a: given, b: { type: 'object' } });
    if (JSON.stringify(given).includes('Colour')) expect(schema.$defs).toEqual({ Colour: shared.Colour });
  });

  test('values of maps', () => {
    const given: JsonSchema = {
      type: 'object',
      patternProperties: { '^x': ref('Big') },
      additionalProperties: ref('Big'),
    };
    expect(folded(given, shared, { required: ['a'] })).toEqual({
      type: 'object',
      patternProperties: { '^x': { type: 'object' } },
      additionalProperties: { type: 'object' },
    });
  });

  test('keep one short sentence, and definitions that only they reference are left out', () => {
    const { schema } = foldSchema(args({ a: { ...ref('Big'), description: `The parent. ${LONG}` } }), shared, 180);
    expect(schema).toEqual(args({ a: { type: 'object', description: 'The parent.' } }));
  });

  test('unfold breadth first while they fit, and later ones that fit are not starved', () => {
    const small: JsonSchema = { type: 'object', properties: { x: text('X.'), y: text('Y.'), z: text('Z.') } };
    const exact = args({ huge: big({ four: text(), five: text(), six: text() }), a: small, b: small, c: small });
    const { schema } = foldSchema(exact, {}, 500);
    expect(schema.properties).toEqual({ huge: { type: 'object' }, a: small, b: small, c: { type: 'object' } });
    expect(bytes(schema)).toBeLessThanOrEqual(500);
  });

  test('of a recursive schema unfold as references do', () => {
    const tree: Shared = {
      Tree: { type: 'object', properties: { label: text(), next: ref('Tree'), other: ref('Big') } },
    };
    const { schema, folded } = foldSchema(args({ a: ref('Tree') }), { ...shared, ...tree }, 500);
    expect(folded).toBe(true);
    expect(schema.properties).toEqual({ a: ref('Tree') });
    expect(schema.$defs).toEqual({
      Tree: { type: 'object', properties: { label: text(), next: ref('Tree'), other: { type: 'object' } } },
    });
  });

  test('lose long descriptions where folding is not enough', () => {
    const scalars = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`p${index}`, text(`No. ${LONG}`)]));
    const { schema } = foldSchema(args({ ...scalars, id: text(LONG) }, { required: ['id'] }), {}, 800);
    expect(schema.properties).toEqual({
      ...Object.fromEntries(Object.keys(scalars).map((name) => [name, text('No.')])),
      id: text(LONG),
    });
  });
});

describe('required parts', () => {
  test('are kept along the chain from the root, and their optional parts fold', () => {
    const shared: Shared = {
      Order: {
        type: 'object',
        required: ['customer'],
        properties: { customer: ref('Customer'), history: ref('History') },
      },
      Customer: { type: 'object', required: ['address'], properties: { address: big(), friends: ref('History') } },
      History: big(),
    };
    const { schema } = foldSchema(args({ order: ref('Order') }, { required: ['order'] }), shared, 100);
    expect(schema).toEqual({
      ...args({ order: ref('Order') }, { required: ['order'] }),
      $defs: {
        Order: { ...(shared.Order as object), properties: { customer: ref('Customer'), history: { type: 'object' } } },
        Customer: { ...(shared.Customer as object), properties: { address: big(), friends: { type: 'object' } } },
      },
    });
  });

  test('of items of a required list', () => {
    const item: JsonSchema = { type: 'object', required: ['x'], properties: { x: big(), y: big() } };
    expect(folded({ type: 'array', items: item }, {}, { required: ['a'] })).toEqual({
      type: 'array',
      items: { ...item, properties: { x: big(), y: { type: 'object' } } },
    });
  });

  test('are those that a sibling of a reference requires', () => {
    const shared: Shared = { Base: { type: 'object', properties: { x: big(), y: big() } } };
    const { schema } = foldSchema(
      args({ a: { allOf: [ref('Base'), { required: ['x'] }] } }, { required: ['a'] }),
      shared,
      60,
    );
    expect(schema.$defs).toEqual({ Base: { type: 'object', properties: { x: big(), y: { type: 'object' } } } });
  });

  test('are those that one of several branches requires', () => {
    const given: JsonSchema = {
      type: 'object',
      properties: { x: big(), y: big(), z: big() },
      anyOf: [{ required: ['x'] }, { required: ['y'] }],
    };
    expect(folded(given, {}, { required: ['a'] })).toEqual({
      ...given,
      properties: { x: big(), y: big(), z: { type: 'object' } },
    });
  });
});

describe('what must not be loosened', () => {
  const shared: Shared = { Big: big({ deep: big() }), Id: { type: 'string' } };

  test('oneOf becomes anyOf if a branch is no longer exact', () => {
    const branch = (kind: string): JsonSchemaObject => ({
      type: 'object',
      required: ['kind'],
      properties: { kind: { const: kind }, more: big() },
    });
    const loose = (kind: string) => ({
      ...branch(kind),
      properties: { kind: { const: kind }, more: { type: 'object' } },
    });
    const given = { oneOf: [branch('a'), branch('b')] };
    expect(folded(given, {}, { required: ['a'] })).toEqual({ anyOf: [loose('a'), loose('b')] });
    const both = { ...given, anyOf: [{ required: ['kind'] }] };
    expect(folded(both, {}, { required: ['a'] })).toEqual({
      anyOf: [{ required: ['kind'] }],
      allOf: [{ anyOf: [loose('a'), loose('b')] }],
    });
    const exact: JsonSchema = { oneOf: [ref('Id'), { type: 'integer' }] };
    expect(folded(exact, shared, { required: ['a'] })).toEqual(exact);
  });

  test.each<{ name: string; given: JsonSchemaObject; want: JsonSchema }>([
    {
      name: 'not: kept if it is exact',
      given: { type: 'object', not: { required: ['x'] } },
      want: { type: 'object', not: { required: ['x'] } },
    },
    { name: 'not: dropped otherwise', given: { type: 'object', not: ref('Big') }, want: { type: 'object' } },
    {
      name: 'if: kept if it is exact',
      given: { if: { required: ['x'] }, then: { properties: { y: big() } }, else: { required: ['z'] } },
      want: { if: { required: ['x'] }, then: { properties: { y: { type: 'object' } } }, else: { required: ['z'] } },
    },
    {
      name: 'if: dropped otherwise',
      given: { type: 'object', if: ref('Big'), then: { required: ['x'] } },
      want: { type: 'object' },
    },
    {
      name: 'contains: dropped if it is not exact',
      given: { type: 'array', contains: ref('Big'), minContains: 1, maxContains: 2 },
      want: { type: 'array' },
    },
    {
      name: 'unevaluatedProperties: dropped',
      given: { type: 'object', properties: { x: big() }, unevaluatedProperties: false },
      want: { type: 'object', properties: { x: { type: 'object' } } },
    },
  ])('$name', ({ given, want }) => {
    expect(folded(given, shared, { required: ['a'] })).toEqual(want);
  });
});

// Each run prints its seed if it fails: fast-check reports `seed` and `path`.
//   OPENAPI_MCP_SEEDS=1000 npx vitest run --project unit src/runtime/api/fold-schema
const { OPENAPI_MCP_SEEDS = '25', FUZZ_RUNS = OPENAPI_MCP_SEEDS, FUZZ_SEED } = process.env;

describe('any schema', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'kind');
  const leaf = fc.constantFrom<JsonSchema>(
    { type: 'string', description: `Short. ${LONG}` },
    { type: 'integer', minimum: 0, maximum: 3 },
    { type: 'boolean' },
    { type: ['string', 'null'] },
    { enum: ['x', 1, null] },
    { const: 'x' },
    {},
    ref('A'),
    ref('B'),
    ref('C'),
  );
  const { schema } = fc.letrec<{ schema: JsonSchema; object: JsonSchema }>((tie) => ({
    schema: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      { arbitrary: tie('object'), weight: 3 },
      fc.record(
        { type: fc.constant('array' as const), items: tie('schema'), maxItems: fc.nat(3) },
        { requiredKeys: ['type', 'items'] },
      ),
      fc.record({
        type: fc.constant('array' as const),
        prefixItems: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
      }),
      fc.record({ type: fc.constant('array' as const), contains: tie('schema'), maxContains: fc.nat(2) }),
      fc.record(
        {
          anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }),
          oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
        },
        { requiredKeys: [] },
      ),
      fc.record({ oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }), description: fc.constant(LONG) }),
      fc.record({ not: tie('schema') }),
      fc.record({ if: tie('schema'), then: tie('schema'), else: tie('schema') }),
    ),
    object: fc.record(
      {
        type: fc.constantFrom<JsonSchemaObject['type'] & {}>('object', ['object', 'null']),
        properties: fc.dictionary(key, tie('schema'), { maxKeys: 4, noNullPrototype: true }),
        required: fc.uniqueArray(key, { maxLength: 2 }),
        additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
        patternProperties: fc.dictionary(fc.constantFrom('^a', 'b'), tie('schema'), {
          maxKeys: 1,
          noNullPrototype: true,
        }),
        dependentSchemas: fc.dictionary(key, tie('schema'), { maxKeys: 1, noNullPrototype: true }),
        propertyNames: fc.constantFrom<JsonSchema>({ pattern: '^[abk]' }),
        unevaluatedProperties: fc.boolean(),
        description: fc.constant(LONG),
      },
      { requiredKeys: ['type', 'properties'] },
    ),
  }));
  const atom = fc.constantFrom(null, true, 0, 1, 2, 0.5, '', 'x', 'y');
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      atom,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  }));
  const roots = fc.record({
    properties: fc.dictionary(key, schema, { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
    required: fc.uniqueArray(key, { maxLength: 2 }),
    A: schema,
    B: schema,
    C: schema,
    longest: fc.constantFrom(40, 150, 300, 600, 1_200, 3_000),
  });

  test(`${FUZZ_RUNS} random schemas accept, folded, whatever they accepted`, { timeout: 3_600_000 }, () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        roots,
        fc.array(fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true }), { minLength: 20, maxLength: 20 }),
        ({ properties, required, A, B, C, longest }, values) => {
          const shared: Shared = { A, B, C };
          fc.pre(!isBottomless(shared));
          const exact = args(properties, { required });
          const { schema: listed, folded } = foldSchema(exact, shared, longest);
          const acceptsExactly = validator(withDefs(exact, shared));
          const acceptsListed = validator(listed);
          for (const each of values.filter((candidate) => acceptsExactly(candidate))) {
            accepted += 1;
            expect({ each, accepted: acceptsListed(each) }).toEqual({ each, accepted: true });
          }
          expect(Object.keys(listed.properties ?? {})).toEqual(Object.keys(properties));
          expect(listed.required).toEqual(required);
          expectRequiredKept(listed, exact, shared);
          // Nothing is smaller: what is left cannot be folded.
          const least = foldSchema(exact, shared, 0).schema;
          if (folded && bytes(least) + 11 <= longest) expect(bytes(listed)).toBeLessThanOrEqual(longest);
          expect(foldSchema(exact, { ...shared }, longest)).toEqual({ schema: listed, folded });
        },
      ),
      { numRuns: Number(FUZZ_RUNS), ...(FUZZ_SEED !== undefined && { seed: Number(FUZZ_SEED) }) },
    );
    expect(accepted).toBeGreaterThan(Number(FUZZ_RUNS) / 10);
  });

  const ajv = new Ajv2020({
    strict: false,
    validateFormats: false,
    validateSchema: false,
    addUsedSchema: false,
    logger: false,
    meta: false,
  });

  function validator(root: JsonSchemaObject): (value: unknown) => boolean {
    return ajv.compile(root as object);
  }

  /** A definition that refers to itself without going through a property or item: it cannot be validated at all. */
  function isBottomless(shared: Shared): boolean {
    return Object.keys(shared).some((name) => {
      const met = new Set<JsonSchema>();
      const waiting: JsonSchema[] = [shared[name] ?? true];
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        if (typeof next === 'boolean' || met.has(next)) continue;
        if (next.$ref === `#/$defs/${name}`) return true;
        met.add(next);
        if (next.$ref !== undefined) waiting.push(shared[next.$ref.slice('#/$defs/'.length)] ?? true);
        const { allOf = [], anyOf = [], oneOf = [], dependentSchemas = {} } = next;
        const conditions = [next.not ?? true, next.if ?? true, next.then ?? true, next.else ?? true];
        waiting.push(...allOf, ...anyOf, ...oneOf, ...conditions, ...Object.values(dependentSchemas));
      }
      return false;
    });
  }

  /** Along the chain of required properties, required names and the schemas of required properties are the same. */
  function expectRequiredKept(listed: JsonSchema, exact: JsonSchema, shared: Shared): void {
    const defs = typeof listed === 'object' ? (listed.$defs ?? {}) : {};
    const seen = new Set<string>();
    const compare = (mine: JsonSchema | undefined, theirs: JsonSchema | undefined): void => {
      if (typeof theirs !== 'object') {
        expect(mine).toEqual(theirs);
        return;
      }
      if (typeof mine !== 'object') throw new Error(`${JSON.stringify(theirs)} is missing`);
      expect(mine.required).toEqual(theirs.required);
      expect(mine.$ref).toBe(theirs.$ref);
      const name = theirs.$ref?.slice('#/$defs/'.length);
      if (name !== undefined && !seen.has(name)) {
        seen.add(name);
        compare(defs[name], shared[name]);
      }
      for (const property of theirs.required ?? []) compare(mine.properties?.[property], theirs.properties?.[property]);
      for (const [index, part] of (theirs.allOf ?? []).entries()) compare(mine.allOf?.[index], part);
    };
    compare(listed, exact);
  }
});
