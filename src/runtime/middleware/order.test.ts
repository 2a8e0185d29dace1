import { describe, expect, test, vi } from 'vitest';
import { callContext } from '../call-context.ts';
import { outcomeMeta, outcomeOf } from '../outcome.ts';
import type { Provider, ToolResult } from '../provider.ts';
import { createServer } from '../server.ts';
import { testClock } from './clock.test.fixture.ts';
import {
  auditLog,
  cache,
  circuitBreaker,
  concurrency,
  confirm,
  logging,
  type Middleware,
  maskErrors,
  memoryStore,
  rateLimit,
  redact,
  responseLimit,
  retry,
  timeout,
  tokenBucket,
  withMiddleware,
} from './index.ts';

/** A tool that returns scripted results in order, and counts its calls. */
function scripted(...answers: readonly (ToolResult | (() => Promise<ToolResult>))[]) {
  let calls = 0;
  const server = createServer({ name: 's', version: '1' });
  server.tool('t', { annotations: { readOnlyHint: true } }, async () => {
    const answer = answers[Math.min(calls++, answers.length - 1)] ?? text('');
    return typeof answer === 'function' ? answer() : answer;
  });
  return { server, calls: () => calls };
}

const text = (said: string): ToolResult => ({ content: [{ type: 'text', text: said }] });
const failed = (status: number): ToolResult => ({
  ...text(`db-7: ${status}`),
  isError: true,
  _meta: outcomeMeta({ status }),
});
const never = () => new Promise<ToolResult>(() => {});
const call = (provider: Provider) => provider.callTool({ name: 't', arguments: {} }, callContext());
const textOf = ({ content }: ToolResult) => content.map((block) => (block.type === 'text' ? block.text : '')).join();

/** The middleware in both orders. */
function both(provider: Provider, one: () => Middleware, other: () => Middleware): readonly [Provider, Provider] {
  return [withMiddleware(provider, one(), other()), withMiddleware(provider, other(), one())];
}

