import { describe, expect, test } from 'vitest';
import { FILE_INPUT_SCHEMA, type JsonSchema } from '../model/index.ts';
import { settleShared } from './settle-types.ts';
import { render } from './text/layout.ts';
import { typeText } from './text/type-text.ts';
import { type Type, typeOf } from './type-of.ts';

const written = (type: Type) =>
  render(
    typeText(type, (name) => name),
    { width: 120, column: 0 },
  );

describe('the type of a schema', () => {
  test.each<[JsonSchema, string]>([
    [true, 'unknown'],
    [false, 'never'],
    [{ type: 'integer' }, 'number'],
    [{ type: 'integer', format: 'int64' }, 'number | string'],
    [{ type: 'integer', format: 'int64', maximum: 100 }, 'number'],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ enum: ['a', "it's", 1, true, null] }, `'a' | "it's" | 1 | true | null`],
    [{ const: 'a' }, "'a'"],
    [{ $ref: '#/$defs/Pet' }, 'Pet'],
    [{ type: 'array', items: { type: ['string', 'null'] } }, '(string | null)[]'],
    [{ type: 'array' }, 'unknown[]'],
    [
      { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], items: false, minItems: 1 },
      '[string, number?]',
    ],
    [{ type: 'array', prefixItems: [{ type: 'string' }], minItems: 1 }, '[string, ...unknown[]]'],
    [{ type: 'object' }, '{ [key: string]: unknown }'],
    [{ type: 'object', additionalProperties: { type: 'integer' } }, '{ [key: string]: number }'],
    [{ type: 'object', additionalProperties: false }, '{ [key: string]: never }'],
    [
      { type: 'object', properties: { a: {}, 'b-c': { type: 'string' } }, required: ['a'] },
      "{\n  a: unknown;\n  'b-c'?: string;\n}",
    ],
    [{ required: ['a'] }, '{\n  a: unknown;\n}'],
    [{ anyOf: [{ type: 'string' }, { $ref: '#/$defs/A' }] }, 'string | A'],
    [{ anyOf: [{ type: 'string' }, {}] }, 'unknown'],
    [{ oneOf: [{ type: 'string' }, { type: 'string', minLength: 1 }] }, 'string'],
    [{ allOf: [{ $ref: '#/$defs/A' }, { $ref: '#/$defs/B' }] }, 'A & B'],
    [{ allOf: [{ $ref: '#/$defs/A' }, { description: 'nothing more' }] }, 'A'],
    [{ allOf: [{ $ref: '#/$defs/A' }], anyOf: [{ $ref: '#/$defs/B' }, { $ref: '#/$defs/C' }] }, 'A & (B | C)'],
    [{ not: { type: 'string' } }, 'unknown'],
    [FILE_INPUT_SCHEMA, 'FileInput'],
  ])('%j', (schema, want) => {
    expect(written(typeOf(schema))).toBe(want);
  });
});

describe('shared types', () => {
  const settled = (schemas: Record<string, JsonSchema>) =>
    Object.fromEntries(
      [...settleShared(new Map(Object.entries(schemas).map(([name, schema]) => [name, typeOf(schema)])))].map(
        ([name, type]) => [name, written(type)],
      ),
    );

  test('an alias that would be its own alternative allows everything (TS2456)', () => {
    const loop = { anyOf: [{ $ref: '#/$defs/B' }, { type: 'string' as const }] };
    const back = { anyOf: [{ $ref: '#/$defs/A' }, { type: 'integer' as const }] };
    expect(settled({ A: loop, B: back })).toEqual({ A: 'B | string', B: 'unknown' });
  });

  test('recursion through a property or a list is kept', () => {
    expect(settled({ A: { type: 'array', items: { $ref: '#/$defs/A' } } })).toEqual({ A: 'A[]' });
  });

  test('unions with more alternatives than TypeScript supports are left out (TS2590)', () => {
    const many = { enum: Array.from({ length: 40 }, (_, index) => `v${index}`) };
    const wide = { allOf: [many, { enum: many.enum.map((value) => `${value}x`) }, { $ref: '#/$defs/C' }] };
    expect(settled({ A: wide, C: { type: 'string' } }).A).toBe('C');
  });
});
