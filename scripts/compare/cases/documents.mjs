// What applies to operations from elsewhere in the document: security, servers, path items, references; OpenAPI 3.1 and
// Swagger 2.0.
import { LIST, STRING } from './parameters.mjs';

const SECURITY = 'OpenAPI 3.0.4, Security Scheme Object';
const REQUIREMENT = 'OpenAPI 3.0.4, Security Requirement Object';
const SCHEMES = {
  header_key: { type: 'apiKey', in: 'header', name: 'X-Key' },
  query_key: { type: 'apiKey', in: 'query', name: 'key' },
  cookie_key: { type: 'apiKey', in: 'cookie', name: 'session' },
  bearer_token: { type: 'http', scheme: 'bearer' },
  basic_login: { type: 'http', scheme: 'basic' },
};

/** `credentials`: what the person who runs the server has, by security scheme. */
const CREDENTIALS = {
  header_key: { kind: 'apiKey', in: 'header', name: 'X-Key', value: 'k1' },
  query_key: { kind: 'apiKey', in: 'query', name: 'key', value: 'k2' },
  cookie_key: { kind: 'apiKey', in: 'cookie', name: 'session', value: 'k3' },
  bearer_token: { kind: 'bearer', value: 't1' },
  basic_login: { kind: 'basic', username: 'ada', password: 'pass' },
};

const secured = (id, section, requirements, sent, given = [...new Set(requirements.flatMap(Object.keys))]) => ({
  id,
  section,
  operation: { security: requirements },
  credentials: Object.fromEntries(given.map((scheme) => [scheme, CREDENTIALS[scheme]])),
  given: {},
  sent,
});

const security = {
  name: 'security',
  title: 'security schemes',
  alone: true,
  components: { securitySchemes: SCHEMES },
  cases: [
    secured('sHeaderKey', SECURITY, [{ header_key: [] }], { headers: { 'x-key': 'k1' } }),
    secured('sQueryKey', SECURITY, [{ query_key: [] }], { query: 'key=k2' }),
    secured('sCookieKey', SECURITY, [{ cookie_key: [] }], { cookies: { session: 'k3' } }),
    secured('sBearer', `${SECURITY}; RFC 6750 §2.1`, [{ bearer_token: [] }], {
      headers: { authorization: 'Bearer t1' },
    }),
    secured('sBasic', `${SECURITY}; RFC 7617 §2`, [{ basic_login: [] }], {
      headers: { authorization: 'Basic YWRhOnBhc3M=' },
    }),
    secured('sBoth', `${REQUIREMENT} (all of one object)`, [{ header_key: [], bearer_token: [] }], {
      headers: { 'x-key': 'k1', authorization: 'Bearer t1' },
    }),
    secured(
      'sSecondChoice',
      `${REQUIREMENT} (one of the list)`,
      [{ bearer_token: [] }, { header_key: [] }],
      { headers: { 'x-key': 'k1', authorization: undefined } },
      ['header_key'],
    ),
  ],
};

const SERVERS = 'OpenAPI 3.0.4, Server Object';
const servers = {
  name: 'servers',
  title: 'servers',
  alone: true,
  cases: [
    {
      id: 'eBasePath',
      section: SERVERS,
      servers: [{ url: '{api}/base/v1' }],
      given: {},
      sent: { path: '/base/v1/eBasePath' },
    },
    {
      id: 'eTrailingSlash',
      section: 'OpenAPI 3.0.4, Paths Object (the path is appended to the server URL)',
      // The path has its own slash, so "//" is what appending gives; no server is known to tell them apart.
      servers: [{ url: '{api}/base/' }],
      given: {},
      sent: { path: ['/base//eTrailingSlash', '/base/eTrailingSlash'] },
    },
    {
      id: 'eVariable',
      section: 'OpenAPI 3.0.4, Server Variable Object, default',
      servers: [{ url: '{api}/{stage}', variables: { stage: { default: 'live', enum: ['live', 'test'] } } }],
      given: {},
      sent: { path: '/live/eVariable' },
    },
    {
      id: 'eFirst',
      section: SERVERS,
      servers: [{ url: '{api}/one' }, { url: '{api}/two' }],
      given: {},
      sent: { path: '/one/eFirst' },
    },
    {
      id: 'ePathServer',
      section: 'OpenAPI 3.0.4, Path Item Object, servers',
      servers: [{ url: '{api}/root' }],
      pathItem: { servers: [{ url: '{api}/item' }] },
      given: {},
      sent: { path: '/item/ePathServer' },
    },
    {
      id: 'eOperationServer',
      section: 'OpenAPI 3.0.4, Operation Object, servers',
      servers: [{ url: '{api}/root' }],
      operation: { servers: [{ url: '{api}/operation' }] },
      given: {},
      sent: { path: '/operation/eOperationServer' },
    },
  ],
};

