import { describe, expect, test } from 'vitest';
import type { JsonSchema } from '../../model/index.ts';
import type { Direction } from '../access.ts';
import { createReader } from '../reader.ts';
import { textLimits } from '../text.ts';
import { createSchemaMapper } from './mapper.ts';

function mapped(schema: unknown, direction: Direction = 'input', components: Record<string, unknown> = {}) {
  const reader = createReader({
    root: { components: { schemas: components } },
    version: '3.1.0',
    location: 'memory',
    problems: [],
    files: [],
    pointers: new WeakMap(),
    mayHideText: true,
  });
  const mapper = createSchemaMapper(reader, textLimits(1));
  return { schema: mapper.schema(schema, '#/s', direction), shared: mapper.shared, problems: reader.problems };
}

describe('a schema is rebuilt from the keywords of JSON Schema 2020-12', () => {
  test.each<[string, unknown, JsonSchema]>([
    ['a boolean is unchanged', true, true],
    ['a type', { type: 'string' }, { type: 'string' }],
    ['several types', { type: ['string', 'null'] }, { type: ['string', 'null'] }],
    ['nullable (3.0)', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
    ['x-nullable (2.0)', { type: 'string', 'x-nullable': true }, { type: ['string', 'null'] }],
    [
      'nullable with enum',
      { type: 'string', enum: ['a'], nullable: true },
      { type: ['string', 'null'], enum: ['a', null] },
    ],
    [
      'nullable next to allOf',
      { nullable: true, description: 'd', allOf: [{ type: 'object' }] },
      { description: 'd', anyOf: [{ allOf: [{ type: 'object' }] }, { type: 'null' }] },
    ],
    [
      'boolean exclusiveMinimum (3.0)',
      { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false },
      { type: 'number', exclusiveMinimum: 0, maximum: 9 },
    ],
    ['numeric exclusiveMinimum (3.1)', { exclusiveMinimum: 0 }, { exclusiveMinimum: 0 }],
    ['a quoted number', { minLength: '3' }, { minLength: 3 }],
    ['type: file', { type: 'file' }, { type: 'string', format: 'binary' }],
    ['a similar type name', { type: 'int' }, { type: 'integer' }],
    ['an example', { example: 1 }, { examples: [1] }],
    ['repeated enum values are listed once', { enum: ['a', 'a', 'b'] }, { enum: ['a', 'b'] }],
    [
      'a tuple of draft 7',
      { items: [{ type: 'string' }], additionalItems: false },
      { prefixItems: [{ type: 'string' }], items: false },
    ],
    [
      'dependencies of draft 7',
      { dependencies: { a: ['b'], c: { required: ['d'] } } },
      { dependentRequired: { a: ['b'] }, dependentSchemas: { c: { required: ['d'] } } },
    ],
    ['if, then, else', { if: { const: 1 }, then: true, else: false }, { if: { const: 1 }, then: true, else: false }],
    [
      'oneOf with a discriminator',
      { oneOf: [{ type: 'object' }, { minProperties: 1 }], discriminator: { propertyName: 'kind' } },
      { anyOf: [{ type: 'object' }, { minProperties: 1 }], description: '"kind" tells which kind it is.' },
    ],
    ['identity is dropped', { $id: 'x', $schema: 'y', $anchor: 'z', type: 'null' }, { type: 'null' }],
    [
      'HTML is reduced',
      { description: '<p>Use <b>it</b>,\n see [here](https://x.test) &amp; &lt;id&gt;</p>' },
      { description: 'Use it,\nsee here & <id>' },
    ],
  ])('%s', (_, given, want) => {
    expect(mapped(given).schema).toEqual(want);
  });

  test.each<[string, unknown, string, string]>([
    ['a schema of the wrong type', 'text', 'BAD_SCHEMA', '#/s'],
    ['an unknown type', { type: 'money' }, 'BAD_SCHEMA_KEYWORD', '#/s/type'],
    ['an invalid bound', { minLength: -1 }, 'BAD_SCHEMA_KEYWORD', '#/s/minLength'],
    ['required on the property itself', { required: true }, 'BAD_SCHEMA_KEYWORD', '#/s/required'],
    ['a pattern that does not compile', { pattern: '(?i)a' }, 'BAD_PATTERN', '#/s/pattern'],
    ['a pattern with delimiters', { pattern: '/^x$/' }, 'BAD_PATTERN', '#/s/pattern'],
    ['a pattern with flags', { pattern: '/^x$/i' }, 'BAD_PATTERN', '#/s/pattern'],
    ['a pattern that could run forever', { pattern: '^(?!b)(a+)+$' }, 'CATASTROPHIC_PATTERN', '#/s/pattern'],
    ['an unknown keyword', { minimun: 1 }, 'UNSUPPORTED_SCHEMA_KEYWORD', '#/s/minimun'],
    ['a reference to a missing schema', { $ref: '#/components/schemas/Pett' }, 'UNRESOLVED_REF', '#/s'],
  ])('%s is reported with its pointer', (_, given, code, pointer) => {
    expect(mapped(given, 'input', { Pet: {} }).problems).toMatchObject([{ code, pointer }]);
  });

  test('a pattern that cannot be checked is added to the description', () => {
    expect(mapped({ type: 'string', pattern: '^(?!b)(a+)+$' }).schema).toEqual({
      type: 'string',
      description: 'Pattern: ^(?!b)(a+)+$',
    });
  });

  test('a pattern of property names that only the u flag rejects is corrected, like any other', () => {
    expect(mapped({ patternProperties: { '^x\\-': { type: 'string' } } }).schema).toEqual({
      patternProperties: { '^x\\x2d': { type: 'string' } },
    });
  });

  test('a reference to a missing schema comes with a suggestion', () => {
    expect(mapped({ $ref: '#/components/schemas/Pett' }, 'input', { Pet: {} }).problems[0]?.message).toContain(
      'Did you mean "Pet"?',
    );
  });
});

describe('direction', () => {
  const pet = {
    type: 'object',
    required: ['id', 'name', 'secret'],
    properties: {
      id: { type: 'integer', readOnly: true },
      name: { type: 'string' },
      secret: { type: 'string', writeOnly: true },
    },
  };
  test('readOnly properties are left out of inputs, and not required there', () => {
    expect(mapped(pet).schema).toEqual({
      type: 'object',
      properties: { name: { type: 'string' }, secret: { type: 'string' } },
      required: ['name', 'secret'],
    });
  });
  test('writeOnly properties are left out of outputs', () => {
    expect(mapped(pet, 'output').schema).toMatchObject({ required: ['id', 'name'] });
  });
  test('a shared schema has a separate input form only if the two differ', () => {
    const components = { Pet: pet, Tag: { type: 'string' } };
    const both = {
      type: 'object',
      properties: { p: { $ref: '#/components/schemas/Pet' }, t: { $ref: '#/components/schemas/Tag' } },
    };
    expect(mapped(both, 'input', components).schema).toMatchObject({
      properties: { p: { $ref: '#/$defs/PetInput' }, t: { $ref: '#/$defs/Tag' } },
    });
    expect(mapped(both, 'output', components).schema).toMatchObject({
      properties: { p: { $ref: '#/$defs/Pet' }, t: { $ref: '#/$defs/Tag' } },
    });
  });
  test('names that providers reject are renamed in inputs, and the description has the name to send', () => {
    const schema = { properties: { 'filter[x]': { type: 'string' } }, required: ['filter[x]'] };
    expect(mapped(schema).schema).toEqual({
      properties: { filter_x: { type: 'string', description: 'Sent as "filter[x]".', 'x-sent-as': 'filter[x]' } },
      required: ['filter_x'],
    });
    expect(mapped(schema, 'output').schema).toEqual(schema);
  });
});

describe('references', () => {
  test('recursion is kept', () => {
    const components = { Node: { properties: { next: { $ref: '#/components/schemas/Node' } } } };
    const { schema, shared } = mapped({ $ref: '#/components/schemas/Node' }, 'input', components);
    expect(schema).toEqual({ $ref: '#/$defs/Node' });
    expect(shared).toEqual({ Node: { properties: { next: { $ref: '#/$defs/Node' } } } });
  });
  test('keywords next to a reference apply', () => {
    const components = { A: { type: 'string' } };
    expect(mapped({ $ref: '#/components/schemas/A', description: 'mine' }, 'input', components).schema).toEqual({
      $ref: '#/$defs/A',
      description: 'mine',
    });
  });
  test('two spellings of one reference are one schema', () => {
    const components = { 'A B': { type: 'string' } };
    const { shared } = mapped(
      { anyOf: [{ $ref: '#/components/schemas/A%20B' }, { $ref: '#/components/schemas/A B' }] },
      'input',
      components,
    );
    expect(Object.keys(shared)).toEqual(['A_B']);
  });
  test.each([
    ['itself', { A: { $ref: '#/components/schemas/A' } }, { A: {} }],
    [
      'itself through another reference',
      {
        A: { allOf: [{ $ref: '#/components/schemas/B' }] },
        B: { type: 'object', anyOf: [{ $ref: '#/components/schemas/A' }, { type: 'string' }] },
      },
      { A: { allOf: [{ $ref: '#/$defs/B' }] }, B: { type: 'object', anyOf: [{}, { type: 'string' }] } },
    ],
  ])('a reference that leads to %s without a step into the value is cut and reported', (_, components, want) => {
    const { shared, problems } = mapped({ $ref: '#/components/schemas/A' }, 'input', components);
    expect(shared).toEqual(want);
    expect(problems).toMatchObject([{ code: 'CIRCULAR_REF' }]);
  });
  test('a dangling reference of a property is reported with its pointer', () => {
    const { problems } = mapped({ properties: { a: { $ref: '#/components/schemas/Gone' } } });
    expect(problems).toMatchObject([{ code: 'UNRESOLVED_REF', pointer: '#/s/properties/a' }]);
  });
  test.each(['"%s" is an ordinary name', 'constructor', 'toString'])('"%s" is a name like any other', (name) => {
    const components = Object.fromEntries([[name, { type: name }]]);
    const { schema, shared } = mapped({ $ref: `#/components/schemas/${name}` }, 'input', components);
    expect(Object.keys(shared).map((key) => `#/$defs/${key}`)).toEqual([(schema as { $ref: string }).$ref]);
    expect(Object.values(shared)).toEqual([{}]);
  });
  test('a schema nested a thousand levels deep only causes a problem', () => {
    let deep: unknown = { type: 'string' };
    for (let level = 0; level < 1_000; level++) deep = { items: deep };
    expect(mapped(deep).problems).toMatchObject([{ code: 'TOO_DEEP' }]);
  });
});
