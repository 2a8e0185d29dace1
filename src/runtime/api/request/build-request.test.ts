import { describe, expect, test } from 'vitest';
import type { BodyPlan, BodyVariant, JsonSchema, Operation, RequestPlan } from '../../../model/index.ts';
import { requestUrl } from '../http.ts';
import { buildRequest } from './build-request.ts';

interface Given {
  readonly plan?: Partial<RequestPlan>;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly serverUrl?: string;
  readonly accept?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly schemas?: Readonly<Record<string, JsonSchema>>;
}

function build({ plan, args = {}, serverUrl = 'https://api.test', accept = '', properties = {}, schemas = {} }: Given) {
  const operation: Operation = {
    id: 'op',
    origin: { pointer: '#/paths/~1op/get', method: 'get', path: '/op', tags: [], deprecated: false },
    request: {
      method: 'GET',
      servers: 'api',
      path: ['/op'],
      fixedQuery: '',
      query: [],
      headers: [],
      cookies: [],
      coercions: [],
      renamed: false,
      ...plan,
    },
    response: { accept, wrapped: false, pagingArguments: [] },
    auth: [],
    arguments: { type: 'object', properties, required: [], additionalProperties: true },
  };
  return buildRequest({
    operation,
    schemas,
    arguments: args,
    serverUrl,
    files: {},
    signal: new AbortController().signal,
  });
}

const inPath = (name: string) =>
  ({ argument: name, name, format: { kind: 'style', style: 'simple', explode: false }, allowReserved: false }) as const;
const inQuery = (name: string, argument = name) =>
  ({
    argument,
    name,
    format: { kind: 'style', style: 'form', explode: true },
    allowReserved: false,
    allowEmptyValue: false,
  }) as const;
const inHeader = (name: string) =>
  ({ argument: name, name, format: { kind: 'style', style: 'simple', explode: false } }) as const;
const inCookie = (name: string) =>
  ({ argument: name, name, format: { kind: 'style', style: 'form', explode: true } }) as const;

describe('the URL', () => {
  test.each<Given & { want: string }>([
    { serverUrl: 'https://api.test', want: 'https://api.test/op' },
    { serverUrl: 'https://api.test/', want: 'https://api.test/op' },
    { serverUrl: 'https://api.test/v1', want: 'https://api.test/v1/op' },
    { serverUrl: 'https://api.test:8443/v1/', want: 'https://api.test:8443/v1/op' },
    { serverUrl: 'https://api.test/a%20b', want: 'https://api.test/a%20b/op' },
    { serverUrl: 'https://api.test/v1?key=1#top', want: 'https://api.test/v1/op?key=1' },
    {
      serverUrl: 'https://api.test?key=1',
      plan: { fixedQuery: 'a=1&b', query: [inQuery('q')] },
      args: { q: ['x', 'y'] },
      want: 'https://api.test/op?key=1&a=1&b&q=x&q=y',
    },
    { plan: { path: ['/a/', inPath('id'), '/'] }, args: { id: 'x/y' }, want: 'https://api.test/a/x%2Fy/' },
    { plan: { query: [inQuery('q', 'q_query')] }, args: { q_query: 1 }, want: 'https://api.test/op?q=1' },
    { plan: { query: [inQuery('a'), inQuery('b')] }, args: { b: 'x' }, want: 'https://api.test/op?b=x' },
    { plan: { query: [inQuery('constructor')] }, args: {}, want: 'https://api.test/op' },
    {
      plan: { queryString: { argument: 'q', encoding: { kind: 'json' } } },
      args: { q: [1] },
      want: 'https://api.test/op?%5B1%5D',
    },
  ])('$want', async ({ want, ...given }) => {
    expect(requestUrl(await build(given))).toBe(want);
  });

  test('its pieces are apart, for what is added later', async () => {
    const built = await build({
      serverUrl: 'https://api.test/v1?k=1&l',
      plan: { query: [inQuery('q')] },
      args: { q: 1 },
    });
    expect(built).toEqual({
      method: 'GET',
      target: 'https://api.test/v1/op',
      query: ['k=1', 'l', 'q=1'],
      headers: [],
      cookies: [],
    });
  });

  test.each(['..', '.', ''])('a path argument %j is rejected', async (id) => {
    await expect(build({ plan: { path: ['/a/', inPath('id')] }, args: { id } })).rejects.toMatchObject({
      code: 'UNSAFE_ARGUMENT',
      message: expect.stringContaining('"id"'),
    });
  });
});

describe('headers and cookies', () => {
  test('Accept first, then the parameters that are given', async () => {
    const plan = { headers: [inHeader('X-A'), inHeader('X-B')], cookies: [inCookie('c'), inCookie('d')] };
    const built = await build({ accept: 'application/json, */*;q=0.1', plan, args: { 'X-B': 0, d: ['x', 'y'] } });
    expect(built.headers).toEqual([
      ['Accept', 'application/json, */*;q=0.1'],
      ['X-B', '0'],
    ]);
    expect(built.cookies).toEqual(['d=x', 'd=y']);
  });

  test('a line break is rejected', async () => {
    await expect(build({ plan: { headers: [inHeader('X-A')] }, args: { 'X-A': 'a\r\nX-B: 1' } })).rejects.toMatchObject(
      {
        code: 'UNSAFE_ARGUMENT',
      },
    );
  });
});

