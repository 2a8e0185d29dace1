import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterEach, describe, expect, test } from 'vitest';
import { loopback } from '../loopback.test.fixture.ts';
import { openApi, type ProxyOptions } from '../proxy.ts';
import { callContext } from '../runtime/call-context.ts';
import type { Provider } from '../runtime/provider.ts';

const opened: Provider[] = [];
afterEach(async () => {
  for (const provider of opened.splice(0)) await provider.close();
});

async function mock(paths: Record<string, unknown>, options: ProxyOptions = {}, more: Record<string, unknown> = {}) {
  const source = { openapi: '3.1.0', info: { title: 'Shop', version: '1' }, paths, ...more };
  const api = await openApi(source, { environment: {}, mock: true, ...options });
  opened.push(api.provider);
  const call = (name: string, args: Record<string, unknown> = {}) =>
    api.provider.callTool({ name, arguments: args }, callContext());
  return {
    api,
    call,
    value: async (name: string, args?: Record<string, unknown>) => (await call(name, args)).structuredContent,
  };
}

const parameter = (name: string, place: string, schema: unknown = { type: 'integer' }) => ({
  name,
  in: place,
  required: place === 'path',
  schema,
});
const answers = (schema: unknown, more: object = {}) => ({
  description: 'ok',
  content: { 'application/json': { schema, ...more } },
});
const pet = {
  type: 'object',
  required: ['id', 'name'],
  properties: {
    id: { type: 'integer' },
    name: { type: 'string' },
    status: { type: 'string', enum: ['available', 'sold'] },
  },
};
const PATHS = {
  '/pets/{petId}': {
    get: {
      operationId: 'getPet',
      parameters: [parameter('petId', 'path')],
      responses: {
        200: answers(pet),
        404: {
          description: 'none',
          content: {
            'application/problem+json': {
              schema: { type: 'object', properties: { title: { const: 'No such pet' }, status: { type: 'integer' } } },
            },
          },
        },
      },
    },
  },
  '/pets': {
    get: {
      operationId: 'listPets',
      parameters: [parameter('status', 'query', { type: 'string' })],
      responses: { 200: answers({ type: 'object', properties: { items: { type: 'array', items: pet } } }) },
    },
    post: { operationId: 'addPet', responses: { 201: answers(pet, { example: { id: 4, name: 'Ada' } }) } },
    delete: { operationId: 'removePets', responses: { 204: { description: 'gone' } } },
  },
};

test('the same seed and arguments give the same response, another seed another', async () => {
  const [one, same, other] = [await mock(PATHS), await mock(PATHS), await mock(PATHS, { mockSeed: 2 })];
  const first = await one.value('listPets');
  expect(first).toMatchObject({ items: expect.any(Array) });
  expect(await one.value('listPets')).toEqual(first);
  expect(await same.value('listPets')).toEqual(first);
  expect(await other.value('listPets')).not.toEqual(first);
});

test('arguments that share the name of a property are echoed', async () => {
  const { value } = await mock(PATHS);
  expect(await value('getPet', { petId: 7 })).toMatchObject({ id: 7 });
  expect(await value('listPets', { status: 'sold' })).toMatchObject({
    items: [{ status: 'sold' }, { status: 'sold' }],
  });
  // The schema does not allow it.
  expect(JSON.stringify(await value('listPets', { status: 'unknown' }))).not.toContain('unknown');
});

test('the declared status, media type and example are used', async () => {
  const { call } = await mock(PATHS);
  expect((await call('addPet')).structuredContent).toEqual({ id: 4, name: 'Ada' });
  expect((await call('removePets')).content).toMatchObject([{ text: expect.stringContaining('204 No Content') }]);
});

test('the seed picks one of several examples, the first one by default', async () => {
  const examples = Object.fromEntries(['one', 'two', 'three'].map((name, id) => [name, { value: { id, name } }]));
  const paths = { '/a': { get: { operationId: 'a', responses: { 200: answers(pet, { examples }) } } } };
  const names: unknown[] = [];
  for (const options of [{}, { mockSeed: 2 }, { mockSeed: 3 }, { mockSeed: 4 }, { mockSeed: 0 }])
    names.push(await (await mock(paths, options)).value('a'));
  expect(names).toMatchObject(['one', 'two', 'three', 'one', 'three'].map((name) => ({ name })));
});

test('another declared status is the error that the API would give', async () => {
  const { call } = await mock(PATHS, { mockStatus: 404 });
  const result = await call('getPet', { petId: 7 });
  expect(result).toMatchObject({ isError: true, _meta: { 'openapi-mcp/http': { status: 404 } } });
  expect(result.content).toMatchObject([{ text: expect.stringContaining('"status":404') }]);
  expect(await call('listPets')).toMatchObject({
    isError: true,
    content: [
      { text: expect.stringMatching(/does not declare a response 404 for GET \/pets\..*\n.*It declares: 200/) },
    ],
  });
});

test('arguments are validated as always', async () => {
  const { call } = await mock(PATHS);
  expect(await call('getPet')).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('petId') }] });
});

