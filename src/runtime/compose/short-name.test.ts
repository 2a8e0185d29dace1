import { expect, test } from 'vitest';
import { shortName } from './short-name.ts';

const LONG = 'a'.repeat(61);

test.each([
  { given: 'git_list', want: 'git_list' },
  { given: 'a'.repeat(64), want: 'a'.repeat(64) },
])('a name of at most 64 characters stays: $given', ({ given, want }) => {
  expect(shortName(given)).toBe(want);
});

test('a longer name is cut to 64 characters, with a hash of the full name', () => {
  const one = shortName(`${LONG}_uno`);
  const two = shortName(`${LONG}_two_two`);
  expect(one).toMatch(/^a{56}_[a-z0-9]{7}$/);
  expect(one).toHaveLength(64);
  expect(one).not.toBe(two);
});

test('the hash is that of FNV-1a, so a name is the same in every release', () => {
  expect(shortName('x'.repeat(65))).toBe(`${'x'.repeat(56)}_1dznfyf`);
});
