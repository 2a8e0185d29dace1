import { describe, expect, test } from 'vitest';
import type { ArgumentsSchema, JsonSchema, Operation } from '../model/index.ts';
import { coerce } from '../runtime/api/arguments/coerce.ts';
import { createInterpretingValidator } from '../runtime/api/arguments/interpret-arguments.ts';
import { argumentsFromText, listedValues } from '../runtime/api/arguments/text-arguments.ts';
import { createArgumentValidator, createSchemaCompiler } from '../runtime/api/arguments/validate-arguments.ts';
import { equalItems } from '../runtime/api/arguments/validation/equal-items.ts';
import { matchTemplate } from '../runtime/api/uri-template/index.ts';
import { callContext } from '../runtime/call-context.ts';
import { createServer } from '../runtime/server.ts';

type Schemas = Readonly<Record<string, JsonSchema>>;

const operation = (properties: Schemas, more: Partial<ArgumentsSchema> = {}): Pick<Operation, 'arguments'> => ({
  arguments: { type: 'object', properties, required: [], additionalProperties: false, ...more },
});
/** With and without code generation, which find the same. */
async function faultsOf(given: Pick<Operation, 'arguments'>, args: Record<string, unknown>, schemas: Schemas = {}) {
  const found = await createArgumentValidator().validate(given, schemas, args);
  expect(await createInterpretingValidator().validate(given, schemas, args)).toEqual(found);
  return found.map(({ message }) => message);
}

const strings = (count: number) => Array.from({ length: count }, (_, index) => `x${index}`);
const unknown = (count: number) => Object.fromEntries(strings(count).map((name) => [name, 1]));

/** A value that counts how often one of its parts is read. */
function counting<T extends object>(value: T): { readonly value: T; readonly reads: () => number } {
  let reads = 0;
  const proxies = new WeakMap<object, object>();
  const watched = <V>(part: V): V => {
    if (typeof part !== 'object' || part === null) return part;
    const known = proxies.get(part);
    if (known) return known as V;
    const proxy = new Proxy(part, {
      get(target, key, receiver) {
        reads++;
        return watched(Reflect.get(target, key, receiver));
      },
    });
    proxies.set(part, proxy);
    return proxy as V;
  };
  return { value: watched(value), reads: () => reads };
}

const items = (count: number) => strings(count).map((name, index) => ({ name, parts: [index, { name }] }));

describe('ten times the arguments are ten times the work', () => {
  const list = (schema: JsonSchema) => operation({ ids: { type: 'array', items: schema } });
  const choices: JsonSchema = {
    anyOf: Array.from({ length: 30 }, (_, index) => ({ type: 'object', required: [`a${index}`] })),
  };
  const table: readonly {
    what: string;
    given: Pick<Operation, 'arguments'>;
    args: (count: number) => Record<string, unknown>;
    wrong: boolean;
  }[] = [
    { what: 'wrong items', given: list({ type: 'integer' }), args: (count) => ({ ids: strings(count) }), wrong: true },
    { what: 'items that fit no branch', given: list(choices), args: (count) => ({ ids: items(count) }), wrong: true },
    { what: 'unknown arguments', given: operation({ pet: true }), args: unknown, wrong: true },
    {
      what: 'unknown properties of a part',
      given: operation({ part: { type: 'object', properties: { pet: true }, unevaluatedProperties: false } }),
      args: (count) => ({ part: unknown(count) }),
      wrong: true,
    },
    {
      what: 'objects that must differ, and do',
      given: operation({ ids: { type: 'array', uniqueItems: true } }),
      args: (count) => ({ ids: items(count) }),
      wrong: false,
    },
    {
      what: 'a part that is wrong at its end',
      given: list({ type: 'object', properties: { name: { type: 'string', maxLength: 7 } } }),
      args: (count) => ({ ids: [...items(count), { name: 'too long' }] }),
      wrong: true,
    },
  ];
  test.each(table)('$what', async ({ given, args, wrong }) => {
    const readsFor = async (count: number) => {
      const { value, reads } = counting(args(count));
      const faults = await faultsOf(given, value);
      expect(faults.length > 0).toBe(wrong);
      expect(faults.length).toBeLessThanOrEqual(22);
      return reads();
    };
    // Of a small value all faults are looked for as well, which is one pass more.
    for (const count of [50, 4_000]) {
      expect(await readsFor(count * 10)).toBeLessThan(12 * (await readsFor(count)) + 1_000);
    }
  });

  test('also where texts are put back into exact values', () => {
    const coercions = Array.from({ length: 200 }, (_, index) => ({
      path: [{ property: `x${index}` }],
      values: { a: index },
    }));
    const readsFor = (count: number) => {
      const { value, reads } = counting(unknown(count));
      coerce(value, coercions);
      return reads();
    };
    expect(readsFor(10_000)).toBeLessThan(11 * readsFor(1_000));
  });
});

describe('messages for many faults', () => {
  test('is the first one, of so many values that not all are looked at', async () => {
    const faults = await faultsOf(operation({ ids: { type: 'array', items: { type: 'integer' } } }), {
      ids: strings(40_000),
    });
    expect(faults).toEqual([
      'ids[0]: must be an integer; got "x0"',
      'there may be more errors; only the first is shown for large arguments',
    ]);
  });

  test('are 20 and a count, of a few', async () => {
    const faults = await faultsOf(operation({ pet: true }), unknown(500));
    expect(faults).toHaveLength(21);
    expect(faults.at(-1)).toBe('and 480 more');
  });

  test('are 20 and a count where the schema cannot be compiled', async () => {
    const broken = operation({ pet: { $ref: '#/$defs/Missing' } });
    expect((await faultsOf(broken, unknown(150_000))).at(-1)).toBe('and 149980 more');
  });

  test('is short, however long a name is', async () => {
    const [fault] = await faultsOf(operation({ pet: true }), { ['k'.repeat(1_000_000)]: 1 });
    expect(fault?.length).toBeLessThan(200);
  });
});

