import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import type { Operation } from '../model/index.ts';
import { joinModel } from '../runtime/api/outline/outline.ts';
import { operationOutline } from './operation-outline.ts';

const OPERATION: Operation = {
  id: 'getPet',
  origin: { pointer: '#/paths/~1pets/get', method: 'get', path: '/pets/{petId}', tags: [], deprecated: false },
  request: {
    method: 'GET',
    servers: 'api',
    path: [
      '/pets/',
      {
        argument: 'petId',
        name: 'petId',
        format: { kind: 'style', style: 'simple', explode: false },
        allowReserved: false,
      },
    ],
    fixedQuery: '',
    query: [
      {
        argument: 'page',
        name: 'page',
        format: { kind: 'style', style: 'form', explode: true },
        allowReserved: false,
        allowEmptyValue: false,
      },
    ],
    headers: [{ argument: 'trace', name: 'X-Trace', format: { kind: 'style', style: 'simple', explode: false } }],
    cookies: [{ argument: 'session', name: 'session', format: { kind: 'content', mediaType: 'application/json' } }],
    coercions: [],
    renamed: false,
  },
  response: { accept: 'application/json, */*;q=0.1', wrapped: false, pagingArguments: [] },
  auth: [],
  arguments: { type: 'object', properties: {}, required: [], additionalProperties: false },
};

test('an outline contains only what differs from the defaults', () => {
  expect(operationOutline(OPERATION)).toEqual({
    id: 'getPet',
    origin: { pointer: '#/paths/~1pets/get', method: 'get', path: '/pets/{petId}' },
    request: {
      method: 'GET',
      path: ['/pets/', { argument: 'petId' }],
      query: [{ argument: 'page' }],
      headers: [{ argument: 'trace', name: 'X-Trace' }],
      cookies: [{ argument: 'session', format: { kind: 'content', mediaType: 'application/json' } }],
    },
    auth: [],
  });
});

test.each<[string, Operation]>([
  ['everything by default', OPERATION],
  [
    'nothing by default',
    {
      ...OPERATION,
      origin: { ...OPERATION.origin, tags: ['pets'], deprecated: true },
      request: {
        ...OPERATION.request,
        servers: [],
        fixedQuery: 'a=1',
        query: [
          {
            argument: 'page',
            name: 'p',
            format: { kind: 'style', style: 'form', explode: false },
            allowReserved: true,
            allowEmptyValue: true,
          },
        ],
        headers: [],
        cookies: [],
        coercions: [{ path: ['items'], values: {} }],
        renamed: true,
      },
      response: { accept: '*/*', wrapped: true, pagingArguments: ['page'], ranges: ['*/*'] },
    },
  ],
])('an operation with %s is unchanged after joining its outline', (_, operation) => {
  const model = { format: 1, name: 'x', title: 'x', version: '1', servers: [], auth: {} } as const;
  const joined = joinModel(
    { ...model, operations: [operationOutline(operation)] },
    { schemas: {}, operations: { getPet: { arguments: operation.arguments } } },
  );
  expect(isDeepStrictEqual(joined.operations, [operation])).toBe(true);
});
