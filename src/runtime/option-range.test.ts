import { expect, test } from 'vitest';
import { composite } from './compose/composite.ts';
import { fromMcp } from './compose/remote.ts';
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
} from './middleware/index.ts';
import { createServer } from './server.ts';

const server = () => createServer({ name: 's', version: '1' });
const timer = 'a number from 1 to 2147483647';

test.each([
  [() => timeout({ ms: -1 }), `timeout() needs ms to be ${timer}, and was given -1.`],
  [() => timeout({ ms: Number.NaN }), `timeout() needs ms to be ${timer}, and was given NaN.`],
  [() => timeout({ ms: Infinity }), `timeout() needs ms to be ${timer}, and was given Infinity.`],
  [() => timeout({ ms: '5' as never }), `timeout() needs ms to be ${timer}, and was given "5".`],
  [() => timeout(5 as never), `timeout() needs ms to be ${timer}, and was given undefined.`],
  [
    () => responseLimit({ maxBytes: 0 }),
    'responseLimit() needs maxBytes to be a whole number of 1 or more, and was given 0.',
  ],
  [() => retry({ attempts: 0 }), 'retry() needs attempts to be a whole number of 1 or more, and was given 0.'],
  [() => retry({ maxWaitMs: -1 }), 'retry() needs maxWaitMs to be a number from 0 to 2147483647, and was given -1.'],
  [() => cache({ ttlMs: -1 }), 'cache() needs ttlMs to be a number of 1 or more, and was given -1.'],
  [
    () => memoryStore({ maxEntries: 1.5 }),
    'memoryStore() needs maxEntries to be a whole number of 1 or more, and was given 1.5.',
  ],
  [() => circuitBreaker({ failures: 0 }), 'circuitBreaker() needs failures to be a whole number of 1 or more, and'],
  [() => circuitBreaker({ openMs: -1 }), 'circuitBreaker() needs openMs to be a number of 1 or more, and'],
  [
    () => concurrency({ limit: 1, maxQueue: -1 }),
    'concurrency() needs maxQueue to be a whole number of 0 or more, and',
  ],
  [() => confirm({ ttlMs: 0 }), 'confirm() needs ttlMs to be a number of 1 or more, and was given 0.'],
  [
    () => tokenBucket({ size: 1, perSecond: 0 }),
    'tokenBucket() needs perSecond to be a number of more than 0, and was given 0.',
  ],
  [() => createServer({ name: 's', version: '1', timeoutMs: 0 }), `createServer() needs timeoutMs to be ${timer}, and`],
  [
    () => server().tool('a', { timeoutMs: 0 }, () => 1),
    `tool() needs timeoutMs of "a" to be ${timer}, and was given 0.`,
  ],
  [
    () => createServer({ name: 's', version: '1', listTimeoutMs: 0 }),
    `createServer() needs listTimeoutMs to be ${timer}, and`,
  ],
  [() => composite([], { listTimeoutMs: -5 }), `composite() needs listTimeoutMs to be ${timer}, and was given -5.`],
  [() => fromMcp('https://x.test/mcp', { timeoutMs: 0 }), `fromMcp() needs timeoutMs to be ${timer}, and was given 0.`],
  [
    () => server().use('x' as never),
    'use() takes middleware, each a function such as timeout({ ms: 30_000 }), and was',
  ],
  [() => server().use(undefined as never), 'and was given undefined.'],
  [() => withMiddleware(server(), null as never), 'withMiddleware() takes middleware, each a function'],
])('%s is refused at once', (make, want) => {
  expect(make).toThrow(TypeError);
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
