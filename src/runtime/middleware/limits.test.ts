import { RateLimiterMemory } from 'rate-limiter-flexible';
import { describe, expect, test, vi } from 'vitest';
import { callContext } from '../call-context.ts';
import { note } from '../note.ts';
import { OptionError } from '../options/option-error.ts';
import { outcomeOf } from '../outcome.ts';
import type { Provider } from '../provider.ts';
import { createServer } from '../server.ts';
import { testClock } from './clock.test.fixture.ts';
import { concurrency } from './concurrency.ts';
import { type RateLimiter, rateLimit } from './rate-limit.ts';
import { responseLimit } from './response-limit.ts';
import { tokenBucket } from './token-bucket.ts';
import { withMiddleware } from './with-middleware.ts';

const call = (provider: Provider, name: string, context = callContext()) =>
  provider.callTool({ name, arguments: {} }, context);

describe('concurrency', () => {
  /** A tool that runs until it is let go. */
  function held() {
    const server = createServer({ name: 's', version: '1' });
    const running: (() => void)[] = [];
    server.tool('hold', {}, () => new Promise<string>((resolve) => running.push(() => resolve('done'))));
    server.tool('outer', {}, (_, { callTool }) => callTool('inner'));
    server.tool('inner', {}, () => 'inner');
    return { server, running };
  }

  test('runs up to the limit, queues others in order, and rejects more', async () => {
    const { server, running } = held();
    const limited = withMiddleware(server, concurrency({ limit: 1, maxQueue: 1 }));
    const first = call(limited, 'hold');
    const second = call(limited, 'hold');
    await vi.waitFor(() => expect(running).toHaveLength(1));
    const third = await call(limited, 'hold');
    expect([third.isError, outcomeOf(third)]).toEqual([true, { error: 'BUSY' }]);
    running[0]?.();
    await first;
    await vi.waitFor(() => expect(running).toHaveLength(2));
    running[1]?.();
    expect(await second).not.toHaveProperty('isError');
  });

  test('a caller that disconnects leaves the queue', async () => {
    const { server, running } = held();
    const limited = withMiddleware(server, concurrency({ limit: 1 }));
    const first = call(limited, 'hold');
    const gone = new AbortController();
    const second = call(limited, 'hold', callContext({ signal: gone.signal }));
    gone.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    await vi.waitFor(() => expect(running).toHaveLength(1));
    running[0]?.();
    await first;
    const third = call(limited, 'hold');
    await vi.waitFor(() => expect(running).toHaveLength(2));
    running[1]?.();
    await third;
  });

  test('a handler that calls another tool does not wait for itself', async () => {
    const { server } = held();
    server.use(concurrency({ limit: 1 }));
    expect(await call(server, 'outer')).toEqual({ content: [{ type: 'text', text: 'inner' }] });
  });

  test.each([0, 1.5, Number.NaN])('a limit of %s is rejected', (limit) => {
    expect(() => concurrency({ limit })).toThrow(/"limit" must be a whole number of 1 or more; got/);
  });
});

describe('tokenBucket', () => {
  test('fills steadily up to its size, each key its own', async () => {
    const clock = testClock();
    const bucket = tokenBucket({ size: 2, perSecond: 4, clock });
    await bucket.consume('a');
    await bucket.consume('a');
    await expect(bucket.consume('a')).rejects.toEqual({ msBeforeNext: 250 });
    clock.advance(100);
    await expect(bucket.consume('a')).rejects.toEqual({ msBeforeNext: 150 });
    await bucket.consume('b');
    clock.advance(60_000);
    await bucket.consume('a');
    await bucket.consume('a');
    await expect(bucket.consume('a')).rejects.toEqual({ msBeforeNext: 250 });
  });

  test('keeps its count of callers that are not full when it forgets the others', async () => {
    const clock = testClock();
    const bucket = tokenBucket({ size: 1, perSecond: 1, clock });
    for (let i = 0; i < 1000; i++) await bucket.consume(`old ${i}`);
    clock.advance(2000);
    for (let i = 0; i < 1000; i++) await bucket.consume(`new ${i}`);
    await expect(bucket.consume('new 0')).rejects.toEqual({ msBeforeNext: 1000 });
    await bucket.consume('old 0');
  });

  test('a bucket that never fills is rejected', () => {
    expect(() => tokenBucket({ size: 1, perSecond: 0 })).toThrow(OptionError);
  });
});

describe('rateLimit', () => {
  const server = createServer({ name: 's', version: '1' });
  server.tool('t', {}, () => 'ok');

  test('takes a limiter of rate-limiter-flexible', async () => {
    const perCaller: RateLimiter = new RateLimiterMemory({ points: 1, duration: 60 });
    const limited = withMiddleware(server, rateLimit({ perCaller }));
    await call(limited, 't');
    const { error, retryAfter = 0 } = outcomeOf(await call(limited, 't')) ?? {};
    expect(error).toBe('RATE_LIMITED');
    expect(retryAfter).toBeGreaterThan(50);
  });

  test('rejects all calls with an error if the limiter fails', async () => {
    const broken: RateLimiter = { consume: () => Promise.reject(new Error('no connection')) };
    expect(await call(withMiddleware(server, rateLimit({ global: broken })), 't')).toMatchObject({
      isError: true,
      content: [{ text: 'Middleware "rateLimit" failed: no connection' }],
    });
  });

  test('does not count lists', async () => {
    const limited = withMiddleware(server, rateLimit({ global: tokenBucket({ size: 1, perSecond: 1 }) }));
    for (let i = 0; i < 5; i++) expect(await limited.listTools({})).toHaveLength(1);
  });
});

describe('responseLimit', () => {
  const server = createServer({ name: 's', version: '1' });
  const output = { type: 'object', properties: { text: { type: 'string' } } } as const;
  server.tool('short', {}, () => 'short');
  server.tool('long', {}, () => 'é'.repeat(100));
  server.tool('data', {}, () => ({ text: 'x'.repeat(60) }));
  server.tool('promised', { output }, () => ({ text: 'x'.repeat(60) }));
  server.resource('s://long', { name: 'long' }, () => 'x'.repeat(200));
  const limited = withMiddleware(server, responseLimit({ maxBytes: 101 }));

  test('leaves alone what is short enough', async () => {
    expect(await call(limited, 'short')).toEqual({ content: [{ type: 'text', text: 'short' }] });
  });

  test('cuts text between characters, and says so', async () => {
    expect(await call(limited, 'long')).toEqual({
      content: [
        { type: 'text', text: 'é'.repeat(50) },
        note('Tool "long" returned 200 bytes; the limit is 101. The rest is omitted: request less data.'),
      ],
    });
  });

  test('drops structured content first; if the tool has an output schema, the result is a failure', async () => {
    const data = await call(limited, 'data');
    expect(data).not.toHaveProperty('structuredContent');
    expect(data).not.toHaveProperty('isError');
    expect(data.content).toMatchObject([
      { text: JSON.stringify({ text: 'x'.repeat(60) }) },
      { text: expect.stringMatching(/the text is complete/) },
    ]);
    expect(await call(limited, 'promised')).toMatchObject({ isError: true });
  });

  test('refuses a resource', async () => {
    await expect(limited.readResource({ uri: 's://long' }, callContext())).rejects.toMatchObject({
      code: 'READ_FAILED',
      message: expect.stringContaining('Resource "s://long" returned'),
    });
  });
});
