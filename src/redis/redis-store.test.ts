import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedOAuthStore } from '../oauth-proxy/shared-store.ts';
import { memoryStore as memoryOAuthStore, type OAuthProxyStore } from '../oauth-proxy/store.ts';
import { MemoryReplies, sharedReplies } from '../runtime/fit/code/replies.ts';
import { createCursors } from '../runtime/fit/paging/cursors.ts';
import { memoryResultStore, type ResultStore } from '../runtime/fit/results/result-store.ts';
import { MemoryTokens, sharedTokens } from '../runtime/middleware/confirmation/tokens.ts';
import { memoryStore } from '../runtime/middleware/memory-store.ts';
import { tokenBucket } from '../runtime/middleware/token-bucket.ts';
import { memoryTokenStore } from '../runtime/secrets/token-store.ts';
import type { SharedStore } from '../runtime/shared-store.ts';
import { memorySharedStore } from '../runtime/store/memory.ts';
import { sharedTokenStore } from '../runtime/store/shared-token-store.ts';
import { randomText } from '../runtime/text/random-text.ts';
import { noRedis, type TestRedis, testRedis } from './redis.test.fixture.ts';
import { redisStore } from './redis-store.ts';

const KEY = 'a key of the store that is long enough';
const SECRET = 'a secret of the proxy, long enough';
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let redis: TestRedis;
beforeAll(async () => {
  if (noRedis === undefined) redis = await testRedis();
});
afterAll(() => redis?.stop());

/** Two processes that share a store. */
const STORES: Readonly<Record<string, () => Promise<readonly [SharedStore, SharedStore]>>> = {
  memory: async () => {
    const store = memorySharedStore();
    return [store, store];
  },
  ...(noRedis === undefined && {
    Redis: async () => {
      const name = randomText(6);
      return [await redisStore(redis.url, { name }), await redisStore(redis.url, { name })] as const;
    },
    'Redis, encrypted': async () => {
      const name = randomText(6);
      const options = { name, key: KEY };
      return [await redisStore(redis.url, options), await redisStore(redis.url, options)] as const;
    },
  }),
};

describe.each(Object.entries(STORES))('a shared store: %s', (_, open) => {
  let one: SharedStore;
  let two: SharedStore;
  beforeAll(async () => {
    [one, two] = await open();
  });
  afterAll(async () => {
    await one.close();
    await two.close();
  });

  test('what one process stores, the other reads, until its time is over', async () => {
    await one.set('a', 'ä\n', { ttlMs: 60_000 });
    await one.set('b', 'short', { ttlMs: 30 });
    expect(await two.get('a')).toBe('ä\n');
    await wait(50);
    expect([await two.get('b'), await two.take('b'), await two.get('none')]).toEqual([undefined, undefined, undefined]);
  });

  test('of several who take a value, one gets it', async () => {
    await one.set('once', 'v', { ttlMs: 60_000 });
    const taken = await Promise.all(Array.from({ length: 20 }, (_, at) => (at % 2 ? one : two).take('once')));
    expect(taken.filter((value) => value !== undefined)).toEqual(['v']);
  });

  test('of several who add a value, one does', async () => {
    const added = await Promise.all(
      Array.from({ length: 10 }, (_, at) => (at % 2 ? one : two).add('own', `${at}`, 60_000)),
    );
    expect(added.filter(Boolean)).toHaveLength(1);
    expect([await one.delete('own'), await two.delete('own')]).toEqual([true, false]);
  });

  test('a lifetime can be extended, and a missing value cannot be brought back', async () => {
    await one.set('live', 'v', { ttlMs: 60 });
    await two.touch('live', 60_000);
    await two.touch('missing', 60_000);
    await wait(80);
    expect([await one.get('live'), await one.get('missing')]).toEqual(['v', undefined]);
  });

  test('the oldest values of a group give way, by number and by bytes', async () => {
    const bounds = [{ group: 'g', max: 3 }];
    for (const key of ['k1', 'k2', 'k3', 'k4'])
      await (key === 'k2' ? two : one).set(key, key, { ttlMs: 60_000, bounds });
    expect(await Promise.all(['k1', 'k2', 'k3', 'k4'].map((key) => two.get(key)))).toEqual([
      undefined,
      'k2',
      'k3',
      'k4',
    ]);
    // Replacing a value does not make it count twice.
    for (let at = 0; at < 5; at++) await one.set('k4', `${at}`, { ttlMs: 60_000, bounds });
    expect(await one.get('k2')).toBe('k2');
    const inBytes = [{ group: 'h', max: 100, maxBytes: 10_000 }];
    for (const key of ['b1', 'b2', 'b3']) await one.set(key, 'x'.repeat(3_000), { ttlMs: 60_000, bounds: inBytes });
    await one.set('b4', 'x'.repeat(6_000), { ttlMs: 60_000, bounds: inBytes });
    expect(await Promise.all(['b1', 'b2', 'b4'].map(async (key) => (await two.get(key))?.length))).toEqual([
      undefined,
      undefined,
      6_000,
    ]);
  });

  test('a bucket is the same for both processes', async () => {
    const bucket = { size: 3, perSecond: 10 };
    const waits = [];
    for (const store of [one, two, one, two]) waits.push(await store.consume('bucket', bucket));
    expect(waits.slice(0, 3)).toEqual([0, 0, 0]);
    expect(waits[3]).toBeGreaterThan(20);
    expect(waits[3]).toBeLessThanOrEqual(100);
    await wait(Number(waits[3]) + 5);
    expect(await one.consume('bucket', bucket)).toBe(0);
  });

  test('secrets are the same in both processes, and differ by purpose', async () => {
    expect(await one.secret('a')).toBe(await two.secret('a'));
    expect(await one.secret('a')).not.toBe(await two.secret('b'));
    expect((await one.secret('a')).length).toBeGreaterThanOrEqual(43);
  });

  test('messages arrive once, in order, at those who listen', async () => {
    const got: string[] = [];
    const stop = await two.subscribe('c', (message) => got.push(message));
    await expect.poll(() => one.listeners('c')).toBe(1);
    const receivers = [];
    for (let at = 0; at < 50; at++) receivers.push(await one.publish('c', `m${at}`));
    expect(new Set(receivers)).toEqual(new Set([1]));
    await expect.poll(() => got).toEqual(Array.from({ length: 50 }, (_, at) => `m${at}`));
    stop();
    await expect.poll(() => one.listeners('c')).toBe(0);
    expect(await one.publish('c', 'nobody')).toBe(0);
  });

  test('it can be reached', async () => {
    await expect(one.ping()).resolves.toBeUndefined();
  });
});

