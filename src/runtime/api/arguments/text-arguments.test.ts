import { expect, test } from 'vitest';
import type { ArgumentsSchema, JsonSchema } from '../../../model/index.ts';
import { argumentsFromText, listedValues } from './text-arguments.ts';

const shared = { Status: { type: 'string', enum: ['on', 'off'] } } satisfies Record<string, JsonSchema>;

test.each([
  ['text', { type: 'string' }, '007', '007'],
  ['an integer', { type: 'integer' }, '42', 42],
  ['a number', { type: 'number' }, '1.5', 1.5],
  ['a boolean', { type: 'boolean' }, 'true', true],
  ['text where a string is allowed too', { type: ['integer', 'string'] }, '42', '42'],
  ['what does not convert, unchanged', { type: 'integer' }, 'abc', 'abc'],
  ['empty text for a number, unchanged', { type: 'integer' }, '', ''],
  ['a list of what its items are', { type: 'array', items: { type: 'integer' } }, ['1', '2'], [1, 2]],
  ['a list in one piece', { type: 'array', items: { type: 'string' } }, 'a,b', ['a', 'b']],
  ['text through a reference', { $ref: '#/$defs/Status' }, 'on', 'on'],
  ['anything without a type as text', true, '1', '1'],
] as const)('a variable of a URI becomes %s', (_, schema, given, want) => {
  const operation = {
    arguments: {
      type: 'object',
      properties: { v: schema as JsonSchema },
      required: [],
      additionalProperties: false,
    } as ArgumentsSchema,
  };
  expect(argumentsFromText(operation, shared, { v: given })).toEqual({ v: want });
});

test.each([
  [{ $ref: '#/$defs/Status' }, ['on', 'off']],
  [{ type: 'boolean' }, ['true', 'false']],
  [{ type: 'array', items: { enum: [1, 2, null] } }, ['1', '2']],
  [{ const: 'x' }, ['x']],
  [{ type: 'string' }, []],
] as const)('the listed values of %j', (schema, want) => {
  expect(listedValues(schema as JsonSchema, shared)).toEqual(want);
});
