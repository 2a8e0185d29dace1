import { expect, test } from 'vitest';
import type { Operation } from '../../model/index.ts';
import { CallError } from '../call-error.ts';
import type { CallContext } from '../provider.ts';
import { createCalls } from './calls.ts';
import { createConcealers } from './conceal/index.ts';
import type { Performing } from './perform.ts';

const operation: Operation = {
  id: 'op',
  origin: { pointer: '#', method: 'get', path: '/op', tags: [], deprecated: false },
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
  },
  response: { accept: '', wrapped: false, pagingArguments: [] },
  auth: [],
  arguments: { type: 'object', properties: {}, required: [], additionalProperties: false },
};

test.each([
  { failed: 'INVALID_ARGUMENTS', want: 'INVALID_ARGUMENTS' },
  { failed: 'UNSAFE_ARGUMENT', want: 'INVALID_ARGUMENTS' },
  { failed: 'CONNECTION_LOST', want: 'READ_FAILED' },
] as const)('a resource that fails with $failed is reported as $want', async ({ failed, want }) => {
  const before = () => {
    throw new CallError(failed, 'It failed.');
  };
  const calls = createCalls({
    // Never reached: what comes before the call fails.
    performing: {
      concealers: createConcealers({ credentials: {}, headers: [], secrets: [] }),
      forwardHeaders: [],
    } as unknown as Performing,
    hooks: { op: { before } },
    maxResultBytes: 1000,
    compileSchema: async () => undefined,
  });
  await expect(calls.readOperation('api://a/op', operation, {}, {} as CallContext)).rejects.toMatchObject({
    code: want,
    message: expect.stringContaining(failed),
  });
});
