import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JsonSchema, JsonSchemaObject } from '../../model/index.ts';
import { openApi } from '../../proxy.ts';
import { callContext } from '../call-context.ts';
import { composite } from '../compose/composite.ts';
import { OptionError } from '../options/option-error.ts';
import type { Tool } from '../provider.ts';
import { createServer } from '../server.ts';
import { compact } from './compact.ts';
import { type CompactOptions, compactTool } from './compact-tool.ts';
import { modelTokens } from './count.ts';

type Input = Readonly<Record<string, unknown>>;
const tool = (input: Input, more: Partial<Tool> = {}): Tool => ({
  name: 'pets',
  inputSchema: { type: 'object', ...(input as Omit<JsonSchemaObject, 'type'>) },
  ...more,
});
const compacted = (input: Input, options?: CompactOptions) => compactTool(tool(input), options).inputSchema;
/** One argument, `thing`, after compacting. */
const argument = (schema: object, options?: CompactOptions) =>
  compacted({ properties: { thing: schema } }, options).properties?.thing;

describe('a compact schema', () => {
  test.each<{ what: string; given: object; want: object }>([
    {
      what: 'titles and examples are dropped',
      given: { title: 'T', type: 'string', examples: ['a'], example: 'a' },
      want: { type: 'string' },
    },
    {
      what: 'limits of integer types are dropped',
      given: { type: 'integer', format: 'int32', minimum: -2147483648, maximum: 2147483647 },
      want: { type: 'integer' },
    },
    {
      what: 'limits of 64 bits are dropped',
      given: { type: 'integer', minimum: -(2 ** 63), maximum: 2 ** 63 },
      want: { type: 'integer' },
    },
    {
      what: 'small limits stay',
      given: { type: 'integer', minimum: 0, maximum: 100 },
      want: { type: 'integer', minimum: 0, maximum: 100 },
    },
    {
      what: 'a maxLength of 1,000 or more is dropped',
      given: { type: 'string', maxLength: 5000 },
      want: { type: 'string' },
    },
    {
      what: 'a small maxLength stays',
      given: { type: 'string', maxLength: 22 },
      want: { type: 'string', maxLength: 22 },
    },
    {
      what: 'the maxLength and the type of string enums are dropped',
      given: { type: 'string', enum: ['a', 'b'], maxLength: 5 },
      want: { enum: ['a', 'b'] },
    },
    {
      what: 'the type of other enums stays',
      given: { type: ['string', 'null'], enum: ['a', null] },
      want: { type: ['string', 'null'], enum: ['a', null] },
    },
    {
      what: 'uniqueItems of scalars is dropped',
      given: { type: 'boolean', uniqueItems: true },
      want: { type: 'boolean' },
    },
    {
      what: 'uniqueItems of arrays stays',
      given: { type: 'array', uniqueItems: true },
      want: { type: 'array', uniqueItems: true },
    },
    {
      what: 'formats of dates stay',
      given: { type: 'string', format: 'date-time' },
      want: { type: 'string', format: 'date-time' },
    },
    {
      what: 'unknown formats stay',
      given: { type: 'string', format: 'iban' },
      want: { type: 'string', format: 'iban' },
    },
    { what: 'a default stays', given: { type: 'integer', default: 20 }, want: { type: 'integer', default: 20 } },
    { what: 'a default of null stays', given: { default: null }, want: { default: null } },
    {
      what: 'patterns stay, except that of integers as strings',
      given: { anyOf: [{ type: ['integer', 'string'], pattern: '^-?(0|[1-9]\\d*)$' }, { pattern: '^a' }] },
      want: { anyOf: [{ type: ['integer', 'string'] }, { pattern: '^a' }] },
    },
    {
      what: 'deprecated stays',
      given: { type: 'string', deprecated: true },
      want: { type: 'string', deprecated: true },
    },
    {
      what: 'a schema of additional properties stays',
      given: { type: 'object', additionalProperties: { type: 'string' } },
      want: { type: 'object', additionalProperties: { type: 'string' } },
    },
    { what: 'a false schema stays', given: { items: false }, want: { items: false } },
    {
      what: 'a text that repeats the name is dropped',
      given: { type: 'string', description: 'The thing.' },
      want: { type: 'string' },
    },
    {
      what: 'the first sentence of a text stays',
      given: { description: 'What it weighs. In grams, not in kilos.' },
      want: { description: 'What it weighs.' },
    },
    {
      what: 'a sentence with the default stays',
      given: { description: 'What it weighs. In grams. Default: 20.' },
      want: { description: 'What it weighs. Default: 20.' },
    },
  ])('$what', ({ given, want }) => {
    expect(argument(given)).toEqual(want);
  });

  test.each<{ name: string; format: string; stays: boolean }>([
    { name: 'website_url', format: 'uri', stays: false },
    { name: 'homepage', format: 'uri', stays: true },
    { name: 'email', format: 'email', stays: false },
    { name: 'contact', format: 'email', stays: true },
    { name: 'createdDate', format: 'date-time', stays: true },
    { name: 'date', format: 'date', stays: true },
  ])('the format $format of $name stays: $stays', ({ name, format, stays }) => {
    const { properties } = compacted({ properties: { [name]: { type: 'string', format } } });
    expect(properties?.[name]).toEqual(stays ? { type: 'string', format } : { type: 'string' });
  });

  test('keeps what is data, whatever its keys are', () => {
    const schema = { default: { title: 'x', additionalProperties: false }, enum: [{ title: 'x' }] };
    expect(argument(schema)).toEqual(schema);
    expect(compacted({ properties: { title: { type: 'string' }, examples: {} } }).properties).toEqual({
      title: { type: 'string' },
      examples: {},
    });
  });

  test('keeps arguments named like properties of objects', () => {
    const properties = JSON.parse('{"__proto__":{"type":"string"},"constructor":{"type":"string"}}');
    const made = compacted({ properties, required: ['__proto__'] });
    expect(Object.keys(made.properties ?? {})).toEqual(['__proto__', 'constructor']);
  });

  test.each([
    { properties: { a: { anyOf: null, items: [{ title: 'x' }] }, b: null } },
    { properties: null, $defs: [] },
    { properties: { a: { $ref: 5 } } },
  ])('of an invalid schema is as it can be: %j', (input) => {
    expect(() => compactTool(tool(input))).not.toThrow();
  });

  test('keeps formats named like properties of objects', () => {
    expect(argument({ type: 'string', format: 'constructor' })).toEqual({ type: 'string', format: 'constructor' });
  });

  test('keeps what profiles require', () => {
    const closed = { additionalProperties: false, properties: { a: { type: 'string', enum: ['b'] } } };
    expect(compacted(closed, { keepClosed: true, keepTypes: true })).toEqual({ type: 'object', ...closed });
  });
});

