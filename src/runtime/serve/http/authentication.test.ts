import { afterEach, expect, test, vi } from 'vitest';
import type { AuthFetch } from '../auth/auth-fetch.ts';
import { authentication } from './authentication.ts';

afterEach(() => void vi.useRealTimers());

test('a provider that is down is asked again after ten seconds, and opened once when it is back', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  let asked = 0;
  let isDown = true;
  const issuer = 'https://login.example.com';
  const fetch: AuthFetch = async () => {
    asked += 1;
    if (isDown) throw new Error('down');
    return new Response(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` }));
  };
  const auth = { provider: issuer, publicUrl: 'https://mcp.example.com/mcp', fetch };
  const open = authentication({ token: undefined, auth, flags: false, onError: () => {} }, { name: 'test' });
  const attempt = async () =>
    open?.()
      .then(() => 'open')
      .catch(() => 'failed');
  expect([await attempt(), await attempt()]).toEqual(['failed', 'failed']);
  const first = asked;
  isDown = false;
  vi.setSystemTime(Date.now() + 5_000);
  expect([await attempt(), asked]).toEqual(['failed', first]);
  vi.setSystemTime(Date.now() + 6_000);
  expect(await attempt()).toBe('open');
  const opened = asked;
  vi.setSystemTime(Date.now() + 60_000);
  expect([await attempt(), await attempt(), asked]).toEqual(['open', 'open', opened]);
});