test('resources are made up too', async () => {
  const { api } = await mock(PATHS);
  const { contents } = await api.provider.readResource({ uri: 'api://shop/pets/3' }, callContext());
  expect(JSON.parse(String((contents[0] as { text?: string }).text))).toMatchObject({ id: 3 });
});

test('needs no server and no credentials, fetches no token, and says that responses are made up', async () => {
  const tokens = await loopback((_, response) => response.end('{}'));
  const flow = { clientCredentials: { tokenUrl: `${tokens.url}/token`, scopes: {} } };
  const secured = {
    security: [{ login: [] }],
    components: { securitySchemes: { login: { type: 'oauth2', flows: flow } } },
    servers: [{ url: tokens.url }],
  };
  const environment = { OAUTH_CLIENT_ID_LOGIN: 'a', OAUTH_CLIENT_SECRET_LOGIN: 'b' };
  for (const options of [{}, { environment }]) {
    const { api, value } = await mock(PATHS, options, secured);
    expect(await value('getPet', { petId: 1 })).toMatchObject({ id: 1 });
    expect(api).toMatchObject({ credentials: [], origins: [], serverUrl: undefined, serverProblem: undefined });
    expect(api.notices).toEqual([
      'Responses are made up from the document (mock, seed 1). No request is sent to the API.',
    ]);
  }
  expect(tokens.requests).toEqual([]);
  await tokens.close();
});

test('declared headers are made from their schemas', async () => {
  const headers = { 'X-Total': { schema: { type: 'integer', const: 3 } }, 'Content-Length': { schema: { const: 9 } } };
  const { call } = await mock({
    '/a': { get: { operationId: 'a', responses: { 200: { headers, ...answers(pet) } } } },
  });
  expect(JSON.stringify((await call('a')).content)).toContain('X-Total: 3');
});

describe('other media types', () => {
  const of = async (mediaType: string, media: object) => {
    const responses = { 200: { description: 'ok', content: { [mediaType]: media } } };
    const { call } = await mock({ '/a': { get: { operationId: 'a', responses } } });
    return (await call('a')).content[0];
  };

  test.each([
    ['text/plain', { schema: { type: 'string', const: 'hello' } }, { type: 'text', text: 'hello' }],
    [
      'application/xml',
      { schema: { type: 'object', properties: { a: { const: 1 } } } },
      { text: '<root><a>1</a></root>' },
    ],
    ['application/x-ndjson', { schema: { const: { a: 1 } } }, { text: '{"a":1}\n{"a":1}\n{"a":1}' }],
    ['text/event-stream', { itemSchema: { const: { a: 1 } } }, { text: '{"a":1}\n{"a":1}\n{"a":1}' }],
    ['image/png', { schema: { type: 'string', format: 'binary' } }, { type: 'image', mimeType: 'image/png' }],
    ['*/*', { schema: { type: 'object', properties: { a: { const: 1 } } } }, { text: '{"a":1}' }],
  ])('%s', async (mediaType, media, want) => {
    expect(await of(mediaType, media)).toMatchObject(want);
  });
});

