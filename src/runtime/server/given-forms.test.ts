import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { callContext } from '../call-context.ts';
import { createServer, type Server } from '../server.ts';

const make = () => createServer({ name: 's', version: '1' });
const call = async (server: Server, name: string, args = {}) =>
  server.callTool({ name, arguments: args }, callContext());
const textOf = (result: unknown) => JSON.stringify(result).replaceAll('\\"', '"');

describe('schemas by property, as the MCP SDK takes them', () => {
  const server = make();
  server.tool(
    'search',
    {
      input: {
        query: z.string().describe('What to look for.'),
        limit: z.number().default(10),
        sort: z.string().optional(),
      },
    },
    (args) => {
      expectTypeOf(args.query).toEqualTypeOf<string>();
      expectTypeOf(args.limit).toEqualTypeOf<number>();
      expectTypeOf(args.sort).toEqualTypeOf<string | undefined>();
      return args;
    },
  );

  test('are listed as an object', async () => {
    expect((await server.listTools({}))[0]?.inputSchema).toEqual({
      type: 'object',
      properties: {
        query: { type: 'string', description: 'What to look for.' },
        limit: { type: 'number', default: 10 },
        sort: { type: 'string' },
      },
      required: ['query'],
      additionalProperties: false,
    });
  });

  test('parse each argument', async () => {
    expect((await call(server, 'search', { query: 'x' })).structuredContent).toEqual({ query: 'x', limit: 10 });
  });

  test.each([
    { args: {}, want: '/query: ' },
    { args: { query: 'x', limit: 'many' }, want: '/limit: ' },
    { args: { query: 'x', other: 1 }, want: '/other: is not known' },
  ])('refuse $args', async ({ args, want }) => {
    const result = await call(server, 'search', args);
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain(want);
  });
});

describe('arguments of a prompt', () => {
  const schema = z.object({
    name: z.string().describe('Whom to greet.'),
    times: z.number().int().default(1),
    loud: z.boolean().optional(),
    tags: z.array(z.string()).optional(),
  });
  const json = {
    type: 'object',
    properties: {
      name: { type: 'string', description: 'Whom to greet.' },
      times: { type: 'integer' },
      loud: { type: 'boolean' },
      tags: { type: 'array', items: { type: 'string' } },
    },
    required: ['name'],
  } as const;
  const FORMS: Readonly<Record<string, (server: Server) => void>> = {
    'a schema of a library'(server) {
      server.prompt('greet', { arguments: schema, complete: { name: ['Ada'] } }, (args) => {
        expectTypeOf(args.times).toEqualTypeOf<number>();
        return JSON.stringify(args);
      });
    },
    'such schemas by argument'(server) {
      server.prompt('greet', { arguments: schema.shape }, (args) => {
        expectTypeOf(args.name).toEqualTypeOf<string>();
        return JSON.stringify(args);
      });
    },
    'a JSON Schema'(server) {
      server.prompt('greet', { arguments: json }, (args) => {
        expectTypeOf(args.times).toEqualTypeOf<number | undefined>();
        return JSON.stringify({ ...args, times: args.times ?? 1 });
      });
    },
  };

  describe.each(Object.entries(FORMS))('as %s', (_, add) => {
    const server = make();
    add(server);
    const get = (given: Readonly<Record<string, string>>) =>
      server.getPrompt({ name: 'greet', arguments: given }, callContext());

    test('are listed by name', async () => {
      expect((await server.listPrompts({}))[0]?.arguments).toEqual([
        { name: 'name', description: 'Whom to greet.', required: true },
        { name: 'times' },
        { name: 'loud' },
        { name: 'tags' },
      ]);
    });

    test('are converted from the texts that clients give', async () => {
      const { messages } = await get({ name: 'Ada', times: '3', loud: 'true', tags: '["a","b"]' });
      const { content } = messages[0] ?? {};
      expect(JSON.parse(content?.type === 'text' ? content.text : '')).toEqual({
        name: 'Ada',
        times: 3,
        loud: true,
        tags: ['a', 'b'],
      });
    });

    test.each<{ given: Record<string, string>; want: RegExp }>([
      { given: {}, want: /Prompt "greet": .*name/ },
      { given: { name: 'Ada', times: 'often' }, want: /\/times: / },
      { given: { name: 'Ada', nmae: 'x' }, want: /\/nmae: is unknown \(it takes name, times, loud, tags\)/ },
    ])('refuse $given', async ({ given, want }) => {
      await expect(get(given)).rejects.toThrow(want);
    });
  });

  test('as names with nothing more are texts', async () => {
    const server = make();
    server.prompt('greet', { arguments: { name: { required: true }, tone: {} } }, ({ name, tone }) => {
      expectTypeOf(name).toEqualTypeOf<string>();
      expectTypeOf(tone).toEqualTypeOf<string | undefined>();
      return `${name} ${tone}`;
    });
    const result = await server.getPrompt({ name: 'greet', arguments: { name: '5' } }, callContext());
    expect(textOf(result)).toContain('5 undefined');
  });
});

