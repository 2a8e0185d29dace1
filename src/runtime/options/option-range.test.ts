import { expect, test } from 'vitest';
import { composite } from '../compose/composite.ts';
import { fromMcp } from '../compose/remote.ts';
import {
  cache,
  circuitBreaker,
  concurrency,
  confirm,
  memoryStore,
  responseLimit,
  retry,
  timeout,
  tokenBucket,
  withMiddleware,
} from '../middleware/index.ts';
import { createServer } from '../server.ts';
import { OptionError } from './option-error.ts';

const server = () => createServer({ name: 's', version: '1' });
const timer = 'a number from 1 to 2147483647';

test.each([
  [() => timeout({ ms: -1 }), `timeout(): "ms" must be ${timer}; got -1.`],
  [() => timeout({ ms: Number.NaN }), `timeout(): "ms" must be ${timer}; got NaN.`],
  [() => timeout({ ms: Infinity }), `timeout(): "ms" must be ${timer}; got Infinity.`],
  [() => timeout({ ms: '5' as never }), `timeout(): "ms" must be ${timer}; got "5".`],
  [() => timeout(5 as never), 'timeout() takes an object of options; got 5.'],
  [() => responseLimit({ maxBytes: 0 }), 'responseLimit(): "maxBytes" must be a whole number of 1 or more; got 0.'],
  [() => retry({ attempts: 0 }), 'retry(): "attempts" must be a whole number of 1 or more; got 0.'],
  [() => retry({ maxWaitMs: -1 }), 'retry(): "maxWaitMs" must be a number from 0 to 2147483647; got -1.'],
  [() => cache({ ttlMs: -1 }), 'cache(): "ttlMs" must be a number of 1 or more; got -1.'],
  [() => memoryStore({ maxEntries: 1.5 }), 'memoryStore(): "maxEntries" must be a whole number of 1 or more; got 1.5.'],
  [() => circuitBreaker({ failures: 0 }), 'circuitBreaker(): "failures" must be a whole number of 1 or more; got'],
  [() => circuitBreaker({ openMs: -1 }), 'circuitBreaker(): "openMs" must be a number of 1 or more; got'],
  [() => concurrency({ limit: 1, maxQueue: -1 }), 'concurrency(): "maxQueue" must be a whole number of 0 or more; got'],
  [() => confirm({ ttlMs: 0 }), 'confirm(): "ttlMs" must be a number of 1 or more; got 0.'],
  [() => tokenBucket({ size: 1, perSecond: 0 }), 'tokenBucket(): "perSecond" must be a number of more than 0; got 0.'],
  [() => createServer({ name: 's', version: '1', timeoutMs: 0 }), `createServer(): "timeoutMs" must be ${timer}; got`],
  [() => server().tool('a', { timeoutMs: 0 }, () => 1), `The tool "a": "timeoutMs" must be ${timer}; got 0.`],
  [
    () => createServer({ name: 's', version: '1', listTimeoutMs: 0 }),
    `createServer(): "listTimeoutMs" must be ${timer}; got 0.`,
  ],
  [() => composite([], { listTimeoutMs: -5 }), `composite(): "listTimeoutMs" must be ${timer}; got -5.`],
  [() => fromMcp('https://x.test/mcp', { timeoutMs: 0 }), `fromMcp(): "timeoutMs" must be ${timer}; got 0.`],
  [() => server().use('x' as never), 'use() takes middleware functions such as timeout({ ms: 30_000 }); got'],
  [() => server().use(undefined as never), 'got undefined.'],
  [() => withMiddleware(server(), null as never), 'withMiddleware() takes middleware functions such as'],
])('%s is rejected immediately', (make, want) => {
  expect(make).toThrow(OptionError);
  expect(make).toThrow(want);
});

test.each([
  () => concurrency({ limit: Infinity }),
  () => cache({ ttlMs: Infinity }),
  () => retry({ firstWaitMs: 0 }),
  () => timeout({ ms: 0.5 + 0.5 }),
])('%s is taken', (make) => {
  expect(make).not.toThrow();
});