describe('definitions', () => {
  const address = {
    type: 'object',
    properties: { street: { type: 'string' }, city: { type: 'string' }, postal_code: { type: 'string' } },
  };

  test('used once are inlined', () => {
    const given = { properties: { home: { $ref: '#/$defs/Address' } }, $defs: { Address: address } };
    expect(compacted(given)).toEqual({ type: 'object', properties: { home: address } });
  });

  test('used repeatedly stay, under a short name', () => {
    const $ref = '#/$defs/com.example.v1.Address';
    const given = { properties: { home: { $ref }, work: { $ref } }, $defs: { 'com.example.v1.Address': address } };
    expect(compacted(given)).toEqual({
      type: 'object',
      properties: { home: { $ref: '#/$defs/Address' }, work: { $ref: '#/$defs/Address' } },
      $defs: { Address: address },
    });
  });

  test('keep their long names if the short ones are the same', () => {
    const refs = ['a.Address', 'b.Address', 'a.Address', 'b.Address'].map((name) => ({ $ref: `#/$defs/${name}` }));
    const other = { ...address, required: ['city'] };
    const made = compacted({ properties: { ...refs }, $defs: { 'a.Address': address, 'b.Address': other } });
    expect(Object.keys(made.$defs ?? {})).toEqual(['a.Address', 'b.Address']);
  });

  test('that are recursive stay', () => {
    const filter = { type: 'object', properties: { not: { $ref: '#/$defs/Filter' }, name: { type: 'string' } } };
    const given = { properties: { filter: { $ref: '#/$defs/Filter' } }, $defs: { Filter: filter } };
    expect(compacted(given).$defs).toEqual({ Filter: filter });
  });

  test('are made of what repeats, if that takes fewer tokens', () => {
    const properties = { home: address, work: address, invoice: address };
    const made = compacted({ properties });
    expect(made.$defs).toEqual({ a: address });
    expect(made.properties?.work).toEqual({ $ref: '#/$defs/a' });
    expect(compacted({ properties }, { hoist: false })).toEqual({ type: 'object', properties });
    const small = { type: 'string', enum: ['first', 'second'] };
    expect(compacted({ properties: { one: small, two: small } }).$defs).toBeUndefined();
  });

  test('are left alone if references point elsewhere', () => {
    const given = {
      properties: { home: { $ref: '#/$defs/Address' }, city: { $ref: '#/$defs/Address/properties/city' } },
      $defs: { Address: address },
    };
    expect(compacted(given)).toEqual({ type: 'object', ...given });
  });

  test('next to other constraints are not merged', () => {
    const closed = { ...address, additionalProperties: { type: 'string' } };
    const given = {
      properties: { home: { $ref: '#/$defs/A', required: ['city'], properties: { zip: { type: 'string' } } } },
      $defs: { A: closed },
    };
    expect(compacted(given)).toEqual({ type: 'object', ...given });
  });

  test('keep the description next to a reference', () => {
    const given = {
      properties: { home: { $ref: '#/$defs/A', description: 'Where they live.' } },
      $defs: { A: address },
    };
    expect(compacted(given).properties?.home).toEqual({ ...address, description: 'Where they live.' });
  });
});

