import { describe, expect, test } from 'vitest';
import type { ArgumentsSchema, JsonSchema, Operation } from '../../../model/index.ts';
import { createInterpretingCompiler, createInterpretingValidator } from './interpret-arguments.ts';
import { createArgumentValidator, createSchemaCompiler } from './validate-arguments.ts';

type Properties = Readonly<Record<string, JsonSchema>>;

function operation(properties: Properties, more: Partial<ArgumentsSchema> = {}): Operation {
  return {
    id: 'op',
    origin: { pointer: '#', method: 'get', path: '/', tags: [], deprecated: false },
    request: {
      method: 'GET',
      servers: 'api',
      path: ['/'],
      fixedQuery: '',
      query: [],
      headers: [],
      cookies: [],
      coercions: [],
      renamed: false,
    },
    response: { accept: '*/*', wrapped: false, pagingArguments: [] },
    auth: [],
    arguments: { type: 'object', properties, required: [], additionalProperties: false, ...more },
  };
}

/** The same with and without code generation. */
async function faults(given: Operation, args: Record<string, unknown>, schemas: Properties = {}) {
  const found = await createArgumentValidator().validate(given, schemas, args);
  expect(await createInterpretingValidator().validate(given, schemas, args)).toEqual(found);
  return found.map(({ message }) => message);
}

describe('a fault says where, what was expected and what was given', () => {
  const pets: JsonSchema = { oneOf: [{ $ref: '#/$defs/Cat' }, { $ref: '#/$defs/Dog' }] };
  const shared: Properties = {
    Cat: { type: 'object', properties: { meows: { type: 'boolean' } }, required: ['meows'] },
    Dog: { type: 'object', properties: { barks: { type: 'boolean' } }, required: ['barks'] },
  };
  const table: readonly [
    name: string,
    properties: Properties,
    args: Record<string, unknown>,
    want: readonly string[],
  ][] = [
    ['integer', { num: { type: 'integer' } }, { num: 'abc' }, ['num: must be an integer; got "abc"']],
    ['several types', { a: { type: ['string', 'null'] } }, { a: 1 }, ['a: must be a string or null; got 1']],
    ['list', { ids: { type: 'array' } }, { ids: { a: 1 } }, ['ids: must be an array; got an object with a']],
    [
      'item',
      { ids: { type: 'array', items: { type: 'integer' } } },
      { ids: [1, 'x'] },
      ['ids[1]: must be an integer; got "x"'],
    ],
    ['enum', { s: { enum: ['on', 'off'] } }, { s: 'maybe' }, ['s: must be one of "on", "off"; got "maybe"']],
    ['const', { s: { const: 'on' } }, { s: 'off' }, ['s: must be "on"; got "off"']],
    ['maximum', { size: { maximum: 100 } }, { size: 1000 }, ['size: must be 100 or less; got 1000']],
    ['exclusive', { size: { exclusiveMinimum: 0 } }, { size: 0 }, ['size: must be more than 0; got 0']],
    [
      'pattern',
      { code: { pattern: '^[A-Z]{3}$' } },
      { code: 'x1' },
      ['code: must match the pattern ^[A-Z]{3}$; got "x1"'],
    ],
    ['length', { s: { minLength: 2 } }, { s: '' }, ['s: must have 2 characters or more; got ""']],
    [
      'same items',
      { s: { uniqueItems: true } },
      { s: [1, 1] },
      ['s: must not contain the same item twice (items 0 and 1 are equal); got a list of 2 items'],
    ],
    [
      'too many items',
      { s: { prefixItems: [true], items: false } },
      { s: [1, 1] },
      ['s: must have 1 items or fewer; got a list of 2 items'],
    ],
    [
      'date',
      { d: { type: 'string', format: 'date' } },
      { d: '2024-02-30' },
      ['d: must have the format date (2024-05-31); got "2024-02-30"'],
    ],
    [
      'deep and missing',
      { o: { type: 'object', properties: { deep: true }, required: ['deep'] } },
      { o: {} },
      ['o.deep: is required'],
    ],
    [
      'types of choice',
      { v: { anyOf: [{ type: 'string' }, { type: 'integer' }] } },
      { v: [] },
      ['v: must be a string or an integer; got a list of 0 items'],
    ],
    [
      'forms of choice',
      { pet: pets },
      { pet: { moos: true } },
      ['pet: must be an object with "meows" or an object with "barks"; got an object with moos'],
    ],
    [
      'secret',
      { password: { type: 'string', maxLength: 3 } },
      { password: 'hunter2' },
      ['password: must have 3 characters or fewer; got a string (not shown)'],
    ],
    [
      'long value',
      { s: { type: 'integer' } },
      { s: 'x'.repeat(500) },
      [`s: must be an integer; got "${'x'.repeat(58)}…`],
    ],
  ];
  test.each(table)('%s', async (_, properties, args, want) => {
    expect(await faults(operation(properties), args, shared)).toEqual(want);
  });

  test('missing arguments', async () => {
    expect(await faults(operation({ needed: true }, { required: ['needed'] }), {})).toEqual(['needed: is required']);
  });

  test('unknown arguments, with the one that was probably meant', async () => {
    expect(await faults(operation({ pet_id: true, limit: true }), { petId: 1 })).toEqual([
      'petId: is not a known argument. Did you mean "pet_id"? Known: pet_id, limit.',
    ]);
    expect(await faults(operation({}), { zz: 1 })).toEqual([
      'zz: is not a known argument. This tool takes no arguments.',
    ]);
  });
});

