import { expect, test } from 'vitest';
import { openApi } from '../proxy.ts';
import { isLockText, lockText, parseLock } from './lock-file.ts';
import { readSurface } from './read-surface.ts';
import type { Surface } from './surface.ts';
import { surfaceChanges } from './surface-changes.ts';

/** A document that the cases change, written so that each of their changes is one replacement. */
const DOCUMENT = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Shop', version: '1' },
  servers: [{ url: 'https://shop.example/v1' }],
  security: [{ key: [] }],
  paths: {
    '/pets': {
      get: {
        operationId: 'listPets',
        parameters: [
          { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 } },
          { name: 'sort', in: 'query', schema: { type: 'string', enum: ['name', 'age'] } },
          { name: 'tags', in: 'query', explode: true, schema: { type: 'array', items: { type: 'string' } } },
        ],
        responses: { 200: jsonResponse({ $ref: '#/components/schemas/Pet' }) },
      },
      post: {
        operationId: 'addPet',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['name'],
                properties: {
                  name: { type: 'string' },
                  owner: { $ref: '#/components/schemas/Owner' },
                  friend: { $ref: '#/components/schemas/Owner' },
                },
              },
            },
          },
        },
        responses: { 201: jsonResponse({ $ref: '#/components/schemas/Pet' }) },
      },
    },
    '/pets/{petId}': {
      get: {
        operationId: 'getPet',
        parameters: [{ name: 'petId', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { 200: jsonResponse({ $ref: '#/components/schemas/Pet' }) },
      },
    },
  },
  components: {
    securitySchemes: {
      key: { type: 'apiKey', in: 'header', name: 'X-Key' },
      login: { type: 'http', scheme: 'bearer' },
    },
    schemas: {
      Pet: {
        type: 'object',
        required: ['id'],
        properties: { id: { type: 'string' }, name: { type: 'string' }, mother: { $ref: '#/components/schemas/Pet' } },
      },
      Owner: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, email: { type: 'string' } },
      },
    },
  },
});

function jsonResponse(schema: object) {
  return { description: 'ok', content: { 'application/json': { schema } } };
}

async function surfaceOf(text: string): Promise<Surface> {
  const { provider, model } = await openApi({ text }, { cache: false, outputSchemas: 'always', answerSchemas: 'all' });
  try {
    return await readSurface(provider, [model]);
  } finally {
    await provider.close();
  }
}

/** The document with one text replaced. */
function edited(from: string, to: string): string {
  expect(DOCUMENT).toContain(from);
  return DOCUMENT.replace(from, to);
}

