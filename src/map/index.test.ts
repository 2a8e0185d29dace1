import { describe, expect, test } from 'vitest';
import { FILE_INPUT_SCHEMA } from '../model/index.ts';
import { mapPaths } from './document.test.fixture.ts';

const ok = { responses: { 200: { description: 'ok' } } };
const json = (schema: unknown) => ({ content: { 'application/json': { schema } } });
const only = (paths: unknown, more: Parameters<typeof mapPaths>[1] = {}) => {
  const { model, problems } = mapPaths(paths, more);
  const [operation] = model.operations;
  if (!operation) throw new Error(`no operation: ${JSON.stringify(problems)}`);
  return { operation, model, problems };
};

describe('a body', () => {
  const named = {
    type: 'object',
    properties: { name: { type: 'string' }, age: { type: 'integer' } },
    required: ['name'],
  };

  test('that is an object becomes one argument for each property', () => {
    const { operation } = only({ '/pets': { post: { requestBody: { required: true, ...json(named) }, ...ok } } });
    expect(operation.arguments).toEqual({
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'integer' } },
      required: ['name'],
      additionalProperties: false,
    });
    expect(operation.request.body).toEqual({
      required: true,
      variants: [
        {
          mediaType: 'application/json',
          source: { kind: 'fields', fields: { name: 'name', age: 'age' }, extras: false },
          encoding: { kind: 'json' },
        },
      ],
    });
  });

  test('that is optional requires its required properties only if any property is passed, and the listed schema does not show that', () => {
    const { operation } = only({ '/pets': { post: { requestBody: json(named), ...ok } } });
    expect(operation.arguments.required).toEqual([]);
    expect(operation.arguments.dependentRequired).toEqual({ age: ['name'] });
    expect(operation.tool?.inputSchema).not.toHaveProperty('dependentRequired');
  });

  test.each([
    ['a list', { type: 'array', items: { type: 'string' } }],
    ['a free-form object', { type: 'object' }],
    ['a map', { type: 'object', additionalProperties: { type: 'integer' } }],
    [
      'a choice',
      {
        oneOf: [
          { type: 'object', properties: { a: {} } },
          { type: 'object', properties: { b: {} } },
        ],
      },
    ],
    ['null or an object', { type: ['object', 'null'], properties: { a: {} } }],
    ['a bounded object', { type: 'object', properties: { a: {} }, minProperties: 1 }],
  ])('that is %s is the argument "body"', (_, schema) => {
    const { operation } = only({ '/x': { post: { requestBody: { required: true, ...json(schema) }, ...ok } } });
    expect(Object.keys(operation.arguments.properties)).toEqual(['body']);
    expect(operation.request.body?.variants[0]?.source).toEqual({ kind: 'argument', argument: 'body' });
  });

  test('made by allOf is one list of properties', () => {
    const schema = {
      allOf: [
        named,
        { type: 'object', properties: { tag: { type: 'string' } }, required: ['tag'] },
        { description: 'd' },
      ],
    };
    const { operation } = only({ '/x': { post: { requestBody: { required: true, ...json(schema) }, ...ok } } });
    expect(Object.keys(operation.arguments.properties)).toEqual(['name', 'age', 'tag']);
    expect(operation.arguments.required).toEqual(['name', 'tag']);
  });

  test('with subtypes chosen by a discriminator keeps the properties of the subtypes', () => {
    const schema = {
      type: 'object',
      properties: { kind: { type: 'string' } },
      discriminator: { propertyName: 'kind', mapping: { cat: '#/x' } },
    };
    const { operation } = only({ '/x': { post: { requestBody: { required: true, ...json(schema) }, ...ok } } });
    expect(Object.keys(operation.arguments.properties)).toEqual(['body']);
  });

  test('with subtypes that have it in their allOf keeps the properties of the subtypes', () => {
    const pet = { type: 'object', properties: { kind: { type: 'string' } }, discriminator: { propertyName: 'kind' } };
    const cat = { allOf: [{ $ref: '#/components/schemas/Pet' }, { properties: { meows: { type: 'boolean' } } }] };
    const { operation } = only(
      { '/x': { post: { requestBody: { required: true, ...json({ $ref: '#/components/schemas/Pet' }) }, ...ok } } },
      { components: { schemas: { Pet: pet, Cat: cat } } },
    );
    expect(Object.keys(operation.arguments.properties)).toEqual(['body']);
  });

  test('that is sent as base64 text is that text, not a file', () => {
    const schema = { type: 'string', contentMediaType: 'image/png', contentEncoding: 'base64' };
    const content = { 'image/png': { schema } };
    const { operation } = only({ '/x': { post: { requestBody: { required: true, content }, ...ok } } });
    expect(operation.arguments.properties.body).toMatchObject({ type: 'string' });
    expect(operation.request.body?.variants[0]?.encoding).toEqual({ kind: 'text' });
  });

  test('with additional properties takes arguments that are not declared', () => {
    const schema = { ...named, additionalProperties: { type: 'number' } };
    const { operation } = only({ '/x': { post: { requestBody: { required: true, ...json(schema) }, ...ok } } });
    expect(operation.arguments.additionalProperties).toEqual({ type: 'number' });
    expect(operation.request.body?.variants[0]?.source).toMatchObject({ kind: 'fields', extras: true });
  });

  test('with a property that has the name of a parameter gets a different key', () => {
    const { operation } = only({
      '/pets/{name}': {
        put: {
          parameters: [{ name: 'name', in: 'path', required: true, schema: { type: 'string' } }],
          requestBody: { required: true, ...json(named) },
          ...ok,
        },
      },
    });
    expect(operation.arguments.properties).toMatchObject({
      name: { type: 'string' },
      name_body: { type: 'string', description: 'The property of the body "name".' },
    });
    expect(operation.request.body?.variants[0]?.source).toMatchObject({ fields: { name_body: 'name', age: 'age' } });
  });

  test('in several media types with one schema shares its arguments, JSON first, and lets the caller choose the type', () => {
    const content = {
      'application/xml': { schema: named },
      'application/x-www-form-urlencoded': { schema: named },
      'application/json': { schema: named },
    };
    const { operation } = only({ '/x': { post: { requestBody: { required: true, content }, ...ok } } });
    expect(operation.request.body?.variants.map(({ mediaType }) => mediaType)).toEqual([
      'application/json',
      'application/x-www-form-urlencoded',
      'application/xml',
    ]);
    expect(operation.request.body?.mediaTypeArgument).toBe('contentType');
    expect(Object.keys(operation.arguments.properties)).toEqual(['name', 'age', 'contentType']);
  });

  test('in several media types with different schemas has an argument for each, none of them required', () => {
    const content = { 'application/json': { schema: named }, 'application/octet-stream': {} };
    const { operation } = only({ '/x': { post: { requestBody: { required: true, content }, ...ok } } });
    expect(Object.keys(operation.arguments.properties)).toEqual(['name', 'age', 'body_bytes', 'contentType']);
    expect(operation.arguments.required).toEqual([]);
  });

  test('of multipart sends files as bytes and lists as one part per item', () => {
    const schema = {
      type: 'object',
      properties: {
        title: { type: 'string' },
        photo: { type: 'string', format: 'binary' },
        scans: { type: 'array', items: { type: 'string', format: 'binary' } },
        meta: { type: 'object' },
      },
    };
    const content = {
      'multipart/form-data': { schema, encoding: { photo: { contentType: 'image/png, image/jpeg' } } },
    };
    const { operation } = only({ '/x': { post: { requestBody: { required: true, content }, ...ok } } });
    expect(operation.arguments.properties.photo).toEqual(FILE_INPUT_SCHEMA);
    expect(operation.request.body?.variants[0]?.encoding).toMatchObject({
      kind: 'multipart',
      parts: {
        title: { bytes: false, mediaTypes: [] },
        photo: { bytes: true, mediaTypes: ['image/png', 'image/jpeg'], repeat: false },
        scans: { bytes: true, repeat: true },
        meta: { bytes: false },
      },
    });
  });

  test('with a renamed property mentions the name once, after the text of the document', () => {
    const schema = {
      type: 'object',
      properties: {
        'sent date': { type: 'string', description: 'Sent as "YYYY". Required.' },
        'a photo': { type: 'string', format: 'binary' },
      },
    };
    const requestBody = { content: { 'multipart/form-data': { schema } } };
    const { properties } = only({ '/x': { post: { requestBody, ...ok } } }).operation.arguments;
    expect(properties.sent_date).toEqual({
      type: 'string',
      description: 'Sent as "YYYY". Required. The property of the body "sent date".',
    });
    expect(JSON.stringify(properties.a_photo).match(/a photo/g)).toHaveLength(1);
  });
  test('of multipart by position has an encoding for each of the first parts, and one for the rest', () => {
    const schema = { type: 'array', prefixItems: [{ type: 'object' }, {}], items: { type: 'string' } };
    const prefixEncoding = [{ contentType: 'application/json' }, { contentType: 'image/png' }];
    const content = { 'multipart/mixed': { schema, prefixEncoding, itemEncoding: { contentType: 'text/csv' } } };
    const { operation } = only({ '/x': { post: { requestBody: { required: true, content }, ...ok } } });
    expect(operation.arguments.properties.body).toMatchObject({
      prefixItems: [{ type: 'object' }, FILE_INPUT_SCHEMA],
      items: { type: 'string' },
    });
    expect(operation.request.body?.variants[0]?.encoding).toMatchObject({
      kind: 'multipart',
      parts: {
        0: { bytes: false, mediaTypes: ['application/json'] },
        1: { bytes: true, mediaTypes: ['image/png'] },
      },
      other: { bytes: false, mediaTypes: ['text/csv'] },
    });
  });

  test('that cannot be read is reported, and accepts any JSON', () => {
    const { operation, problems } = only({ '/x': { post: { requestBody: { $ref: '#/nowhere' }, ...ok } } });
    expect(problems).toMatchObject([{ code: 'UNRESOLVED_REF', pointer: '#/paths/~1x/post/requestBody' }]);
    expect(Object.keys(operation.arguments.properties)).toEqual(['body']);
  });
});