describe('a compact tool', () => {
  test('has its name, text, hints and metadata, but no title and no output schema', () => {
    const given = tool(
      {},
      {
        title: 'Pets',
        description: 'Lists **pets**. There may be many.',
        outputSchema: { type: 'object' },
        annotations: { readOnlyHint: true },
        _meta: { tags: ['pets'] },
      },
    );
    expect(compactTool(given)).toEqual({
      name: 'pets',
      description: 'Lists pets.',
      inputSchema: { type: 'object' },
      annotations: { readOnlyHint: true },
      _meta: { tags: ['pets'] },
    });
  });

  test('without arguments or text stays as it is', () => {
    expect(compactTool(tool({ properties: {} }))).toEqual(tool({ properties: {} }));
  });

  test('has texts of the given length', () => {
    const description = 'Lists all the pets of a shop that are not sold yet';
    expect(compactTool(tool({}, { description }), { toolText: 30 }).description).toBe('Lists all the pets of a shop…');
  });
});

describe('compact()', () => {
  const shop = () => {
    const server = createServer({ name: 'shop', version: '1' });
    const input = {
      type: 'object',
      properties: { limit: { type: 'integer', maximum: 100, title: 'Limit' } },
      additionalProperties: false,
    } as const;
    server.tool('pets', { title: 'Pets', input }, (args) => JSON.stringify(args));
    return server;
  };

  test('lists fewer tokens, and calls with the exact schema', async () => {
    const provider = compact(composite([shop(), createServer({ name: 'empty', version: '1' })]));
    const [listed] = await provider.listTools({});
    expect(listed?.inputSchema).toEqual({ type: 'object', properties: { limit: { type: 'integer', maximum: 100 } } });
    const called = await provider.callTool({ name: 'pets', arguments: { limit: 3 } }, callContext());
    expect(called.content).toEqual([{ type: 'text', text: '{"limit":3}' }]);
    expect(await provider.callTool({ name: 'pets', arguments: { other: 3 } }, callContext())).toMatchObject({
      isError: true,
    });
    await expect(provider.callTool({ name: 'pet', arguments: {} }, callContext())).rejects.toMatchObject({
      code: 'TOOL_NOT_FOUND',
    });
  });

  test('shows the same frozen list until it changes', async () => {
    const server = shop();
    const provider = compact(server);
    const before = await provider.listTools({});
    expect(await provider.listTools({})).toBe(before);
    expect(Object.isFrozen(before)).toBe(true);
    const changes: string[] = [];
    provider.onChange((change) => changes.push(change));
    server.tool('late', {}, () => 'late');
    expect(changes).toEqual(['tools']);
    expect((await provider.listTools({})).map(({ name }) => name)).toEqual(['pets', 'late']);
  });

  test('lists nothing of an empty provider', async () => {
    expect(await compact(createServer({ name: 'empty', version: '1' })).listTools({})).toEqual([]);
  });

  test.each([
    [{ toolText: 5 }, 'compact(): "toolText" must be a whole number of 20 or more; got 5.'],
    [{ hoist: 'no' }, 'compact(): "hoist" must be true or false; got "no".'],
    [{ length: 5 }, 'compact() has no option "length".'],
  ])('%j is rejected', (options, want) => {
    expect(() => compact(shop(), options as never)).toThrow(OptionError);
    expect(() => compact(shop(), options as never)).toThrow(want);
    expect(() => compactTool(tool({}), options as never)).toThrow(OptionError);
  });
});

