import { expect, test } from 'vitest';
import { upgrade } from './upgrade.ts';

/** The upgraded document, `paths` and all; problems as codes with pointers. */
function upgraded(root: Record<string, unknown>, url?: string) {
  const pointers = new WeakMap<object, string>();
  const result = upgrade({ root, pointers }, { shape: '2.0', url });
  return { ...result, problems: result.problems.map(({ code, pointer }) => `${code} ${pointer}`) };
}

/** One operation of 2.0, upgraded. */
function operation(fields: Record<string, unknown>, root: Record<string, unknown> = {}) {
  const result = upgraded({ swagger: '2.0', ...root, paths: { '/a': { post: fields } } });
  const paths = result.root.paths as Record<string, Record<string, Record<string, unknown>>>;
  // biome-ignore lint/suspicious/noExplicitAny: read by the tests below only, each of which knows its shape
  return { ...result, operation: paths['/a']?.post as Record<string, any> };
}

test.each([
  { given: { host: 'a.test', basePath: '/v1', schemes: ['https'] }, want: ['https://a.test/v1'] },
  { given: { host: 'a.test', schemes: ['http', 'https'] }, want: ['https://a.test', 'http://a.test'] },
  { given: { host: 'a.test:8080', basePath: 'v1/' }, want: ['https://a.test:8080/v1'] },
  { given: { host: 'a.test' }, url: 'http://docs.test/x.json', want: ['http://a.test'] },
  { given: { basePath: '/v1' }, want: ['/v1'] },
  { given: {}, want: ['/'] },
  { given: { basePath: '/v1' }, url: 'https://docs.test/x.json', want: ['/v1'] },
  { given: { basePath: '/v1', schemes: ['http'] }, url: 'https://docs.test/x.json', want: ['http://docs.test/v1'] },
  { given: { host: 'http://a.test/' }, want: ['http://a.test'] },
  { given: { host: 'a.test', basePath: '/', schemes: ['ftp'] }, want: ['https://a.test'] },
])('$given of a document at $url makes the servers $want', ({ given, url, want }) => {
  expect(upgraded({ swagger: '2.0', ...given, paths: {} }, url).root.servers).toEqual(
    want.map((one) => ({ url: one })),
  );
});

test('schemes of an operation override those of the document', () => {
  const { operation: post } = operation({ schemes: ['http'] }, { host: 'a.test', schemes: ['https'] });
  expect(post.servers).toEqual([{ url: 'http://a.test' }]);
});

const list = { name: 'a', type: 'array', items: { type: 'integer' } };
test.each([
  { given: { ...list, in: 'query' }, want: { style: 'form', explode: false } },
  { given: { ...list, in: 'query', collectionFormat: 'csv' }, want: { style: 'form', explode: false } },
  { given: { ...list, in: 'query', collectionFormat: 'ssv' }, want: { style: 'spaceDelimited', explode: false } },
  { given: { ...list, in: 'query', collectionFormat: 'tsv' }, want: { style: 'tabDelimited', explode: false } },
  { given: { ...list, in: 'query', collectionFormat: 'pipes' }, want: { style: 'pipeDelimited', explode: false } },
  { given: { ...list, in: 'query', collectionFormat: 'multi' }, want: { style: 'form', explode: true } },
  { given: { ...list, in: 'path', collectionFormat: 'csv' }, want: { style: 'simple', explode: false } },
  { given: { ...list, in: 'path', collectionFormat: 'pipes' }, want: { style: 'pipeDelimited', explode: false } },
  { given: { ...list, in: 'header' }, want: { style: 'simple', explode: false } },
  { given: { ...list, in: 'header', collectionFormat: 'ssv' }, want: { style: 'spaceDelimited', explode: false } },
])('a list with collectionFormat $given.collectionFormat in $given.in has the style $want', ({ given, want }) => {
  const { operation: post, problems } = operation({ parameters: [given] });
  expect(post.parameters).toEqual([
    { name: 'a', in: given.in, ...want, schema: { type: 'array', items: { type: 'integer' } } },
  ]);
  expect(problems).toEqual([]);
});

test.each([
  { given: { ...list, in: 'path', collectionFormat: 'multi' }, problem: 'BAD_STYLE #/paths/~1a/post/parameters/0' },
  { given: { ...list, in: 'query', collectionFormat: 'tabs' }, problem: 'BAD_STYLE #/paths/~1a/post/parameters/0' },
  {
    given: { ...list, in: 'query', items: { type: 'array', items: {}, collectionFormat: 'pipes' } },
    problem: 'NESTED_COLLECTION_FORMAT #/paths/~1a/post/parameters/0/items',
  },
])('$given is reported as $problem', ({ given, problem }) => {
  expect(operation({ parameters: [given] }).problems).toEqual([problem]);
});

