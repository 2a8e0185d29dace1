import { describe, expect, test } from 'vitest';
import type { JsonSchema } from '../../../model/index.ts';
import { toWireNames, wireNames } from './wire-names.ts';

const filter: JsonSchema = { type: 'object', properties: { filter_x: { type: 'string', 'x-sent-as': 'filter[x]' } } };
const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  Filter: filter,
  Tree: {
    type: 'object',
    properties: {
      _id: { type: 'integer', 'x-sent-as': '$id' },
      children: { type: 'array', items: { $ref: '#/$defs/Tree' } },
    },
  },
  Loop: { $ref: '#/$defs/Loop' },
};

describe('toWireNames', () => {
  test.each<{ why: string; schema: JsonSchema; given: unknown; want: unknown }>([
    { why: 'properties', schema: filter, given: { filter_x: 1, y: 2 }, want: { 'filter[x]': 1, y: 2 } },
    { why: '$ref', schema: { $ref: '#/$defs/Filter' }, given: { filter_x: 1 }, want: { 'filter[x]': 1 } },
    {
      why: 'a reference that has siblings',
      schema: { properties: { a_b: { $ref: '#/$defs/Filter', 'x-sent-as': 'a b' } } },
      given: { a_b: { filter_x: 1 } },
      want: { 'a b': { 'filter[x]': 1 } },
    },
    {
      why: 'recursion follows the value',
      schema: { $ref: '#/$defs/Tree' },
      given: { _id: 1, children: [{ _id: 2 }] },
      want: { $id: 1, children: [{ $id: 2 }] },
    },
    { why: 'a reference to itself ends', schema: { $ref: '#/$defs/Loop' }, given: { a: 1 }, want: { a: 1 } },
    { why: 'an unknown reference', schema: { $ref: '#/$defs/Gone' }, given: { a: 1 }, want: { a: 1 } },
    { why: 'items', schema: { items: filter }, given: [{ filter_x: 1 }, 2], want: [{ 'filter[x]': 1 }, 2] },
    {
      why: 'prefixItems, then items',
      schema: { prefixItems: [true], items: filter },
      given: [{ filter_x: 1 }, { filter_x: 1 }],
      want: [{ filter_x: 1 }, { 'filter[x]': 1 }],
    },
    {
      why: 'additionalProperties',
      schema: { additionalProperties: filter },
      given: { k: { filter_x: 1 } },
      want: { k: { 'filter[x]': 1 } },
    },
    {
      why: 'but not of declared properties',
      schema: { properties: { k: {} }, additionalProperties: filter },
      given: { k: { filter_x: 1 } },
      want: { k: { filter_x: 1 } },
    },
    {
      why: 'patternProperties',
      schema: { patternProperties: { '^k': filter } },
      given: { kk: { filter_x: 1 }, x: { filter_x: 1 } },
      want: { kk: { 'filter[x]': 1 }, x: { filter_x: 1 } },
    },
    {
      why: 'allOf',
      schema: { allOf: [{ $ref: '#/$defs/Filter' }, { properties: { b_: { 'x-sent-as': 'b!' } } }] },
      given: { filter_x: 1, b_: 2 },
      want: { 'filter[x]': 1, 'b!': 2 },
    },
    {
      why: 'anyOf and oneOf',
      schema: { anyOf: [{ type: 'string' }, { oneOf: [filter] }] },
      given: { filter_x: 1 },
      want: { 'filter[x]': 1 },
    },
    {
      why: 'if, then and else',
      schema: { if: {}, then: filter, else: { items: filter } },
      given: { filter_x: 1 },
      want: { 'filter[x]': 1 },
    },
    {
      why: 'dependentSchemas',
      schema: { dependentSchemas: { a: filter } },
      given: { filter_x: 1 },
      want: { 'filter[x]': 1 },
    },
    {
      why: 'one branch renames, another does not',
      schema: { allOf: [{ properties: { filter_x: {} } }, filter] },
      given: { filter_x: 1 },
      want: { 'filter[x]': 1 },
    },
    { why: 'boolean schemas', schema: true, given: { filter_x: 1 }, want: { filter_x: 1 } },
    { why: 'null', schema: filter, given: null, want: null },
    {
      why: 'keys like those of Object',
      schema: filter,
      given: JSON.parse('{"__proto__":1,"constructor":2,"filter_x":3}'),
      want: JSON.parse('{"__proto__":1,"constructor":2,"filter[x]":3}'),
    },
  ])('$why', ({ schema, given, want }) => {
    expect(toWireNames(schema, SCHEMAS, given)).toEqual(want);
  });

  test('what nothing renames is not copied', () => {
    const value = { a: [{ b: 1 }], c: { d: 2 } };
    expect(toWireNames({ allOf: [filter] }, SCHEMAS, value)).toBe(value);
  });

  test('a value that is renamed is not changed in place', () => {
    const value = { filter_x: 1 };
    toWireNames(filter, SCHEMAS, value);
    expect(value).toEqual({ filter_x: 1 });
  });

  test('a model has one mapper', () => {
    expect(wireNames(SCHEMAS)).toBe(wireNames(SCHEMAS));
  });
});