const json: BodyVariant = {
  mediaType: 'application/json',
  source: { kind: 'fields', fields: { a: 'a', b_: 'b[]' }, extras: false },
  encoding: { kind: 'json' },
};
const open: BodyVariant = { ...json, source: { kind: 'fields', fields: { a: 'a' }, extras: true } };
const whole: BodyVariant = { ...json, source: { kind: 'argument', argument: 'body' } };
const form: BodyVariant = {
  mediaType: 'application/x-www-form-urlencoded',
  source: { kind: 'fields', fields: { a: 'a', c: 'c' }, extras: false },
  encoding: { kind: 'form', fields: {}, other: { kind: 'plain' } },
};
const text: BodyVariant = {
  mediaType: 'text/plain',
  source: { kind: 'argument', argument: 'text' },
  encoding: { kind: 'text' },
};
const body = (variants: BodyVariant[], more: Partial<BodyPlan> = {}) => ({
  plan: { method: 'POST', query: [inQuery('q')], body: { required: false, variants, ...more } },
});
const JSON_TYPE = ['Content-Type', 'application/json'];

describe('the body', () => {
  test.each<Given & { why: string; want: unknown; type: readonly string[] | undefined }>([
    {
      why: 'optional, nothing given: none, and no Content-Type',
      ...body([json]),
      args: { q: 1 },
      want: undefined,
      type: undefined,
    },
    { why: 'required, nothing given: empty', ...body([json], { required: true }), want: '{}', type: JSON_TYPE },
    {
      why: 'fields under their names',
      ...body([json]),
      args: { b_: null, a: 1 },
      want: '{"b[]":null,"a":1}',
      type: JSON_TYPE,
    },
    { why: 'null is a value', ...body([json]), args: { a: null }, want: '{"a":null}', type: JSON_TYPE },
    { why: 'undefined is none', ...body([json]), args: { a: undefined }, want: undefined, type: undefined },
    {
      why: 'extras are what is nobody else’s',
      ...body([open]),
      args: { q: 1, a: 2, x: 3 },
      want: '{"a":2,"x":3}',
      type: JSON_TYPE,
    },
    { why: 'an open body with nothing but a query', ...body([open]), args: { q: 1 }, want: undefined, type: undefined },
    {
      why: 'the media type argument is not an extra',
      ...body([open], { mediaTypeArgument: 'mediaType' }),
      args: { mediaType: 'application/json', x: 1 },
      want: '{"x":1}',
      type: JSON_TYPE,
    },
    { why: 'one argument', ...body([whole]), args: { body: [1] }, want: '[1]', type: JSON_TYPE },
    { why: 'one argument that is null', ...body([whole]), args: { body: null }, want: 'null', type: JSON_TYPE },
    { why: 'the first variant of several', ...body([json, form]), args: { a: 1 }, want: '{"a":1}', type: JSON_TYPE },
    {
      why: 'the first of which an argument was given',
      ...body([json, form]),
      args: { c: 1 },
      want: 'c=1',
      type: ['Content-Type', form.mediaType],
    },
    {
      why: 'the named one',
      ...body([json, form], { mediaTypeArgument: 'mt' }),
      args: { mt: form.mediaType, a: 1 },
      want: 'a=1',
      type: ['Content-Type', form.mediaType],
    },
    {
      why: 'text next to fields',
      ...body([json, text]),
      args: { text: 'x' },
      want: 'x',
      type: ['Content-Type', 'text/plain'],
    },
    {
      why: 'keys like those of Object',
      ...body([open]),
      args: JSON.parse('{"__proto__":1}'),
      want: '{"__proto__":1}',
      type: JSON_TYPE,
    },
  ])('$why', async ({ want, type, ...given }) => {
    const built = await build(given);
    expect(built.body).toBe(want);
    expect(built.headers).toEqual(type ? [type] : []);
  });

  test.each([
    { why: 'an unknown media type', ...body([json], { mediaTypeArgument: 'mt' }), args: { mt: 'text/css' } },
    { why: 'arguments of two media types', ...body([json, text]), args: { a: 1, text: 'x' } },
  ])('$why is rejected', async (given) => {
    await expect(build(given)).rejects.toMatchObject({ code: 'INVALID_ARGUMENTS' });
  });

  test('a file that is not allowed is rejected', async () => {
    const bytes: BodyVariant = { ...text, encoding: { kind: 'bytes' } };
    await expect(build({ ...body([bytes]), args: { text: { path: '/etc/passwd' } } })).rejects.toMatchObject({
      code: 'FILE_REFUSED',
    });
  });
});

test('names below the arguments are those of the document', async () => {
  const built = await build({
    plan: {
      method: 'POST',
      coercions: [],
      renamed: true,
      query: [{ ...inQuery('filter'), format: { kind: 'style', style: 'deepObject', explode: true } }],
      body: { required: true, variants: [json] },
    },
    properties: { filter: { properties: { a_b: { 'x-sent-as': 'a.b' } } }, a: { $ref: '#/$defs/A' } },
    schemas: { A: { properties: { x_: { 'x-sent-as': 'x!' } } } },
    args: { filter: { a_b: 1 }, a: { x_: 2 } },
  });
  expect(built.query).toEqual(['filter%5Ba.b%5D=1']);
  expect(built.body).toBe('{"a":{"x!":2}}');
});
