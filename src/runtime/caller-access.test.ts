import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { accessOf, withAccess } from './caller-access.ts';

const access = { expiresAt: undefined, token: async () => 'the-token-of-ada', challenge: () => {} };
const caller = withAccess({ id: 'i ada', scopes: ['read'], claims: { sub: 'ada' } }, access);

test('a caller’s access is found, and is not a visible property', async () => {
  expect(await accessOf(caller)?.token()).toBe('the-token-of-ada');
  expect(Reflect.ownKeys(caller).filter((key) => Object.keys(caller).every((name) => name !== key))).toHaveLength(1);
  for (const shown of [JSON.stringify(caller), inspect(caller, { showHidden: true, depth: 9 }), String(caller)]) {
    expect(shown).not.toContain('the-token-of-ada');
  }
  expect(inspect(caller)).not.toMatch(/access|token/i);
});

test('copies do not have it: neither spreads nor clones nor JSON', () => {
  for (const copy of [{ ...caller }, structuredClone(caller), JSON.parse(JSON.stringify(caller))]) {
    expect(copy).toEqual({ id: 'i ada', scopes: ['read'], claims: { sub: 'ada' } });
    expect(accessOf(copy)).toBeUndefined();
  }
  expect(accessOf(undefined)).toBeUndefined();
});