describe('what is accepted', () => {
  const table: readonly [name: string, schema: JsonSchema, value: unknown][] = [
    ['a time without offset', { type: 'string', format: 'date-time' }, '2024-05-31 12:00:00'],
    ['an unknown format', { type: 'string', format: 'phone' }, 'x'],
    ['a relative uri', { type: 'string', format: 'uri' }, 'example.com/a'],
    ['a 64-bit integer', { type: 'integer', format: 'int64' }, 2 ** 53],
    ['an int64 written as a string', { type: 'string', format: 'int64' }, '12'],
    ['several branches of oneOf', { oneOf: [{ type: 'string' }, { type: 'string', minLength: 1 }] }, 'x'],
    ['a long string that breaks its pattern', { type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(3000)}!`],
  ];
  test.each(table)('%s', async (_, schema, value) => {
    expect(await faults(operation({ value: schema }), { value })).toEqual([]);
  });
});

test('a schema that does not compile still finds what is missing or unknown', async () => {
  const broken = operation({ a: { $ref: '#/$defs/Gone' } }, { required: ['a'] });
  expect(await faults(broken, { b: 1 })).toEqual(['a: is required', 'b: is not a known argument.']);
  expect(await faults(broken, { a: 1 })).toEqual([]);
});

test('references are followed through shared schemas, in circles too', async () => {
  const shared: Properties = {
    Node: { type: 'object', properties: { v: { type: 'integer' }, next: { $ref: '#/$defs/Node' } } },
  };
  const given = operation({ node: { $ref: '#/$defs/Node' } });
  expect(await faults(given, { node: { next: { next: { v: 'x' } } } }, shared)).toEqual([
    'node.next.next.v: must be an integer; got "x"',
  ]);
});

test.each([createArgumentValidator, createInterpretingValidator])(
  'each value is validated against its own pattern, even if another one was compiled before',
  async (create) => {
    const validator = create();
    const letters = operation({ code: { type: 'string', pattern: '^[a-z]+$' } });
    const digits = operation({ code: { type: 'string', pattern: '^[0-9]+$' } });
    expect(await validator.validate(letters, {}, { code: 'abc' })).toEqual([]);
    expect(await validator.validate(digits, {}, { code: '123' })).toEqual([]);
    expect(await validator.validate(digits, {}, { code: 'abc' })).toHaveLength(1);
  },
);

test('what every object inherits is not an argument', async () => {
  const given = operation(Object.fromEntries([['constructor', { type: 'string' } as const]]));
  expect(await faults(given, {})).toEqual([]);
  expect(await faults({ ...given, arguments: { ...given.arguments, required: ['constructor'] } }, {})).toEqual([
    'constructor: is required',
  ]);
});

test('a number too large to be one is rejected', async () => {
  expect(await faults(operation({ n: { type: 'number' } }), JSON.parse('{"n":1e400}'))).toHaveLength(1);
});

test('twenty of many errors are reported, and the rest is counted', async () => {
  const properties = Object.fromEntries(
    Array.from({ length: 23 }, (_, index) => [`a${index}`, { type: 'integer' as const }]),
  );
  const told = await faults(
    operation(properties),
    Object.fromEntries(Object.keys(properties).map((name) => [name, 'x'])),
  );
  expect(told).toHaveLength(21);
  expect(told.at(-1)).toBe('and 3 more');
});

test.each([createSchemaCompiler, createInterpretingCompiler])(
  'a compiled schema reports the path of the invalid member',
  async (create) => {
    const check = await create()({
      type: 'object',
      properties: {
        a: { type: 'object', properties: { b: true }, additionalProperties: false },
        l: { items: { type: 'integer' } },
      },
    });
    expect(check?.({ a: { 'x/y': 1 }, l: [1, 'x'] })).toMatchObject([
      { path: ['a', 'x/y'], keyword: 'additionalProperties', params: { additionalProperty: 'x/y' } },
      { path: ['l', 1], keyword: 'type' },
    ]);
  },
);