test('what describes the value of a parameter goes into its schema, the rest stays', () => {
  const { operation: post } = operation({
    parameters: [
      {
        ...{ name: 'a', in: 'query', description: 'd', required: true, allowEmptyValue: true, 'x-y': 1 },
        ...{
          type: 'string',
          format: 'date',
          enum: ['x'],
          default: 'x',
          pattern: 'x',
          maxLength: 3,
          'x-nullable': true,
        },
      },
    ],
  });
  expect(post.parameters).toEqual([
    {
      ...{
        name: 'a',
        in: 'query',
        description: 'd',
        required: true,
        allowEmptyValue: true,
        'x-y': 1,
        'x-nullable': true,
      },
      schema: {
        ...{ type: 'string', format: 'date', enum: ['x'], default: 'x', pattern: 'x', maxLength: 3 },
        ...{ 'x-nullable': true, nullable: true },
      },
    },
  ]);
});

test('a body parameter becomes the request body, in each media type that is consumed', () => {
  const body = {
    name: 'b',
    in: 'body',
    description: 'd',
    required: true,
    schema: { $ref: '#/definitions/X' },
    'x-y': 1,
  };
  const media = { schema: { $ref: '#/components/schemas/X' } };
  const plain = operation({ parameters: [body] });
  expect(plain.operation).toEqual({
    parameters: [],
    requestBody: { description: 'd', required: true, content: { 'application/json': media }, 'x-y': 1 },
  });
  expect(plain.pointers.get(plain.operation.requestBody)).toBe('#/paths/~1a/post/parameters/0');
  const both = operation(
    { consumes: ['application/xml', 'application/json'], parameters: [body] },
    { consumes: ['a/b'] },
  );
  expect(both.operation.requestBody.content).toEqual({ 'application/xml': media, 'application/json': media });
  const global = operation({ parameters: [body] }, { consumes: ['a/b'] });
  expect(global.operation.requestBody.content).toEqual({ 'a/b': media });
});

test('form parameters become the properties of one body, lists with their encoding', () => {
  const { operation: post } = operation({
    parameters: [
      { name: 'a', in: 'formData', type: 'string', required: true, description: 'd', default: 'x' },
      { name: 'l', in: 'formData', type: 'array', items: { type: 'string' }, collectionFormat: 'multi' },
      { name: 'p', in: 'formData', type: 'array', items: { type: 'string' }, collectionFormat: 'pipes' },
    ],
  });
  expect(post.requestBody).toEqual({
    required: true,
    content: {
      'application/x-www-form-urlencoded': {
        schema: {
          type: 'object',
          properties: {
            a: { type: 'string', default: 'x', description: 'd' },
            l: { type: 'array', items: { type: 'string' } },
            p: { type: 'array', items: { type: 'string' } },
          },
          required: ['a'],
        },
        encoding: { l: { style: 'form', explode: true }, p: { style: 'pipeDelimited', explode: false } },
      },
    },
  });
});

test.each([
  { consumes: ['multipart/form-data'], type: 'file', want: ['multipart/form-data'], problems: [] },
  {
    consumes: [],
    type: 'file',
    want: ['multipart/form-data'],
    problems: ['FILE_WITHOUT_MULTIPART #/paths/~1a/post/parameters/0'],
  },
  { consumes: ['application/json'], type: 'string', want: ['application/x-www-form-urlencoded'], problems: [] },
  {
    consumes: ['multipart/form-data', 'application/x-www-form-urlencoded'],
    ...{ type: 'string', want: ['multipart/form-data', 'application/x-www-form-urlencoded'], problems: [] },
  },
])('a form field of type $type with consumes $consumes is sent as $want', ({ consumes, type, want, problems }) => {
  const result = operation({ consumes, parameters: [{ name: 'f', in: 'formData', type }] });
  expect(Object.keys(result.operation.requestBody.content)).toEqual(want);
  expect(result.problems).toEqual(problems);
  const { schema } = result.operation.requestBody.content[want[0] ?? ''];
  expect(schema.properties.f).toEqual(type === 'file' ? { type: 'string', format: 'binary' } : { type: 'string' });
});

test('of a body and form parameters one is used, with a problem', () => {
  const parameters = [
    { name: 'b', in: 'body', schema: { type: 'string' } },
    { name: 'f', in: 'formData', type: 'string' },
    { name: 'c', in: 'body', schema: {} },
  ];
  const json = operation({ parameters });
  expect(Object.keys(json.operation.requestBody.content)).toEqual(['application/json']);
  expect(json.problems).toEqual([
    'BODY_AND_FORM #/paths/~1a/post/parameters/1',
    'SEVERAL_BODIES #/paths/~1a/post/parameters/2',
  ]);
  const form = operation({ parameters, consumes: ['multipart/form-data'] });
  expect(Object.keys(form.operation.requestBody.content)).toEqual(['multipart/form-data']);
});

