import fc from 'fast-check';
import Keyv from 'keyv';
import { describe, expect, test, vi } from 'vitest';
import { propertyRuns } from '../../property-runs.test.fixture.ts';
import { callContext } from '../call-context.ts';
import { derived } from '../derived.ts';
import { outcomeMeta } from '../outcome.ts';
import type { Provider } from '../provider.ts';
import { createServer } from '../server.ts';
import { cache } from './cache.ts';
import type { CacheStore } from './cache-store.ts';
import { testClock } from './clock.test.fixture.ts';
import { freshMs } from './freshness.ts';
import { memoryStore } from './memory-store.ts';
import { withMiddleware } from './with-middleware.ts';

const READS = { annotations: { readOnlyHint: true } };
const ANY = { type: 'object' } as const;

/** A tool that says who asked what, when it is let go. */
function slow(settle: (signal: AbortSignal) => Promise<void> = async () => {}) {
  let calls = 0;
  const server = createServer({ name: 's', version: '1' });
  server.tool('who', { ...READS, input: ANY }, async (args, { caller, signal }) => {
    calls++;
    await settle(signal);
    return `${caller?.id}/${caller?.scopes}/${JSON.stringify(args)}`;
  });
  return { server, calls: () => calls };
}

async function ask(provider: Provider, args: Readonly<Record<string, unknown>> = {}, context = callContext()) {
  const { content } = await provider.callTool({ name: 'who', arguments: args }, context);
  return content[0]?.type === 'text' ? content[0].text : undefined;
}
const as = (id: string, scopes: readonly string[] = []) => callContext({ caller: { id, scopes } });