describe('alternatives that lead back to themselves', () => {
  const branch = (name: string): JsonSchema => ({
    type: 'object',
    properties: { child: { $ref: '#/$defs/Node' }, [name]: true },
    required: ['child'],
    additionalProperties: false,
  });
  const schemas = { Node: { anyOf: [branch('a'), branch('b'), branch('c')] } };
  const nested = (depth: number): unknown => (depth === 0 ? { wrong: 1 } : { child: nested(depth - 1) });

  test('are refused where they nest so deep that each level triples the work', async () => {
    const faults = await faultsOf(operation({ filter: { $ref: '#/$defs/Node' } }), { filter: nested(60) }, schemas);
    expect(faults).toEqual(['the arguments are nested too deeply to be validated']);
  });

  test('are validated as ever where they do not', async () => {
    const faults = await faultsOf(operation({ filter: { $ref: '#/$defs/Node' } }), { filter: nested(3) }, schemas);
    expect(faults).toEqual([expect.stringContaining('filter: must be an object with "child"')]);
  });

  test('a value that nests 50,000 deep is a fault, not a crash', async () => {
    let deep: unknown = {};
    for (let level = 0; level < 50_000; level++) deep = { child: deep };
    const list = { Node: { type: 'object', properties: { child: { $ref: '#/$defs/Node' } } } } as const;
    const faults = await faultsOf(operation({ filter: { $ref: '#/$defs/Node' } }), { filter: deep }, list);
    expect(faults).toEqual(['filter: is nested more than 1000 levels deep, which is too deep to send']);
  });

  test('are met once each where text is read, or completed', () => {
    const refs = Array.from({ length: 30 }, () => ({ $ref: '#/$defs/Node' }));
    const circular: Schemas = { Node: { anyOf: [...refs, { enum: [1, 2] }] } };
    const given = operation({ id: { $ref: '#/$defs/Node' } });
    expect(argumentsFromText(given, circular, { id: '2' })).toEqual({ id: 2 });
    expect(listedValues({ $ref: '#/$defs/Node' }, circular)).toEqual(['1', '2']);
  });
});

test('equal items are found as JSON Schema has them equal', () => {
  expect(equalItems([1, '1', true, 'true', null, 'null'])).toBeUndefined();
  expect(equalItems(['a', { x: 1, y: [2] }, { y: [2], x: 1 }])).toEqual([1, 2]);
  expect(equalItems([[1, 2], [2, 1], [], {}])).toBeUndefined();
  expect(equalItems([1, 2, 1.0])).toEqual([0, 2]);
});

describe('a hand-written tool', () => {
  const server = createServer({ name: 's', version: '1' });
  server.tool(
    'sum',
    { input: { type: 'object', properties: { ids: { type: 'array', items: { type: 'integer' } } } } },
    () => 'done',
  );
  server.tool('nothing', {}, () => 'done');
  server.prompt('hello', { arguments: { name: {} } }, () => 'hello');

  test.each([
    { name: 'sum', args: { ids: strings(40_000) } },
    { name: 'nothing', args: unknown(150_000) },
  ])('$name tells few of many faults', async ({ name, args }) => {
    const result = await server.callTool({ name, arguments: args }, callContext());
    expect(result.isError).toBe(true);
    expect(JSON.stringify(result).length).toBeLessThan(3_000);
  });

  test('tells few of many unknown arguments of a prompt', async () => {
    const given = Object.fromEntries(strings(50_000).map((name) => [name, '1']));
    await expect(server.getPrompt({ name: 'hello', arguments: given }, callContext())).rejects.toThrow(
      /^.{0,2000} and 49980 more are unknown\.$/s,
    );
  });

  test('finds all faults of few items', async () => {
    const check = await createSchemaCompiler({ schemasOf: 'programmer' })({ items: { type: 'integer' } });
    expect(check?.(['a', 1, 'b'])).toHaveLength(2);
  });
});

describe('a URI that could be shared between variables in many ways', () => {
  test.each([
    { template: 'api://x/{a}{b}{c}{d}{e}{f}!', uri: `api://x/${'a'.repeat(60_000)}` },
    { template: 'api://x/{a}-{b}-{c}-{d}-{e}-{f}!', uri: `api://x/${'-'.repeat(60_000)}` },
    { template: 'api://x/{+a}/{+b}/{+c}/{+d}!', uri: `api://x/${'/'.repeat(60_000)}` },
    { template: 'api://x{?a*}', uri: `api://x?${'a=1&'.repeat(15_000)}b=1&b=2` },
  ])('does not match $template, and is rejected quickly', { timeout: 5_000 }, ({ template, uri }) => {
    expect(matchTemplate(template, uri)).toBeUndefined();
  });

  test('gives the first variable the most', () => {
    expect(matchTemplate('api://x/{a}-{b}', 'api://x/1-2-3')).toEqual({ a: '1-2', b: '3' });
    expect(matchTemplate('api://x/{a}{b}', 'api://x/12')).toEqual({ a: '12', b: '' });
  });
});