describe('parameters', () => {
  test('of the operation override those of the path item', () => {
    const { operation } = only({
      '/{v}': {
        parameters: [
          { name: 'v', in: 'path', required: true, schema: { type: 'string' } },
          { name: 'q', in: 'query', schema: { type: 'string' } },
        ],
        get: {
          parameters: [{ name: 'v', in: 'path', required: true, style: 'matrix', schema: { type: 'integer' } }],
          ...ok,
        },
      },
    });
    expect(operation.request.path).toMatchObject(['/', { name: 'v', format: { style: 'matrix', explode: false } }]);
    expect(operation.arguments.properties.v).toEqual({ type: 'integer' });
    expect(operation.request.query).toMatchObject([{ name: 'q', format: { style: 'form', explode: true } }]);
  });

  test.each([
    ['without a name', [{ in: 'query' }], 'PARAMETER_WITHOUT_NAME'],
    ['in an unknown location', [{ name: 'a', in: 'quary' }], 'PARAMETER_BAD_LOCATION'],
    [
      'that is not in the path',
      [{ name: 'a', in: 'path', required: true, schema: {} }],
      'PATH_PARAMETER_NOT_IN_TEMPLATE',
    ],
    ['that HTTP controls', [{ name: 'Accept', in: 'header', schema: {} }], 'IGNORED_HEADER_PARAMETER'],
    ['with an impossible style', [{ name: 'a', in: 'query', style: 'matrix', schema: {} }], 'BAD_STYLE'],
    [
      'twice',
      [
        { name: 'a', in: 'query', schema: {} },
        { name: 'a', in: 'query', schema: {} },
      ],
      'DUPLICATE_PARAMETER',
    ],
  ])('%s is reported and does not exclude the operation', (_, parameters, code) => {
    const { problems } = only({ '/x': { get: { parameters, ...ok } } });
    expect(problems).toMatchObject([{ code }]);
  });

  test('in the path that are not declared are required strings', () => {
    const { operation, problems } = only({ '/{id}': { get: ok } });
    expect(operation.arguments).toMatchObject({ properties: { id: { type: 'string' } }, required: ['id'] });
    expect(problems).toMatchObject([{ code: 'UNDECLARED_PATH_PARAMETER', data: { parameter: 'id' } }]);
  });
});

