import { expect, test } from 'vitest';
import { patternText } from './pattern-text.ts';

test.each([
  ['^[A-Z]{3}-\\d{4}$', {}],
  ['^(?:cat|dog)s?$', { random: () => 0.9 }],
  ['^[^\\s@]+@[^\\s@]+\\.[a-z]{2,}$', { longer: 9 }],
  ['^\\p{Lu}\\p{Ll}+$', {}],
  ['^[\\u4e00-\\u4e03]+$', {}],
  ['^\\x41\\t\\.\\/$', {}],
  ['^\\w+(?:\\.\\w+)*$', { longer: 5 }],
  ['^$', {}],
  ['a|b', { random: () => 0.5 }],
])('a text for %s', (pattern, options) => {
  const text = patternText(pattern, options);
  expect(text).toBeDefined();
  expect(text).toMatch(new RegExp(pattern, 'u'));
});

test.each(['(a)\\1', '^\\p{Script=Greek}$', '^a{3000}$', '[]'])('none for %s', (pattern) => {
  expect(patternText(pattern)).toBeUndefined();
});

test('longer texts, if the pattern allows them', () => {
  expect(patternText('^a+$')).toBe('a');
  expect(patternText('^a+$', { longer: 4 })).toBe('aaaaa');
  expect(patternText('^a{2,3}b*$', { longer: 4 })).toBe('aaabbb');
});
