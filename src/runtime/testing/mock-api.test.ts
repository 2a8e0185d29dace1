import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiModel, JsonSchema, Operation, PathParameter } from '../../model/index.ts';
import { type MockApi, startMockApi } from './mock-api.ts';

const parameter = (name: string): PathParameter => ({
  argument: name,
  name,
  format: { kind: 'style', style: 'simple', explode: false },
  allowReserved: false,
});

function operation(method: string, path: Operation['request']['path'], more: OperationParts = {}): Operation {
  return {
    id: 'x',
    origin: { pointer: '#', method: method.toLowerCase(), path: '/', tags: [], deprecated: false },
    request: {
      method,
      servers: 'api',
      path,
      fixedQuery: more.fixedQuery ?? '',
      query: [],
      headers: [],
      cookies: [],
      coercions: [],
      renamed: false,
    },
    response: {
      accept: more.accept ?? 'application/json, */*;q=0.1',
      ...(more.schema !== undefined && { schema: more.schema }),
      wrapped: false,
      pagingArguments: [],
    },
    auth: [],
    arguments: { type: 'object', properties: {}, required: [], additionalProperties: false },
  };
}
interface OperationParts {
  readonly schema?: JsonSchema;
  readonly accept?: string;
  readonly fixedQuery?: string;
}

const model: ApiModel = {
  format: 1,
  name: 'pets',
  title: 'Pets',
  version: '1',
  servers: [{ url: '/', variables: {} }],
  auth: {},
  schemas: { Pet: { type: 'object', properties: { name: { examples: ['Ada'] } } } },
  operations: [
    operation('GET', ['/pets/', parameter('id')], { schema: { $ref: '#/$defs/Pet' } }),
    operation('GET', ['/pets/mine'], { schema: { const: 'mine' } }),
    operation('DELETE', ['/pets/', parameter('id')]),
    operation('GET', ['/find'], { schema: { const: 'by name' }, fixedQuery: 'by=name' }),
    operation('GET', ['/find'], { schema: { const: 'by size' }, fixedQuery: 'by=size' }),
    operation('GET', ['/note'], { schema: { type: 'string' }, accept: 'text/plain' }),
    operation('GET', ['/problem'], { schema: { const: 1 }, accept: 'application/vnd.pets+json' }),
  ],
};

let api: MockApi;
beforeAll(async () => {
  api = await startMockApi(model);
});
afterAll(() => api.close());

describe('the mock API', () => {
  const rows = [
    { method: 'GET', path: '/pets/7', status: 200, type: 'application/json', body: '{"name":"Ada"}' },
    { method: 'GET', path: '/pets/mine', status: 200, type: 'application/json', body: '"mine"' },
    { method: 'DELETE', path: '/pets/7', status: 204, type: null, body: '' },
    { method: 'GET', path: '/find?page=2&by=size', status: 200, type: 'application/json', body: '"by size"' },
    { method: 'GET', path: '/note', status: 200, type: 'text/plain', body: 'example' },
    { method: 'GET', path: '/problem', status: 200, type: 'application/vnd.pets+json', body: '1' },
  ];
  for (const { method, path, status, type, body } of rows) {
    test(`answers ${method} ${path} with ${status} ${body}`, async () => {
      const response = await fetch(api.url + path, { method });
      expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
        status,
        type,
        body,
      ]);
    });
  }

  test('responds with 404 if no operation matches', async () => {
    const response = await fetch(`${api.url}/pets/7/photo`);
    expect(response.status).toBe(404);
  });

  test('records what it was sent', async () => {
    await fetch(`${api.url}/pets/8?x=1`, { method: 'DELETE', headers: { 'x-key': 'k' }, body: 'text' });
    expect(api.requests.at(-1)).toMatchObject({
      method: 'DELETE',
      url: '/pets/8?x=1',
      headers: { 'x-key': 'k' },
      body: 'text',
    });
  });
});