test('body and form parameters of a path item go into its operations, which may replace them', () => {
  const { root } = upgraded({
    swagger: '2.0',
    paths: {
      '/a': {
        parameters: [
          { name: 'b', in: 'body', schema: { type: 'string' } },
          { name: 'q', in: 'query', type: 'string' },
        ],
        post: {},
        put: { parameters: [{ name: 'other', in: 'body', schema: { type: 'number' } }] },
      },
    },
  });
  const body = (type: string) => ({ content: { 'application/json': { schema: { type } } } });
  expect(root.paths).toEqual({
    '/a': {
      parameters: [{ name: 'q', in: 'query', schema: { type: 'string' } }],
      post: { requestBody: body('string') },
      put: { parameters: [], requestBody: body('number') },
    },
  });
});

test('references to parameters stay references, those to body and form parameters become the body', () => {
  const parameters = {
    Page: { name: 'page', in: 'query', type: 'integer' },
    Body: { name: 'b', in: 'body', schema: { $ref: '#/definitions/X' } },
  };
  const {
    operation: post,
    root,
    pointers,
  } = operation(
    { parameters: [{ $ref: '#/parameters/Page' }, { $ref: '#/parameters/Body' }, { $ref: '#/parameters/None' }] },
    { parameters },
  );
  expect(post.parameters).toEqual([{ $ref: '#/components/parameters/Page' }, { $ref: '#/components/parameters/None' }]);
  expect(post.requestBody.content['application/json'].schema).toEqual({ $ref: '#/components/schemas/X' });
  expect(pointers.get(post.requestBody)).toBe('#/parameters/Body');
  expect(root.components).toMatchObject({
    parameters: { Page: { name: 'page', in: 'query', schema: { type: 'integer' } } },
  });
  expect((root.components as { parameters: object }).parameters).not.toHaveProperty('Body');
});

test('a response gets its schema as content, in each media type that is produced', () => {
  const response = {
    description: 'd',
    schema: { type: 'string' },
    examples: { 'text/csv': 'a,b' },
    headers: { X: { type: 'array', items: { type: 'string' }, description: 'h' } },
  };
  const { operation: post } = operation({ produces: ['application/json', 'text/csv'], responses: { '200': response } });
  expect(post.responses).toEqual({
    '200': {
      description: 'd',
      headers: {
        X: { description: 'h', style: 'simple', explode: false, schema: { type: 'array', items: { type: 'string' } } },
      },
      content: {
        'application/json': { schema: { type: 'string' } },
        'text/csv': { schema: { type: 'string' }, example: 'a,b' },
      },
    },
  });
});

test.each([
  { given: { description: 'none' }, want: { description: 'none' } },
  {
    given: { schema: { type: 'file' } },
    want: { content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } },
  },
  { given: { schema: {} }, want: { content: { 'application/json': { schema: {} } } } },
])('the response $given becomes $want', ({ given, want }) => {
  expect(operation({ responses: { default: given } }).operation.responses.default).toEqual(want);
});

test('a shared response stays shared, unless the operation produces something of its own', () => {
  const root = { produces: ['a/b'], responses: { R: { schema: { type: 'string' } } } };
  const responses = { '200': { $ref: '#/responses/R' } };
  const shared = operation({ responses }, root);
  expect(shared.operation.responses).toEqual({ '200': { $ref: '#/components/responses/R' } });
  expect(shared.root.components).toMatchObject({
    responses: { R: { content: { 'a/b': { schema: { type: 'string' } } } } },
  });
  const own = operation({ responses, produces: ['c/d'] }, root);
  expect(own.operation.responses).toEqual({ '200': { content: { 'c/d': { schema: { type: 'string' } } } } });
});

test.each([
  { given: { type: 'basic' }, want: { type: 'http', scheme: 'basic' } },
  { given: { type: 'apiKey', in: 'header', name: 'K' }, want: { type: 'apiKey', in: 'header', name: 'K' } },
  {
    given: { type: 'oauth2', flow: 'application', tokenUrl: 't', scopes: { a: 'A' } },
    want: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: 't', scopes: { a: 'A' } } } },
  },
  {
    given: { type: 'oauth2', flow: 'accessCode', authorizationUrl: 'u', tokenUrl: 't', description: 'd' },
    want: {
      type: 'oauth2',
      description: 'd',
      flows: { authorizationCode: { authorizationUrl: 'u', tokenUrl: 't', scopes: {} } },
    },
  },
  {
    given: { type: 'oauth2', flow: 'implicit', authorizationUrl: 'u' },
    want: { type: 'oauth2', flows: { implicit: { authorizationUrl: 'u', scopes: {} } } },
  },
  {
    given: { type: 'oauth2', flow: 'password', tokenUrl: 't' },
    want: { type: 'oauth2', flows: { password: { tokenUrl: 't', scopes: {} } } },
  },
])('the security scheme $given becomes $want', ({ given, want }) => {
  const { root } = upgraded({ swagger: '2.0', paths: {}, securityDefinitions: { s: given } });
  expect(root.components).toMatchObject({ securitySchemes: { s: want } });
});

