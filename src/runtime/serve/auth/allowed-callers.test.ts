import { expect, test } from 'vitest';
import { allowedCallers } from './allowed-callers.ts';

const caller = (claims: Readonly<Record<string, unknown>>) => ({ issuer: 'i', subject: 's', scopes: [], claims });

test('a claim may be named by a path or by a URL, also behind an OAuth proxy', () => {
  const allowed = allowedCallers({ 'https://acme.example/groups': ['team-*'], 'user.login': ['ada'] });
  const groups = { 'https://acme.example/groups': ['other', 'team-a'] };
  expect(allowed(caller({ ...groups, user: { login: 'ada' } }))).toBe(true);
  expect(allowed(caller({ upstream: { ...groups, user: { login: 'ada' } } }))).toBe(true);
  expect(allowed(caller({ 'https://acme.example/groups': ['other'], user: { login: 'ada' } }))).toBe(false);
  expect(allowed(caller({ ...groups, user: { login: 'bob' } }))).toBe(false);
  expect(allowed(caller({}))).toBe(false);
});