describe('the order of two', () => {
  test('cache × redact: nobody sees a secret in either order; outside, the store never contains one', async () => {
    const kept: unknown[] = [];
    const memory = memoryStore();
    const store = {
      get: memory.get,
      set(key: string, value: unknown, ttlMs: number) {
        kept.push(value);
        return memory.set(key, value, ttlMs);
      },
    };
    const hide = () => redact({ secrets: ['sesame99'] });
    const [outside] = both(scripted(text('sesame99')).server, () => cache({ ttlMs: 1000, store }), hide);
    expect([textOf(await call(outside)), textOf(await call(outside))]).toEqual(['[redacted]', '[redacted]']);
    expect(JSON.stringify(kept)).not.toContain('sesame99');
    const [, inside] = both(scripted(text('sesame99')).server, () => cache({ ttlMs: 1000 }), hide);
    expect([textOf(await call(inside)), textOf(await call(inside))]).toEqual(['[redacted]', '[redacted]']);
  });

  test('timeout × retry: outside, it is the time of all attempts; inside, of each', async () => {
    const forAll = scripted(never);
    const outside = withMiddleware(forAll.server, timeout({ ms: 30 }), retry({ clock: testClock() }));
    expect(outcomeOf(await call(outside))).toEqual({ error: 'TIMEOUT' });
    expect(forAll.calls()).toBe(1);
    const forEach = scripted(never, never, text('ok'));
    const inside = withMiddleware(forEach.server, retry({ clock: testClock() }), timeout({ ms: 30 }));
    expect(textOf(await call(inside))).toBe('ok');
    expect(forEach.calls()).toBe(3);
  });

  test('rateLimit × maskErrors: a rejected caller learns when to retry, in both orders', async () => {
    const limit = () => rateLimit({ global: tokenBucket({ size: 1, perSecond: 1, clock: testClock() }) });
    for (const chain of both(scripted(text('ok')).server, limit, () => maskErrors({ onError: () => {} }))) {
      await call(chain);
      expect(textOf(await call(chain))).toBe('Too many calls. Retry in 1 s.');
    }
  });

  test('rateLimit × cache: outside, every call counts; inside, only cache misses', async () => {
    const limit = () => rateLimit({ global: tokenBucket({ size: 1, perSecond: 1, clock: testClock() }) });
    const [outside, inside] = both(scripted(text('ok')).server, limit, () => cache({ ttlMs: 1000 }));
    await call(outside);
    expect(outcomeOf(await call(outside))?.error).toBe('RATE_LIMITED');
    await call(inside);
    expect(textOf(await call(inside))).toBe('ok');
  });

  test('rateLimit × retry: a rejected call is not retried, in both orders', async () => {
    const clock = testClock();
    const limit = () => rateLimit({ global: tokenBucket({ size: 1, perSecond: 1, clock }) });
    const counted = scripted(text('ok'));
    for (const chain of both(counted.server, limit, () => retry({ clock }))) {
      clock.advance(1000);
      await call(chain);
      expect(outcomeOf(await call(chain))?.error).toBe('RATE_LIMITED');
    }
    expect([counted.calls(), clock.slept]).toEqual([2, []]);
  });

  test('circuitBreaker × retry: outside, it counts calls that failed after all attempts; inside, each attempt', async () => {
    const breaker = () => circuitBreaker({ failures: 3, clock: testClock() });
    const again = () => retry({ attempts: 3, clock: testClock() });
    const recovered = scripted(failed(503), failed(503), text('ok'));
    const outside = withMiddleware(recovered.server, breaker(), again());
    expect(textOf(await call(outside))).toBe('ok');
    const down = scripted(failed(503));
    const inside = withMiddleware(down.server, again(), breaker());
    expect(outcomeOf(await call(inside))?.status).toBe(503);
    expect(outcomeOf(await call(inside))?.error).toBe('CIRCUIT_OPEN');
    expect(down.calls()).toBe(3);
  });

  test('retry × maskErrors: a masked error still says whether it can be retried', async () => {
    for (const attempt of [0, 1]) {
      const { server } = scripted(failed(503), text('ok'));
      const chains = both(
        server,
        () => retry({ clock: testClock() }),
        () => maskErrors({ onError: () => {} }),
      );
      expect(textOf(await call(chains[attempt] ?? server))).toBe('ok');
    }
  });

  test('confirm × retry: outside, one answer covers all attempts; inside, each attempt asks', async () => {
    const asked = vi.fn(async () => ({ action: 'accept', content: {} }) as const);
    const context = callContext({ elicit: asked });
    const ask = () => confirm({ unasked: 'token', tools: [{ name: 't' }] });
    const again = () => retry({ clock: testClock() });
    const make = () => scripted(failed(503), text('ok')).server;
    for (const [chain, times] of [
      [withMiddleware(make(), ask(), again()), 1],
      [withMiddleware(make(), again(), ask()), 2],
    ] as const) {
      asked.mockClear();
      expect(textOf(await chain.callTool({ name: 't', arguments: {} }, context))).toBe('ok');
      expect(asked).toHaveBeenCalledTimes(times);
    }
  });

  test('confirm × cache: outside, each call asks; inside, only cache misses ask', async () => {
    const asked = vi.fn(async () => ({ action: 'accept', content: {} }) as const);
    const context = callContext({ elicit: asked });
    const ask = () => confirm({ unasked: 'token', tools: [{ name: 't' }] });
    const keep = () => cache({ ttlMs: 1000 });
    for (const [chain, times] of [
      [withMiddleware(scripted(text('ok')).server, keep(), ask()), 1],
      [withMiddleware(scripted(text('ok')).server, ask(), keep()), 2],
    ] as const) {
      asked.mockClear();
      for (let i = 0; i < 2; i++) await chain.callTool({ name: 't', arguments: {} }, context);
      expect(asked).toHaveBeenCalledTimes(times);
    }
  });

  test('cache × retry: a result after a retry is cached, a failure is not, in both orders', async () => {
    for (const attempt of [0, 1]) {
      const counted = scripted(failed(503), failed(503), failed(503), failed(503), text('ok'));
      const chains = both(
        counted.server,
        () => cache({ ttlMs: 1000 }),
        () => retry({ clock: testClock() }),
      );
      const chain = chains[attempt] ?? counted.server;
      expect((await call(chain)).isError).toBe(true);
      expect(textOf(await call(chain))).toBe('ok');
      expect(textOf(await call(chain))).toBe('ok');
      expect(counted.calls()).toBe(5);
    }
  });

  test('concurrency × timeout: outside, waiting takes no time from the call; inside, it does', async () => {
    const [outside, inside] = both(
      scripted(never).server,
      () => concurrency({ limit: 1 }),
      () => timeout({ ms: 150 }),
    );
    const times = async (chain: Provider) => {
      const from = Date.now();
      await Promise.all([call(chain), call(chain)]);
      return Date.now() - from;
    };
    expect(await times(outside)).toBeGreaterThanOrEqual(290);
    expect(await times(inside)).toBeLessThan(280);
  });

  test('responseLimit × cache: cut results are cached if the limit is inside', async () => {
    const [outside, inside] = both(
      scripted(text('x'.repeat(500))).server,
      () => responseLimit({ maxBytes: 10 }),
      () => cache({ ttlMs: 1000 }),
    );
    for (const chain of [outside, inside]) {
      const first = textOf(await call(chain));
      expect(first).toMatch(/^x{10},Tool "t" returned 500 bytes/);
      expect(textOf(await call(chain))).toBe(first);
    }
  });

  test('logging × redact: outside, the log sees what the client sees', async () => {
    const sink = vi.fn<(line: string) => void>();
    const chain = withMiddleware(
      scripted(text('sesame99')).server,
      logging({ sink, payload: true }),
      redact({ secrets: ['sesame99'] }),
    );
    await call(chain);
    expect(sink.mock.calls.join()).not.toContain('sesame99');
  });

  test('auditLog × rateLimit: outside, rejected calls are recorded as well', async () => {
    const ended: string[] = [];
    const limit = () => rateLimit({ global: tokenBucket({ size: 1, perSecond: 1, clock: testClock() }) });
    const audit = () => auditLog({ write: (entry) => void (entry.event === 'end' && ended.push(entry.ended)) });
    const [outside, inside] = both(scripted(text('ok')).server, audit, limit);
    await call(outside);
    await call(outside);
    expect(ended).toEqual(['ok', 'failed']);
    await call(inside);
    await call(inside);
    expect(ended).toEqual(['ok', 'failed', 'ok']);
  });
});

describe('a middleware of the user that throws', () => {
  const broken: Middleware = async function broken() {
    throw new Error('out of ideas');
  };

  test.each([
    ['logging', () => logging({ sink: () => {} })],
    ['cache', () => cache({ ttlMs: 1000 })],
    ['retry', () => retry({ clock: testClock() })],
    ['circuitBreaker', () => circuitBreaker()],
    ['concurrency', () => concurrency({ limit: 1 })],
    ['rateLimit', () => rateLimit({ global: tokenBucket({ size: 9, perSecond: 9 }) })],
    ['timeout', () => timeout({ ms: 1000 })],
    ['responseLimit', () => responseLimit({ maxBytes: 1000 })],
    ['redact', () => redact()],
    ['auditLog', () => auditLog({ write: () => {} })],
  ] as const)('is reported under its own name through %s', async (_, outer) => {
    const chain = withMiddleware(scripted(text('ok')).server, outer(), broken);
    expect(textOf(await call(chain))).toBe('Middleware "broken" failed: out of ideas');
    await expect(chain.listTools({})).rejects.toThrow('Middleware "broken" failed: out of ideas');
  });
});
