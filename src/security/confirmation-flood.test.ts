import { describe, expect, test } from 'vitest';
import { testClock } from '../runtime/middleware/clock.test.fixture.ts';
import { Confirmations } from '../runtime/middleware/confirmation/confirmations.ts';
import { Tokens } from '../runtime/middleware/confirmation/tokens.ts';
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

  test('of one caller give way to its own', () => {
    const tokens = new Tokens({ ...options, clock: testClock() });
    const given = Array.from({ length: 6 }, (_, id) => tokens.issue({ purpose: `${id}`, caller: 'eve' }));
    expect(given.map((token, id) => tokens.redeem(token, `${id}`))).toEqual([false, false, true, true, true, true]);
  });

  test('of all callers are bounded: the one that has the most gives way', () => {
    const tokens = new Tokens({ ...options, clock: testClock() });
    const issue = (caller: string, count: number) =>
      Array.from({ length: count }, (_, id) => ({ caller, purpose: `${caller}${id}` })).map((given) => ({
        ...given,
        token: tokens.issue(given),
      }));
    const [ada, eve, bob] = [issue('ada', 2), issue('eve', 4), issue('bob', 1)];
    const good = [...ada, ...eve, ...bob].filter(({ token, purpose }) => tokens.redeem(token, purpose));
    expect(good.map(({ purpose }) => purpose)).toEqual(['ada0', 'ada1', 'eve1', 'eve2', 'eve3', 'bob0']);
  });

  test('make room when they expire', () => {
    const clock = testClock();
    const tokens = new Tokens({ ...options, maxPending: 1, clock });
    tokens.issue({ purpose: 'a', caller: 'ada' });
    clock.advance(1000);
    const token = tokens.issue({ purpose: 'b', caller: 'bob' });
    expect(tokens.redeem(token, 'b')).toBe(true);
  });
});