describe('over the documents of test-specs', () => {
  const SPECS = join(import.meta.dirname, '../../../test-specs');
  const documents = [...readdirSync(SPECS).filter((name) => /\.(yaml|json)$/.test(name)), 'github/openapi.json'];

  test.each(documents)(
    '%s: no required name, enum, default or small limit is lost, no tool becomes longer',
    async (name) => {
      const { provider } = await openApi(join(SPECS, name), { cache: false, environment: {} });
      for (const given of await provider.listTools({})) {
        const made = compactTool(given);
        const kept = factsOf(made.inputSchema);
        expect([...factsOf(given.inputSchema)].filter((fact) => !kept.has(fact))).toEqual([]);
        expect(modelTokens(made)).toBeLessThanOrEqual(modelTokens(given));
      }
      await provider.close();
    },
  );

  /** What a call needs to know, with the place: `limit default 20`. References are followed. */
  function factsOf(root: JsonSchemaObject): ReadonlySet<string> {
    const facts = new Set<string>();
    const walk = (schema: JsonSchema | undefined, place: string, depth: number): void => {
      if (typeof schema !== 'object' || schema === null || depth > 7) return;
      const { $ref, properties = {}, required = [], items, additionalProperties } = schema;
      if ($ref) walk(root.$defs?.[$ref.slice('#/$defs/'.length)], place, depth);
      for (const each of required) facts.add(`${place} requires ${each}`);
      for (const keyword of [
        'enum',
        'const',
        'default',
        'pattern',
        'minItems',
        'maxItems',
        'contentEncoding',
      ] as const) {
        const value = schema[keyword];
        const isNoise = value === 0 || value === '^-?(0|[1-9]\\d*)$';
        if (value !== undefined && !isNoise) facts.add(`${place} ${keyword} ${JSON.stringify(value)}`);
      }
      for (const keyword of ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'] as const) {
        const value = schema[keyword];
        if (value !== undefined && Math.abs(value) < 1_000_000) facts.add(`${place} ${keyword} ${value}`);
      }
      for (const [key, part] of Object.entries(properties)) {
        facts.add(`${place} has ${key}`);
        walk(part, `${place}.${key}`, depth + 1);
      }
      walk(items, `${place}[]`, depth + 1);
      walk(additionalProperties, `${place}.*`, depth + 1);
      for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
        schema[keyword]?.forEach((part, index) => {
          walk(part, `${place}/${keyword}${index}`, depth + 1);
        });
      }
    };
    walk(root, '', 0);
    return facts;
  }
});