describe.each([['alone', undefined] as const, ...Object.entries(STORES)])('what is kept: %s', (_, open) => {
  let stores: readonly [SharedStore, SharedStore] | undefined;
  beforeAll(async () => {
    stores = await open?.();
  });
  afterAll(async () => {
    for (const store of stores ?? []) await store.close();
  });
  /** What both processes have: alone, it is one process. */
  function both<T>(make: () => T, share: (store: SharedStore) => T): readonly [T, T] {
    if (!stores) {
      const one = make();
      return [one, one];
    }
    return [share(stores[0]), share(stores[1])];
  }

  test('confirmation tokens: valid once, for one purpose; callers lose their own oldest', async () => {
    const options = { ttlMs: 60_000, maxPending: 100, maxPendingPerCaller: 3, clock: { now: Date.now } };
    const [one, two] = both(
      () => new MemoryTokens(options),
      (store) => sharedTokens(store, { ...options, name: 'a' }),
    );
    const token = await one.issue({ purpose: 'p', caller: 'ada' });
    expect(token).toMatch(/^[\w-]{16}$/);
    expect(await two.redeem(token, 'other')).toBe(false);
    expect(await Promise.all([one.redeem(token, 'p'), two.redeem(token, 'p'), two.redeem(token, 'p')])).toEqual(
      expect.arrayContaining([true, false, false]),
    );
    const mine = await two.issue({ purpose: 'mine', caller: 'ada' });
    const flood = [];
    for (let at = 0; at < 5; at++) flood.push(await one.issue({ purpose: `${at}`, caller: 'eve' }));
    const redeemed = [];
    for (const [at, each] of flood.entries()) redeemed.push(await two.redeem(each, `${at}`));
    expect(redeemed).toEqual([false, false, true, true, true]);
    expect(await one.redeem(mine, 'mine')).toBe(true);
  });

  test('a token of another asker with the same name for its tool is not valid', async () => {
    if (!stores) return;
    const [one, two] = stores;
    const options = { ttlMs: 60_000, maxPendingPerCaller: 3 };
    const token = await sharedTokens(one, { ...options, name: 'a' }).issue({ purpose: 'p', caller: 'ada' });
    expect(await sharedTokens(two, { ...options, name: 'b' }).redeem(token, 'p')).toBe(false);
  });

  test('results: for their caller, bounded in number, expiring', async () => {
    const made = memoryResultStore({ maxPerCaller: 2, idleMs: 200, maxAgeMs: 60_000 });
    const [one, two] = both<ResultStore>(
      () => made,
      (store) => made.sharedBy?.(store) ?? made,
    );
    const kept = (text: string) => ({ text, kind: 'text' as const, mimeType: 'text/plain', tool: 'list' });
    const first = (await one.put('ada', kept('first'))) ?? '';
    const other = (await two.put('bob', kept('other'))) ?? '';
    expect(await two.get('ada', first)).toEqual(kept('first'));
    expect(await one.get('ada', other)).toEqual({ missing: 'unknown' });
    expect(await one.get('bob', first)).toEqual({ missing: 'unknown' });
    const second = (await one.put('ada', kept('second'))) ?? '';
    const third = (await two.put('ada', kept('third'))) ?? '';
    expect(await two.get('ada', first)).toEqual({ missing: 'expired', tool: 'list' });
    expect([await two.get('ada', second), await one.get('ada', third)]).toEqual([kept('second'), kept('third')]);
    expect(await one.get('bob', other)).toEqual(kept('other'));
    await wait(260);
    expect(await one.get('ada', second)).toEqual({ missing: 'expired', tool: 'list' });
  });

  test('replies of runs: taken once', async () => {
    const [one, two] = both(
      () => new MemoryReplies(),
      (store) => sharedReplies(store, 'server'),
    );
    const replies = new Map([['call', [{ json: '{"a":1}' }, { failure: { message: 'no', status: 500 } }]]]);
    expect(await one.keep('run', replies)).toBe(true);
    expect(await two.take('run')).toEqual(replies);
    expect(await one.take('run')).toEqual(new Map());
    expect(await one.keep('run', new Map([['call', [{ json: 'x'.repeat(4_000_001) }]]]))).toBe(false);
  });

  test('cursors: of one process for the other, for their caller', async () => {
    const options = { ttlMs: 60_000 };
    const [one, two] = both(
      () => createCursors(options),
      (store) => createCursors({ ...options, key: () => store.secret('paging') }),
    );
    const owner = { tool: 'list', arguments: { a: 1 }, caller: 'ada' };
    const cursor = await one.seal({ skip: 3 }, owner);
    expect(await two.open(cursor, owner)).toEqual({ skip: 3 });
    expect(await two.open(cursor, { ...owner, caller: 'eve' })).toHaveProperty('problem');
  });

  test('cached results: until their time is over, and not those of another cache', async () => {
    const shared = (sharedAs: string) => (store: SharedStore) => memoryStore({ sharedAs }).sharedBy?.(store);
    const [one, two] = both(() => memoryStore(), shared('a') as () => ReturnType<typeof memoryStore>);
    await one.set('k', { content: [{ type: 'text', text: 'é' }] }, 60_000);
    await one.set('short', 1, 30);
    expect(await two.get('k')).toEqual({ content: [{ type: 'text', text: 'é' }] });
    await wait(50);
    expect(await two.get('short')).toBeUndefined();
    if (stores) expect(await shared('b')(stores[0])?.get('k')).toBeUndefined();
  });

  test('rate limits: all processes together', async () => {
    const made = tokenBucket({ size: 2, perSecond: 0.5, sharedAs: 'a' });
    const [one, two] = both(
      () => made,
      (store) => made.sharedBy?.(store) ?? made,
    );
    await one.consume('ada');
    await two.consume('ada');
    await expect(one.consume('ada')).rejects.toEqual({
      msBeforeNext: expect.toSatisfy((ms) => ms > 1_000 && ms <= 2_000),
    });
    await expect(two.consume('bob')).resolves.toBeUndefined();
  });

  test('logins of callers: one process at a time changes one', async () => {
    const [one, two] = both(
      () => memoryTokenStore(),
      (store) => sharedTokenStore(store) as ReturnType<typeof memoryTokenStore>,
    );
    const key = { issuer: 'https://login.test', audience: 'https://api.test', account: 'ada' };
    const record = {
      accessToken: '0',
      issuedAt: 0,
      scopes: [],
      clientId: 'c',
      clientAuthentication: 'none' as const,
      tokenEndpoint: 'https://login.test/token',
    };
    expect(await one.get(key)).toBeUndefined();
    await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        (at % 2 ? one : two).update(key, async (current = record) => {
          await wait(2);
          return { ...current, accessToken: String(Number(current.accessToken) + 1) };
        }),
      ),
    );
    expect(await two.get(key)).toMatchObject({ accessToken: '8' });
    await expect(one.update(key, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect([await two.delete(key), await one.delete(key), await one.get(key)]).toEqual([true, false, undefined]);
  });

  test('logins of the OAuth proxy: read, taken once, deleted', async () => {
    const [one, two] = await Promise.all(
      both<OAuthProxyStore | Promise<OAuthProxyStore>>(
        () => memoryOAuthStore(),
        (store) => sharedOAuthStore(store, SECRET),
      ),
    );
    if (stores) {
      const other = sharedOAuthStore(stores[1], `${SECRET} of another`);
      await expect(other).rejects.toMatchObject({
        code: 'STORE_DIFFERS',
        message: expect.not.stringContaining(SECRET),
      });
    }
    await one.put('code:a', 'v', 60);
    await one.put('grant:a', 'w', 60);
    expect([await two.get('code:a'), await two.take('code:a'), await one.take('code:a')]).toEqual([
      'v',
      'v',
      undefined,
    ]);
    await two.delete('grant:a');
    expect(await one.get('grant:a')).toBeUndefined();
  });
});