/** Pairs of documents: the change of the document, then each change of the surface, with whom it breaks. */
test.each<[what: string, from: string, to: string, changes: readonly string[]]>([
  ['nothing', '"Shop"', '"Shop"', []],
  [
    'another operationId',
    '"operationId":"getPet"',
    '"operationId":"fetchPet"',
    ['TOOL_RENAMED model', 'RESOURCE_CHANGED '],
  ],
  [
    'a new required parameter',
    '"parameters":[{"name":"limit"',
    '"parameters":[{"name":"shop","in":"query","required":true,"schema":{}},{"name":"limit"',
    ['REQUIRED_ARGUMENT_ADDED model', 'RESOURCE_REMOVED model', 'RESOURCE_REMOVED model', 'RESOURCE_ADDED '],
  ],
  ['a lower maximum', '"maximum":100', '"maximum":50', ['ARGUMENT_NARROWED model']],
  ['a higher maximum', '"maximum":100', '"maximum":500', ['ARGUMENT_WIDENED ']],
  [
    'a value more and a value less',
    '["name","age"]',
    '["name","price"]',
    ['ARGUMENT_NARROWED model', 'ARGUMENT_WIDENED '],
  ],
  [
    'a header instead of a query parameter',
    '"name":"limit","in":"query"',
    '"name":"limit","in":"header"',
    ['PARAMETER_MOVED api', 'RESOURCE_REMOVED model', 'RESOURCE_ADDED '],
  ],
  ['another style', '"explode":true', '"explode":false', ['PARAMETER_MOVED api']],
  [
    'another media type of the body',
    '"requestBody":{"required":true,"content":{"application/json"',
    '"requestBody":{"required":true,"content":{"application/x-www-form-urlencoded"',
    ['BODY_CHANGED api'],
  ],
  [
    'another path',
    '"/pets/{petId}"',
    '"/animals/{petId}"',
    ['REQUEST_MOVED api', 'RESOURCE_REMOVED model', 'TEXT_CHANGED ', 'RESOURCE_ADDED ', 'TEXT_CHANGED '],
  ],
  ['another server', 'https://shop.example/v1', 'https://shop.example/v2', ['SERVER_CHANGED api']],
  [
    'another scheme',
    '"security":[{"key":[]}]',
    '"security":[{"login":[]}]',
    ['AUTH_TIGHTENED api', 'AUTH_TIGHTENED api', 'AUTH_TIGHTENED api'],
  ],
  [
    'an alternative scheme',
    '"security":[{"key":[]}]',
    '"security":[{"key":[]},{"login":[]}]',
    ['AUTH_LOOSENED ', 'AUTH_LOOSENED ', 'AUTH_LOOSENED '],
  ],
  ['a result without a property', '"name":{"type":"string"},"mother"', '"mother"', ['RESULT_LOST model']],
  ['a result with another property', '"mother"', '"color":{"type":"string"},"mother"', ['RESULT_CHANGED ']],
  [
    'a shared schema with a new required property',
    '"required":["name"],"properties":{"name":{"type":"string"},"email"',
    '"required":["name","email"],"properties":{"name":{"type":"string"},"email"',
    ['ARGUMENT_REQUIRED model'],
  ],
  [
    'an operation less',
    '"/pets/{petId}":{"get"',
    '"/pets/{petId}":{"x-get"',
    ['TOOL_REMOVED model', 'RESOURCE_REMOVED model', 'TEXT_CHANGED '],
  ],
  [
    'a summary',
    '"operationId":"addPet"',
    '"operationId":"addPet","summary":"Add a pet"',
    ['TEXT_CHANGED ', 'TEXT_CHANGED '],
  ],
  [
    'a tool that may change something',
    '"operationId":"getPet"',
    '"operationId":"getPet","x-mcp":{"annotations":{"readOnlyHint":false}}',
    ['LESS_SAFE model'],
  ],
])('%s', async (_, from, to, expected) => {
  const changes = surfaceChanges(await surfaceOf(DOCUMENT), await surfaceOf(edited(from, to)));
  expect(changes.map(({ code, breaks }) => `${code} ${breaks.join(' ')}`)).toEqual(expected);
});

test('the other way round, what narrowed widens', async () => {
  const [old, now] = [await surfaceOf(DOCUMENT), await surfaceOf(edited('"maximum":100', '"maximum":50'))];
  expect(surfaceChanges(old, now).map(({ message }) => message)).toEqual(['"limit" has "maximum" 50 instead of 100.']);
  expect(surfaceChanges(now, old).map(({ code }) => code)).toEqual(['ARGUMENT_WIDENED']);
});

test('a change of a shared schema names the tools that use it, also through other schemas', async () => {
  const changes = surfaceChanges(
    await surfaceOf(DOCUMENT),
    await surfaceOf(edited('"id":{"type":"string"}', '"id":{"type":"integer"}')),
  );
  expect(changes).toEqual([
    {
      code: 'RESULT_LOST',
      subject: 'schema "Pet"',
      message: 'Result: "id" is now integer instead of string.',
      breaks: ['model'],
      tools: ['addPet', 'getPet', 'listPets'],
    },
  ]);
});

test('the order of the document changes nothing', async () => {
  const { paths, ...rest } = JSON.parse(DOCUMENT) as { paths: Record<string, object> };
  const reordered = JSON.stringify({ ...rest, paths: Object.fromEntries(Object.entries(paths).reverse()) });
  const [old, now] = [await surfaceOf(DOCUMENT), await surfaceOf(reordered)];
  expect(surfaceChanges(old, now)).toEqual([]);
});

test('a lock file holds the surface', async () => {
  const surface = await surfaceOf(DOCUMENT);
  const text = lockText(surface);
  expect(isLockText(text)).toBe(true);
  expect(isLockText(DOCUMENT)).toBe(false);
  expect(surfaceChanges(parseLock(text), surface)).toEqual([]);
});

test.each([
  ['{"openapiMcpLock": 1', 'is not valid JSON'],
  ['{"openapiMcpLock": 2}', 'has a format that this version does not know'],
  ['{"openapiMcpLock": 1, "tools": {"a": {}}}', 'is damaged in "tools"'],
  ['{"openapiMcpLock": 1, "tools": {}, "resources": []}', 'is damaged in "resources"'],
])('a damaged lock file: %s', (text, message) => {
  expect(() => parseLock(text)).toThrow(message);
});