describe('a GET', () => {
  const q = { name: 'limit', in: 'query', schema: { type: 'integer' } };
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
  test.each([
    ['without parameters is a resource', '/a', [], { uri: 'api://test/a' }],
    [
      'with optional ones is a resource and a template',
      '/a',
      [q],
      { uri: 'api://test/a', uriTemplate: 'api://test/a{?limit}' },
    ],
    ['with required ones is a template', '/a/{id}', [id, q], { uriTemplate: 'api://test/a/{id}{?limit}' }],
    [
      'with a required query parameter is a template',
      '/a',
      [{ ...q, required: true }],
      { uriTemplate: 'api://test/a{?limit}' },
    ],
    [
      'with a list explodes it',
      '/a',
      [{ name: 'tag', in: 'query', schema: { type: 'array' } }],
      { uri: 'api://test/a', uriTemplate: 'api://test/a{?tag*}' },
    ],
    [
      'with a fixed query keeps it',
      '/a?x=1',
      [q],
      { uri: 'api://test/a?x=1', uriTemplate: 'api://test/a?x=1{&limit}' },
    ],
    [
      'leaves optional objects to the tool',
      '/a',
      [{ name: 'f', in: 'query', schema: { type: 'object' } }],
      { uri: 'api://test/a' },
    ],
  ])('%s', (_, path, parameters, want) => {
    const {
      name: _name,
      description: _description,
      ...address
    } = only({ [path]: { get: { parameters, ...ok } } }).operation.resource ?? { name: '', description: '' };
    expect(address).toEqual(want);
  });

  test.each([
    ['header', { name: 'X', in: 'header', required: true, schema: {} }],
    ['object', { name: 'f', in: 'query', required: true, schema: { type: 'object' } }],
  ])('that requires a %s is only a tool, even if a resource was requested', (_, parameter) => {
    const { operation } = only(
      { '/a': { get: { parameters: [parameter], ...ok } } },
      { options: { getAs: 'resource' } },
    );
    expect(operation.resource).toBeUndefined();
    expect(operation.tool).toBeDefined();
  });

  test('has the media type of its response', () => {
    const responses = { 200: { description: 'ok', content: { 'text/csv': {} } } };
    expect(only({ '/a': { get: { responses } } }).operation).toMatchObject({
      resource: { mimeType: 'text/csv' },
      response: { accept: 'text/csv, */*;q=0.1' },
    });
  });
});

