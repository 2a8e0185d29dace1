import '../openapi-schemas.test.fixture.ts';
import { expect, test } from 'vitest';
import type { ReadOptions } from './source.ts';
import { validateDocument } from './validate.ts';

const noNetwork = () => Promise.reject(new Error('Nothing is fetched.'));
const OPTIONS: ReadOptions = {
  send: noNetwork,
  sendRedirected: () => noNetwork,
  sendRemoteRefs: undefined,
  headers: [],
  timeoutMs: 1_000,
  maxBytes: 1_000_000,
  stdin: undefined,
  cached: undefined,
};
const validate = (root: Record<string, unknown>, version: string) =>
  validateDocument({ root, pointers: new WeakMap() }, version, { kind: 'none' }, OPTIONS);

const info = { title: 'Test', version: '1' };
const responses = { 200: { description: 'ok' } };

test.each([
  ['2.0', { swagger: 2, info, paths: { '/a': { get: { responses } } } }],
  ['3.0', { openapi: 3, info: { title: 'Test', version: 1 }, paths: { '/a': { get: { responses } } } }],
  ['3.1.2', { openapi: '3.1.2', info, paths: { '/a': { get: { responses } } } }],
])(
  'a document of %s that keeps to its schema has no violations, however its version is spelt',
  async (version, root) => {
    expect(await validate(root, version)).toEqual([]);
  },
);

test('there is no schema of 3.2', async () => {
  expect(await validate({ openapi: '3.2.0', info }, '3.2.0')).toBeUndefined();
});

test.each([
  ['2.0', { swagger: '2.0', info, paths: { '/a': { get: {} } } }, '#/paths/~1a/get', '"responses" is missing.'],
  [
    '3.0.3',
    { openapi: '3.0.3', info: { ...info, owner: 'me' }, paths: {} },
    '#/info/owner',
    '"owner" is not allowed here.',
  ],
  [
    '3.1.0',
    { openapi: '3.1.0', info: { title: 1, version: '1' }, paths: {} },
    '#/info/title',
    'Must be of type string.',
  ],
  [
    '2.0',
    { swagger: '2.0', info, schemes: ['ftp'], paths: {} },
    '#/schemes/0',
    'Must be one of "http", "https", "ws", "wss".',
  ],
])('%s: a violation is reported with its place', async (version, root, pointer, message) => {
  expect(await validate(root, version)).toEqual([{ pointer, message }]);
});

test('what is wrong behind a reference has its place where it stands', async () => {
  const root = {
    openapi: '3.0.3',
    info,
    paths: { '/a': { get: { responses, parameters: [{ $ref: '#/components/parameters/P' }] } } },
    components: { parameters: { P: { name: 'p', in: 'query', schema: { type: 'string', minLength: 'one' } } } },
  };
  const violations = await validate(root, '3.0.3');
  expect(violations?.map(({ pointer }) => pointer)).toEqual(['#/components/parameters/P/schema/minLength']);
});

test('references that lead nowhere, or in circles, do not keep the rest from being validated', async () => {
  const root = {
    openapi: '3.0.3',
    info: { ...info, owner: 'me' },
    paths: { '/a': { get: { responses, parameters: [{ $ref: '#/components/parameters/Gone' }] } } },
    components: { schemas: { Node: { properties: { next: { $ref: '#/components/schemas/Node' } } } } },
  };
  const before = JSON.stringify(root);
  const violations = await validate(root, '3.0.3');
  expect(violations?.map(({ pointer }) => pointer)).toContain('#/info/owner');
  expect(JSON.stringify(root)).toBe(before);
});
