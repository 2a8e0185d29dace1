import { describe, expect, test } from 'vitest';
import { testClock } from '../runtime/middleware/clock.test.fixture.ts';
import { Confirmations } from '../runtime/middleware/confirmation/confirmations.ts';
import { MemoryTokens } from '../runtime/middleware/confirmation/tokens.ts';
import type { CallContext, ToolResult } from '../runtime/provider.ts';

const caller = (id: string, claims = {}) => ({ caller: { id, scopes: [], claims } });

const ask = (confirmations: Confirmations, id: number, context: Partial<CallContext>, token?: string) =>
  confirmations.withheld(
    { tool: 'delete', arguments: { id }, message: 'Deletes.', argument: 'confirm', token },
    context,
  );
const tokenIn = (result: ToolResult | undefined) =>
  /"confirm":"([\w-]{16})"/.exec(JSON.stringify(result).replaceAll('\\', ''))?.[1];

describe('a flood of unconfirmed calls', () => {
  test.each<{ who: string; victim: Partial<CallContext>; flood: (call: number) => Partial<CallContext> }>([
    { who: 'another caller', victim: caller('ada'), flood: () => caller('eve') },
    { who: 'another caller with ever new claims', victim: caller('ada'), flood: (jti) => caller('eve', { jti }) },
    { who: 'another session', victim: { session: 'a' }, flood: () => ({ session: 'e' }) },
    { who: 'a caller that nobody knows', victim: caller('ada'), flood: () => ({}) },
  ])('of $who leaves a token good', async ({ victim, flood }) => {
    const confirmations = new Confirmations({ unasked: 'token' });
    const token = tokenIn(await ask(confirmations, 1, victim));
    expect(token).toBeDefined();
    for (let call = 0; call < 3_000; call++) await ask(confirmations, call, flood(call));
    expect(await ask(confirmations, 1, victim, token)).toBeUndefined();
  });
});

describe('tokens', () => {
  const options = { ttlMs: 1000, maxPending: 6, maxPendingPerCaller: 4 };

  test('of one caller give way to its own', async () => {
    const tokens = new MemoryTokens({ ...options, clock: testClock() });
    const given = await Promise.all(
      Array.from({ length: 6 }, (_, id) => tokens.issue({ purpose: `${id}`, caller: 'eve' })),
    );
    const redeemed = await Promise.all(given.map((token, id) => tokens.redeem(token, `${id}`)));
    expect(redeemed).toEqual([false, false, true, true, true, true]);
  });

  test('of all callers are bounded: the one that has the most gives way', async () => {
    const tokens = new MemoryTokens({ ...options, clock: testClock() });
    const issue = async (caller: string, count: number) => {
      const given = [];
      for (let id = 0; id < count; id++) {
        const purpose = `${caller}${id}`;
        given.push({ purpose, token: await tokens.issue({ caller, purpose }) });
      }
      return given;
    };
    const all = [...(await issue('ada', 2)), ...(await issue('eve', 4)), ...(await issue('bob', 1))];
    const good = [];
    for (const one of all) if (await tokens.redeem(one.token, one.purpose)) good.push(one);
    expect(good.map(({ purpose }) => purpose)).toEqual(['ada0', 'ada1', 'eve1', 'eve2', 'eve3', 'bob0']);
  });

  test('make room when they expire', async () => {
    const clock = testClock();
    const tokens = new MemoryTokens({ ...options, maxPending: 1, clock });
    await tokens.issue({ purpose: 'a', caller: 'ada' });
    clock.advance(1000);
    const token = await tokens.issue({ purpose: 'b', caller: 'bob' });
    expect(await tokens.redeem(token, 'b')).toBe(true);
  });
});