describe('a response', () => {
  const answers = (schema: unknown) =>
    only({ '/a': { get: { responses: { 200: { description: 'ok', ...json(schema) } } } } }).operation;
  test('that is an object is listed leniently', () => {
    const schema = {
      type: 'object',
      required: ['id'],
      additionalProperties: false,
      properties: { id: { type: 'integer', minimum: 1 }, kind: { enum: ['a'] } },
    };
    expect(answers(schema).tool?.outputSchema).toEqual({
      type: 'object',
      properties: { id: { type: 'integer' }, kind: {} },
    });
  });
  test('with another root is wrapped', () => {
    const operation = answers({ type: 'array', items: { type: 'string' } });
    expect(operation.response.wrapped).toBe(true);
    expect(operation.tool?.outputSchema).toEqual({
      type: 'object',
      properties: { result: { type: 'array', items: { type: 'string' } } },
    });
  });
  test('larger than 2 kB is not listed', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 80 }, (_, index) => [`property_${index}`, { type: 'string' }]),
    );
    expect(answers({ type: 'object', properties }).tool?.outputSchema).toBeUndefined();
  });
});

test('an invalid operation is skipped and reported', () => {
  const { model, problems } = mapPaths({ '/a': { get: 'text', post: ok } });
  expect(model.operations.map(({ id }) => id)).toEqual(['post_a']);
  expect(problems).toMatchObject([
    { code: 'BAD_OPERATION', severity: 'error', pointer: '#/paths/~1a/get', operation: '#/paths/~1a/get' },
  ]);
});

test('the model is plain JSON', () => {
  const { model } = mapPaths({
    '/{__proto__}': {
      post: {
        requestBody: json({
          type: 'object',
          properties: JSON.parse('{"__proto__":{"type":"string"},"constructor":{}}'),
        }),
        ...ok,
      },
    },
  });
  expect(JSON.parse(JSON.stringify(model))).toEqual(model);
  expect(Object.keys(model.operations[0]?.arguments.properties ?? {})).toEqual(['proto', 'proto_body', 'constructor']);
});
