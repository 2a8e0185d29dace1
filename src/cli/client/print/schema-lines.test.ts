import { describe, expect, test } from 'vitest';
import { FILE_INPUT_SCHEMA, type JsonSchema, type JsonSchemaObject } from '../../../model/index.ts';
import { kindText } from './kind-text.ts';
import { schemaRows } from './schema-lines.ts';

const DEFS: Record<string, JsonSchema> = { Kind: { enum: ['cat', 'dog'] } };

describe('types are described in a few words', () => {
  const cases: [given: JsonSchema, want: string][] = [
    [{ type: 'integer' }, 'integer'],
    [{ type: ['integer', 'null'] }, 'integer'],
    [{ type: 'string', format: 'date' }, 'string (date)'],
    [{ $ref: '#/$defs/Kind' }, 'cat | dog'],
    [{ type: 'array', items: { $ref: '#/$defs/Kind' } }, 'list of cat | dog'],
    [{ anyOf: [{ type: 'object' }, { enum: [''] }] }, 'object | ""'],
    [{ enum: ['a b', 'c'] }, '"a b" | c'],
    [{ const: 5 }, '5'],
    [{ enum: [1, 2, null] }, '1 | 2'],
    [
      { enum: Array.from({ length: 30 }, (_, index) => `value-${index}`) },
      'value-0 | value-1 | value-2 | value-3 | … 26 more',
    ],
    [{ properties: { a: true } }, 'object'],
    [FILE_INPUT_SCHEMA, 'file (@path)'],
    [true, 'any'],
    [{}, 'any'],
  ];
  test.each(cases)('%j', (given, want) => {
    expect(kindText(given, DEFS)).toBe(want);
  });
});

test('objects are shown with their members, each kind once, and what is required', () => {
  const schema: JsonSchemaObject = {
    type: 'object',
    properties: {
      pet: { $ref: '#/$defs/Pet' },
      address: { anyOf: [{ type: 'object', properties: { city: { type: 'string' } } }, { enum: [''] }] },
      limit: { type: 'integer', description: 'How many.\nAt most.', default: 20, minimum: 1 },
      photo: FILE_INPUT_SCHEMA,
    },
    required: ['pet'],
    $defs: {
      Pet: {
        type: 'object',
        description: 'An animal.',
        properties: { name: { type: 'string' }, friends: { type: 'array', items: { $ref: '#/$defs/Pet' } } },
        required: ['name'],
      },
    },
  };
  expect(schemaRows(schema)).toEqual([
    ['pet', 'object, required', 'An animal.'],
    ['  name', 'string, required', ''],
    ['  friends', 'list of object', ''],
    ['address', 'object | ""', ''],
    ['  city', 'string', ''],
    ['limit', 'integer', 'How many. (default 20, at least 1)'],
    ['photo', 'file (@path)', ''],
  ]);
});

test('variants with a discriminator are listed in order', () => {
  const kind = (name: string) => ({
    $ref: `#/$defs/${name}`,
    properties: { kind: { const: name } },
    required: ['kind'],
  });
  const shape = (member: string) => ({
    type: 'object' as const,
    properties: { kind: { type: 'string' as const }, [member]: { type: 'number' as const } },
    required: [member],
  });
  const schema: JsonSchemaObject = {
    type: 'object',
    properties: { shape: { anyOf: [kind('circle'), kind('sq')] } },
    $defs: { circle: shape('r'), sq: shape('w') },
  };
  expect(schemaRows(schema)).toEqual([
    ['shape', 'object', ''],
    ['  kind', 'circle, required', ''],
    ['  r', 'number, required', ''],
    ['  or', '', ''],
    ['  kind', 'sq, required', ''],
    ['  w', 'number, required', ''],
  ]);
});