const operations = {
  name: 'operations',
  title: 'methods, path items and references',
  components: {
    parameters: { Size: { name: 'size', in: 'query', schema: { $ref: '#/components/schemas/Size' } } },
    schemas: {
      Size: { type: 'integer' },
      Node: { type: 'object', properties: { name: STRING, next: { $ref: '#/components/schemas/Node' } } },
    },
    requestBodies: {
      Node: { required: true, content: { 'application/json': { schema: { $ref: '#/components/schemas/Node' } } } },
    },
  },
  cases: [
    { id: 'oDelete', section: 'OpenAPI 3.0.4, Path Item Object', method: 'DELETE', given: {}, sent: {} },
    { id: 'oHead', section: 'OpenAPI 3.0.4, Path Item Object', method: 'HEAD', given: {}, sent: {} },
    { id: 'oOptions', section: 'OpenAPI 3.0.4, Path Item Object', method: 'OPTIONS', given: {}, sent: {} },
    {
      id: 'oItemParameter',
      section: 'OpenAPI 3.0.4, Path Item Object, parameters',
      path: '/oItemParameter/{id}',
      pathItem: { parameters: [{ name: 'id', in: 'path', required: true, schema: STRING }] },
      given: { path: { id: 'a' } },
      sent: { path: '/oItemParameter/a' },
    },
    {
      id: 'oOverride',
      section: 'OpenAPI 3.0.4, Operation Object, parameters (override)',
      pathItem: { parameters: [{ name: 'ids', in: 'query', schema: LIST, explode: true }] },
      parameters: [{ name: 'ids', in: 'query', schema: LIST, explode: false }],
      given: { query: { ids: ['a', 'b'] } },
      sent: { query: 'ids=a,b' },
    },
    {
      id: 'oRefParameter',
      section: 'OpenAPI 3.0.4, Reference Object',
      parameters: [{ $ref: '#/components/parameters/Size' }],
      given: { query: { size: 3 } },
      sent: { query: 'size=3' },
    },
    {
      id: 'oRecursiveBody',
      section: 'OpenAPI 3.0.4, Reference Object',
      method: 'POST',
      requestBody: { $ref: '#/components/requestBodies/Node' },
      given: { body: { name: 'a', next: { name: 'b' } } },
      sent: { type: 'application/json', json: { name: 'a', next: { name: 'b' } } },
    },
  ],
};

const newer = {
  name: 'openapi-3.1',
  title: 'OpenAPI 3.1',
  version: '3.1.1',
  cases: [
    {
      id: 'nTypeList',
      section: 'OpenAPI 3.1.1, Schema Object; JSON Schema 2020-12 Validation §6.1.1',
      method: 'POST',
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: { type: 'object', properties: { tag: { type: ['string', 'null'] } } } },
        },
      },
      given: { body: { tag: null } },
      sent: { type: 'application/json', json: { tag: null } },
    },
    {
      id: 'nConst',
      section: 'OpenAPI 3.1.1, Schema Object; JSON Schema 2020-12 Validation §6.1.3',
      parameters: [{ name: 'kind', in: 'query', required: true, schema: { const: 'pet' } }],
      given: { query: { kind: 'pet' } },
      sent: { query: 'kind=pet' },
    },
    {
      id: 'nEncodedInJson',
      section: 'OpenAPI 3.1.1, Working With Binary Data (contentEncoding)',
      method: 'POST',
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: { type: 'object', properties: { icon: { type: 'string', contentEncoding: 'base64' } } },
          },
        },
      },
      given: { body: { icon: 'aGk=' } },
      sent: { type: 'application/json', json: { icon: 'aGk=' } },
    },
    {
      id: 'nDeepObject',
      section: 'OpenAPI 3.1.1, Parameter Object, Style Examples',
      parameters: [
        {
          name: 'color',
          in: 'query',
          style: 'deepObject',
          explode: true,
          schema: { type: ['object', 'null'], properties: { R: { type: 'integer' } } },
        },
      ],
      given: { query: { color: { R: 100 } } },
      sent: { query: 'color%5BR%5D=100' },
    },
  ],
};

const COLLECTION = 'Swagger 2.0, Parameter Object, collectionFormat';
const collected = (id, collectionFormat, sent) => ({
  id,
  section: COLLECTION,
  parameters: [
    {
      name: 'ids',
      in: 'query',
      type: 'array',
      items: { type: 'string' },
      ...(collectionFormat && { collectionFormat }),
    },
  ],
  given: { query: { ids: ['a', 'b'] } },
  sent: { path: `/two/${id}`, query: sent },
});

const older = {
  name: 'swagger-2.0',
  title: 'Swagger 2.0',
  version: '2.0',
  cases: [
    collected('wDefault', undefined, 'ids=a,b'),
    collected('wMulti', 'multi', 'ids=a&ids=b'),
    collected('wPipes', 'pipes', 'ids=a%7Cb'),
    collected('wSpaces', 'ssv', 'ids=a%20b'),
    {
      id: 'wBody',
      section: 'Swagger 2.0, Parameter Object, in: body',
      method: 'POST',
      operation: { consumes: ['application/json'] },
      parameters: [
        { name: 'pet', in: 'body', required: true, schema: { type: 'object', properties: { name: STRING } } },
      ],
      given: { body: { name: 'Rex' } },
      sent: { path: '/two/wBody', type: 'application/json', json: { name: 'Rex' } },
    },
    {
      id: 'wForm',
      section: 'Swagger 2.0, Parameter Object, in: formData',
      method: 'POST',
      operation: { consumes: ['application/x-www-form-urlencoded'] },
      parameters: [{ name: 'name', in: 'formData', type: 'string' }],
      given: { body: { name: 'Rex' } },
      sent: { path: '/two/wForm', type: 'application/x-www-form-urlencoded', form: 'name=Rex' },
    },
  ],
};

export const documentGroups = [security, servers, operations, newer, older];