describe('every response is valid under its schema', () => {
  const cat = {
    type: 'object',
    required: ['kind'],
    properties: { kind: { type: 'string' }, lives: { type: 'integer' } },
  };
  const dog = {
    type: 'object',
    required: ['kind', 'tail'],
    properties: { kind: { type: 'string' }, tail: { type: 'boolean' } },
  };
  const schemas: Record<string, object> = {
    Node: {
      type: 'object',
      required: ['name', 'children'],
      properties: {
        name: { type: 'string' },
        children: { type: 'array', items: { $ref: '#/components/schemas/Node' } },
      },
    },
    Chain: {
      type: 'object',
      required: ['next'],
      properties: { next: { anyOf: [{ $ref: '#/components/schemas/Chain' }, { type: 'null' }] } },
    },
    Cat: cat,
    Dog: dog,
  };
  const rows: Record<string, unknown> = {
    'a pattern': { type: 'string', pattern: '^[A-Z]{3}-\\d{4,6}$' },
    'a pattern with a length': { type: 'string', pattern: '^[a-z]+$', minLength: 12, maxLength: 14 },
    'a pattern with alternatives and classes': {
      type: 'string',
      pattern: '^(?:v\\d+|[^\\s@]+@[\\w.]+)(?:-(?:alpha|beta))?$',
    },
    'a lookahead': { type: 'string', pattern: '^(?=.*[A-Z])(?=.*\\d).{8,}$' },
    bounds: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
    'multiples of a decimal': { type: 'number', multipleOf: 0.01, minimum: 0.05, maximum: 0.5 },
    'unique items': { type: 'array', items: { enum: ['a', 'b', 'c'] }, uniqueItems: true, minItems: 3 },
    tuples: { type: 'array', prefixItems: [{ type: 'integer' }, { type: 'string' }], items: false, minItems: 2 },
    contains: { type: 'array', items: { type: 'integer' }, contains: { const: 42 }, minItems: 3 },
    'oneOf that must not overlap': {
      oneOf: [
        { type: 'object', properties: { a: { type: 'string' } } },
        { type: 'object', required: ['b'], properties: { b: { type: 'string' } } },
      ],
    },
    'allOf that narrows': {
      allOf: [
        { type: 'object', properties: { a: { type: 'string' }, n: { minimum: 5 } } },
        {
          type: 'object',
          required: ['a', 'n'],
          properties: { a: { maxLength: 3 }, n: { type: 'integer', maximum: 6 } },
        },
      ],
    },
    'if and then': {
      type: 'object',
      required: ['kind'],
      properties: { kind: { enum: ['card', 'cash'] } },
      if: { properties: { kind: { const: 'card' } } },
      then: { required: ['number'], properties: { number: { type: 'string', pattern: '^\\d{16}$' } } },
      else: { not: { required: ['number'] } },
    },
    'dependent names': {
      type: 'object',
      properties: { a: { type: 'string' } },
      dependentRequired: { a: ['b'] },
      dependentSchemas: { b: { properties: { b: { type: 'integer' } } } },
    },
    'a map with named keys': {
      type: 'object',
      propertyNames: { pattern: '^k\\d$' },
      additionalProperties: { type: 'integer' },
      minProperties: 2,
    },
    'nothing more': {
      allOf: [{ properties: { a: { type: 'string' } } }],
      type: 'object',
      properties: { b: { type: 'string' } },
      unevaluatedProperties: false,
    },
    null: { type: 'null' },
    nullable: { type: ['string', 'null'], format: 'date-time' },
    recursion: { $ref: '#/components/schemas/Node' },
    'recursion that null ends': { $ref: '#/components/schemas/Chain' },
    not: { type: 'integer', minimum: 0, not: { enum: [0, 1, 2] } },
    'a wrong example': {
      type: 'object',
      required: ['id'],
      properties: { id: { type: 'integer' } },
      example: { id: 'x' },
    },
    ...Object.fromEntries(
      [
        'date',
        'date-time',
        'time',
        'duration',
        'email',
        'hostname',
        'ipv4',
        'ipv6',
        'uri',
        'uri-reference',
        'uuid',
        'byte',
        'json-pointer',
        'regex',
        'int32',
        'int64',
        'float',
        'uri-template',
      ].map((format) => [
        `format ${format}`,
        /int|float/.test(format) ? { type: 'number', format } : { type: 'string', format },
      ]),
    ),
  };

  test.each(Object.entries(rows))('%s', async (_, schema) => {
    const ajv = addFormats.default(new Ajv2020({ strict: false }));
    const check = ajv.compile({
      type: 'object',
      required: ['value'],
      properties: { value: schema },
      components: { schemas },
    });
    const wrapped = { type: 'object', required: ['value'], properties: { value: schema } };
    const paths = { '/a': { get: { operationId: 'a', responses: { 200: answers(wrapped) } } } };
    for (const mockSeed of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const { value } = await mock(paths, { mockSeed }, { components: { schemas } });
      const made = await value('a');
      expect(check(made), JSON.stringify([made, check.errors])).toBe(true);
    }
  });

  test('a discriminator of a parent picks a subtype', async () => {
    const parent = {
      type: 'object',
      required: ['kind'],
      discriminator: { propertyName: 'kind' },
      properties: { kind: { type: 'string' } },
    };
    const child = (name: string) => ({
      allOf: [
        { $ref: '#/components/schemas/Animal' },
        { required: [name], properties: { [name]: { type: 'integer' } } },
      ],
    });
    const animals = { Animal: parent, Bird: child('wings'), Fish: child('fins') };
    const schema = { $ref: '#/components/schemas/Animal' };
    const paths = { '/a': { get: { operationId: 'a', responses: { 200: answers(schema) } } } };
    for (let mockSeed = 1; mockSeed < 10; mockSeed++) {
      const { value } = await mock(paths, { mockSeed }, { components: { schemas: animals } });
      const made = await value('a');
      const bird = { kind: 'Bird', wings: expect.any(Number) };
      const fish = { kind: 'Fish', fins: expect.any(Number) };
      expect([bird, fish, { kind: 'Animal' }]).toContainEqual(made);
    }
  });

  test('a discriminator names the alternative', async () => {
    const choice = {
      oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }],
      discriminator: { propertyName: 'kind', mapping: { meow: '#/components/schemas/Cat' } },
    };
    const paths = { '/a': { get: { operationId: 'a', responses: { 200: answers(choice) } } } };
    const kinds = new Set<unknown>();
    for (let mockSeed = 1; mockSeed < 20; mockSeed++) {
      const { value } = await mock(paths, { mockSeed }, { components: { schemas } });
      const made = (await value('a')) as { kind?: string; tail?: unknown };
      kinds.add(made.kind);
      expect('tail' in made).toBe(made.kind === 'Dog');
    }
    expect([...kinds].sort()).toEqual(['Dog', 'meow']);
  });
});