describe('what a handler returns', () => {
  class Hidden {
    readonly #value = 1;
    get value() {
      return this.#value;
    }
  }
  test.each<{ what: string; returned: () => unknown; want: unknown }>([
    { what: 'a Map by name', returned: () => new Map([['a', new Set([1, 2])]]), want: { a: [1, 2] } },
    { what: 'a Map by anything else', returned: () => ({ m: new Map([[1, 'a']]) }), want: { m: [[1, 'a']] } },
    { what: 'a Date', returned: () => ({ at: new Date(0) }), want: { at: '1970-01-01T00:00:00.000Z' } },
    { what: 'an object without prototype', returned: () => Object.create(null), want: {} },
    { what: 'a URL', returned: () => ({ url: new URL('http://a.test/') }), want: { url: 'http://a.test/' } },
  ])('$what is data', async ({ returned, want }) => {
    const server = make();
    server.tool('give', {}, returned);
    expect((await call(server, 'give')).structuredContent).toEqual(want);
    server.resource('data://it', {}, returned);
    const { contents } = await server.readResource({ uri: 'data://it' }, callContext());
    expect(contents[0]).toMatchObject({ text: JSON.stringify(want) });
  });

  test.each<{ what: string; returned: () => unknown; want: string }>([
    { what: 'an Error', returned: () => new Error('x'), want: 'an Error. Throw it instead' },
    {
      what: 'an Error with properties',
      returned: () => ({ e: Object.assign(new Error('x'), { a: 1 }) }),
      want: 'an Error',
    },
    { what: 'a Response', returned: () => new Response('x'), want: 'await response.json()' },
    { what: 'a promise in data', returned: () => ({ p: Promise.resolve(1) }), want: 'Await it first' },
    {
      what: 'a generator',
      returned: () =>
        (function* () {
          yield 1;
        })(),
      want: 'a generator. Collect its values',
    },
    {
      what: 'an async generator',
      returned: () =>
        (async function* () {
          yield 1;
        })(),
      want: 'a generator. Collect its values',
    },
    { what: 'bytes in data', returned: () => ({ file: new Uint8Array(3) }), want: 'bytes. Wrap them in image()' },
    { what: 'a bigint', returned: () => ({ n: 5n }), want: 'a bigint, which JSON cannot represent' },
    { what: 'a WeakMap', returned: () => new WeakMap(), want: 'a WeakMap, which JSON would turn into {}' },
    {
      what: 'an instance that keeps its data',
      returned: () => new Hidden(),
      want: 'a Hidden, which JSON would turn into {}',
    },
    {
      what: 'what contains itself',
      returned: () => {
        const data: { self?: unknown } = {};
        data.self = data;
        return data;
      },
      want: 'a value that JSON cannot represent',
    },
    { what: 'a function', returned: () => () => 1, want: 'a function, which JSON cannot represent' },
  ])('$what is refused, never "{}"', async ({ returned, want }) => {
    const server = make();
    server.tool('give', {}, returned);
    const result = await call(server, 'give');
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain(want);
    server.resource('data://it', {}, returned);
    await expect(server.readResource({ uri: 'data://it' }, callContext())).rejects.toThrow(want);
  });
});

test.each([
  ['notes://today', 'today'],
  ['notes://today/summary.md?x=1', 'summary.md'],
  ['config:app', 'app'],
])('a resource %s without a name is called %s', async (uri, name) => {
  const server = make();
  server.resource(uri, {}, () => 'text');
  expect((await server.listResources({}))[0]).toEqual({ uri, name });
});

test.each([
  ['users://{id}', 'users'],
  ['users://{id}/profile', 'profile'],
])('a template %s without a name is called %s', async (uri, name) => {
  const server = make();
  server.resource(uri, {}, () => 'text');
  expect((await server.listResourceTemplates({}))[0]).toEqual({ uriTemplate: uri, name });
});