test('schemas get the references and keywords of 3.x; example data stays as it is', () => {
  const data = { $ref: '#/definitions/A', type: 'file' };
  const definitions = {
    A: {
      discriminator: 'kind',
      properties: { type: { type: 'string' }, example: { $ref: '#/definitions/B' } },
      example: data,
    },
    B: { type: 'array', items: { $ref: '#/definitions/A/properties/type' }, default: data, 'x-nullable': true },
  };
  const { root, pointers } = upgraded({ swagger: '2.0', paths: {}, definitions });
  const { schemas } = root.components as { schemas: Record<string, object> };
  expect(schemas).toEqual({
    A: {
      discriminator: { propertyName: 'kind' },
      properties: { type: { type: 'string' }, example: { $ref: '#/components/schemas/B' } },
      example: data,
    },
    B: {
      ...{ type: 'array', items: { $ref: '#/components/schemas/A/properties/type' }, default: data },
      ...{ 'x-nullable': true, nullable: true },
    },
  });
  expect(pointers.get(schemas.A ?? {})).toBe('#/definitions/A');
});

test('a schema that loses its place gets one among the components', () => {
  const {
    operation: post,
    root,
    pointers,
  } = operation(
    {
      responses: {
        '200': { schema: { $ref: '#/responses/R/schema' } },
        '404': { schema: { $ref: '#/paths/~1a/post/responses/500/schema' } },
        '500': { schema: { type: 'string' } },
      },
    },
    { responses: { R: { schema: { $ref: '#/definitions/X' } } } },
  );
  const { schemas } = root.components as { schemas: Record<string, object> };
  expect(post.responses['200'].content['application/json'].schema).toEqual({
    $ref: '#/components/schemas/responses_R_schema',
  });
  expect(schemas).toEqual({
    responses_R_schema: { $ref: '#/components/schemas/X' },
    paths_a_post_responses_500_schema: { type: 'string' },
  });
  expect(pointers.get(schemas.paths_a_post_responses_500_schema ?? {})).toBe('#/paths/~1a/post/responses/500/schema');
});

test('a document of 2.0 with parts of 3.x is read by both', () => {
  const {
    operation: post,
    problems,
    root,
  } = operation(
    {
      requestBody: { content: { 'a/b': {} } },
      parameters: [{ name: 'q', in: 'query', schema: { type: 'string' } }],
      responses: { '200': { content: {} } },
    },
    { components: { schemas: { C: { type: 'string' } } }, definitions: { D: {} } },
  );
  expect(post).toEqual({
    parameters: [{ name: 'q', in: 'query', schema: { type: 'string' } }],
    requestBody: { content: { 'a/b': {} } },
    responses: { '200': { content: {} } },
  });
  expect(root.components).toMatchObject({ schemas: { C: { type: 'string' }, D: {} } });
  expect(problems).toEqual(['MIXED_VERSIONS #/components']);
});

test('a document of 3.x with parts of 2.0 is read by both, and one without is handed on as it is', () => {
  const body = { name: 'b', in: 'body', schema: { $ref: '#/components/schemas/X' } };
  const root = {
    openapi: '3.0.0',
    paths: { '/a': { post: { parameters: [body] } } },
    components: { schemas: { X: {} } },
  };
  const mixed = upgrade({ root, pointers: new WeakMap() }, { shape: '3.x', url: undefined });
  expect(mixed.root.paths).toMatchObject({ '/a': { post: { requestBody: { content: { 'application/json': {} } } } } });
  expect(mixed.problems).toMatchObject([{ code: 'MIXED_VERSIONS', pointer: '#/paths/~1a/post/parameters/0' }]);
  const clean = { openapi: '3.0.0', paths: { '/a': { post: { responses: {} } } } };
  expect(upgrade({ root: clean, pointers: new WeakMap() }, { shape: '3.x', url: undefined }).root).toBe(clean);
});

test.each([null, 7, 'x', [], { parameters: 7, responses: [], post: null }])(
  'a path item that is %o costs nothing but itself',
  (item) => {
    const root = {
      swagger: '2.0',
      paths: { '/a': item, '/b': { get: { parameters: [null, 7, {}], responses: { '200': null } } } },
    };
    const copy = structuredClone(root);
    expect(() => upgraded(root)).not.toThrow();
    expect(root).toEqual(copy);
  },
);