describe('cache', () => {
  test('headers that a call forwards keep results apart, also of the first calls at the same time', async () => {
    const { server } = slow();
    const api = derived(server, {
      async callTool(_, { requestHeader }) {
        const tenant = requestHeader?.('X-Tenant');
        await Promise.resolve();
        return { content: [{ type: 'text', text: `tenant ${tenant}` }] };
      },
    });
    const cached = withMiddleware(api, cache({ ttlMs: 60_000 }));
    const from = (tenant: string) =>
      callContext({ requestHeader: (name) => (/^x-tenant$/i.test(name) ? tenant : 'x') });
    const first = await Promise.all([ask(cached, {}, from('a')), ask(cached, {}, from('b'))]);
    expect(first).toEqual(['tenant a', 'tenant b']);
    expect([await ask(cached, {}, from('c')), await ask(cached, {}, from('a'))]).toEqual(['tenant c', 'tenant a']);
  });

  test('a result that was cut is not given to who wants all of it', async () => {
    const { server } = slow();
    const api = derived(server, {
      async callTool(_, { uncut }) {
        return { content: [{ type: 'text', text: uncut ? 'all of it' : 'cut' }] };
      },
    });
    const cached = withMiddleware(api, cache({ ttlMs: 60_000 }));
    const whole = callContext({ uncut: true });
    expect([await ask(cached), await ask(cached, {}, whole), await ask(cached)]).toEqual(['cut', 'all of it', 'cut']);
  });

  test('caller A’s result never reaches B, however their calls interleave', async () => {
    const calls = fc.array(
      fc.record({
        id: fc.constantFrom('a', 'b', 'a","'),
        scopes: fc.constantFrom([], ['x'], ['x', 'y']),
        args: fc.constantFrom({}, { q: 1 }, { q: '1' }, { q: [['q', 1]] }, { q: { q: 1 } }, { __proto__: null, q: 1 }),
        cancel: fc.boolean(),
      }),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), calls, async (scheduler, asked) => {
        const { server } = slow(() => scheduler.schedule(Promise.resolve()));
        const memory = memoryStore({ maxEntries: 4 });
        const store: CacheStore = {
          get: (key) => scheduler.schedule(memory.get(key)),
          set: (key, value, ttlMs) => scheduler.schedule(memory.set(key, value, ttlMs)),
        };
        const cached = withMiddleware(server, cache({ ttlMs: 60_000, store }));
        const answers = asked.map(async ({ id, scopes, args, cancel }) => {
          const gone = new AbortController();
          const context = { ...as(id, scopes), signal: gone.signal };
          const answer = ask(cached, args, context).catch(() => 'cancelled');
          if (cancel) gone.abort(new Error('gone'));
          const got = await answer;
          expect(got).toBe(cancel ? 'cancelled' : `${id}/${scopes}/${JSON.stringify(args)}`);
        });
        await scheduler.waitFor(Promise.all(answers));
      }),
      { numRuns: propertyRuns(200) },
    );
  });

  test('makes one call of equal ones at the same moment, whatever the order of their arguments', async () => {
    const { server, calls } = slow(() => new Promise((resolve) => setTimeout(resolve, 20)));
    const cached = withMiddleware(server, cache({ ttlMs: 60_000 }));
    await Promise.all([ask(cached, { a: 1, b: 2 }), ask(cached, { b: 2, a: 1 }), ask(cached, { a: 1, b: 2 })]);
    expect(calls()).toBe(1);
  });

  test('goes on for those who wait when the first one has gone, and ends with the last', async () => {
    const ended = vi.fn();
    let release = () => {};
    const { server, calls } = slow((signal) => {
      signal.addEventListener('abort', ended);
      return new Promise((resolve) => {
        release = resolve;
      });
    });
    const cached = withMiddleware(server, cache({ ttlMs: 60_000 }));
    const [first, second] = [new AbortController(), new AbortController()];
    const one = ask(cached, {}, callContext({ signal: first.signal })).catch(() => 'gone');
    const two = ask(cached, {}, callContext({ signal: second.signal })).catch(() => 'gone');
    await vi.waitFor(() => expect(calls()).toBe(1));
    await new Promise((resolve) => setTimeout(resolve, 5));
    first.abort();
    expect(await one).toBe('gone');
    expect(ended).not.toHaveBeenCalled();
    release();
    expect(await two).toBe('undefined/undefined/{}');

    const last = new AbortController();
    const three = ask(cached, { n: 3 }, callContext({ signal: last.signal })).catch(() => 'gone');
    await vi.waitFor(() => expect(calls()).toBe(2));
    last.abort();
    expect(await three).toBe('gone');
    expect(ended).toHaveBeenCalledOnce();
  });

  test('does not share a result that must not be cached with a concurrent call', async () => {
    let calls = 0;
    const server = createServer({ name: 's', version: '1' });
    server.tool('who', READS, async () => {
      calls++;
      await new Promise((resolve) => setTimeout(resolve, 20));
      return { content: [], _meta: outcomeMeta({ status: 200, cacheControl: 'no-store' }) };
    });
    const cached = withMiddleware(server, cache({ ttlMs: 60_000 }));
    await Promise.all([ask(cached), ask(cached)]);
    expect(calls).toBe(2);
  });

  test('caches results in a Keyv store', async () => {
    const store: CacheStore = new Keyv();
    const { server, calls } = slow();
    for (const provider of [1, 2].map(() => withMiddleware(server, cache({ ttlMs: 60_000, store })))) {
      expect(await ask(provider, {}, as('ada'))).toBe('ada//{}');
    }
    expect(calls()).toBe(1);
  });

  test('reports a store that fails: as the result, or to a handler', async () => {
    const fail = async () => {
      throw new Error('no connection');
    };
    const store = { get: fail, set: fail };
    const { server } = slow();
    expect(await ask(withMiddleware(server, cache({ ttlMs: 1000, store })))).toBe(
      'Middleware "cache" failed: no connection',
    );
    const onStoreError = vi.fn();
    const going = withMiddleware(server, cache({ ttlMs: 1000, store, onStoreError }));
    expect(await ask(going, {}, as('ada'))).toBe('ada//{}');
    expect(onStoreError).toHaveBeenCalledTimes(2);
  });

  test('caches lists only if configured', async () => {
    const { server } = slow();
    const cached = withMiddleware(server, cache({ ttlMs: 60_000, methods: ['tools/list'] }));
    const before = await cached.listTools({});
    server.tool('late', {}, () => '');
    expect(await cached.listTools({})).toBe(before);
    const plain = withMiddleware(server, cache({ ttlMs: 60_000 }));
    expect(await plain.listTools({})).toHaveLength(2);
  });
});

describe('how long a response is fresh', () => {
  test.each([
    { given: {}, want: 60_000 },
    { given: { cacheControl: 'max-age=10' }, want: 10_000 },
    { given: { cacheControl: 'Max-Age=10', age: 4 }, want: 6_000 },
    { given: { cacheControl: 'max-age=10', age: 40 }, want: 0 },
    { given: { cacheControl: 'max-age=3600' }, want: 60_000 },
    { given: { cacheControl: 'public, max-age="30"' }, want: 30_000 },
    { given: { cacheControl: 'max-age=soon' }, want: 0 },
    { given: { cacheControl: 's-maxage=0, private' }, want: 60_000 },
    { given: { cacheControl: 'no-transform' }, want: 60_000 },
    { given: { cacheControl: 'NO-STORE' }, want: 0 },
  ])('$given', ({ given, want }) => {
    expect(freshMs(given, 60_000)).toBe(want);
  });
});

describe('memoryStore', () => {
  test('forgets what is too old, and what was used least lately', async () => {
    const clock = testClock();
    const store = memoryStore({ maxEntries: 2, clock });
    await store.set('a', 1, 100);
    await store.set('b', 2, 1000);
    await store.get('a');
    await store.set('c', 3, 1000);
    expect([await store.get('a'), await store.get('b'), await store.get('c')]).toEqual([1, undefined, 3]);
    clock.advance(100);
    expect([await store.get('a'), await store.get('c')]).toEqual([undefined, 3]);
  });
});
