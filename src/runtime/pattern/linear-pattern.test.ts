import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../property-runs.test.fixture.ts';
import { linearVerdict } from './judge-pattern.ts';

/** What the linear engine says; `undefined` where it does not know the pattern. */
function linear(pattern: string, text: string): boolean | undefined {
  const verdict = linearVerdict(pattern);
  return verdict && RE2JS.compile(verdict.written).matcher(text).find();
}

describe('the linear engine says what ECMA-262 says', () => {
  const table: readonly (readonly [pattern: string, ...texts: string[]])[] = [
    ['^a$', 'a', 'a\n', '\na', 'A'],
    ['^.$', '\n', '\r', '\u2028', '\u2029', '\u0085', 'é', '\u{1F600}'],
    ['^\\s$', ' ', '\u00a0', '\ufeff', '\u2028', '\v', '\u180e', 'a'],
    ['^\\S$', ' ', '\u00a0', '\ufeff', 'a', '\u{1F600}'],
    ['^[\\s\\d_-]+$', ' 1_-', '\u3000', 'a'],
    ['^[^\\s]+$', 'abc', 'a\u00a0'],
    ['^\\w+$', 'az_09', 'é', 'ſ', '\u212a'],
    ['^\\W$', 'é', 'a', '-'],
    ['^[\\W\\d]$', '5', 'a', 'é'],
    ['^\\D[\\D]$', 'ab', '1a', 'a1'],
    ['\\bfoo\\b', 'a foo b', 'foobar', 'éfoo', 'foo_'],
    ['\\Boo', 'foo', 'oo'],
    ['^\\u{1F600}+$', '\u{1F600}\u{1F600}', '\ud83d'],
    ['^\\ud83d\\ude00$', '\u{1F600}'],
    ['^[\\u{1F600}-\\u{1F64F}]$', '\u{1F610}', 'a'],
    ['^\\x41\\u0042\\cJ\\t\\0$', 'AB\n\t\0'],
    ['^[\\b]$', '\b', 'b'],
    ['^[a\\-z]$', '-', 'm', 'a'],
    ['^[-a]$', '-', 'a', 'b'],
    ['^[a-]$', '-', 'a', 'b'],
    ['^[\\]\\\\^&|~]$', ']', '\\', '^', '&', '|', '~', 'a'],
    ['^[[:a&&b]+$', '[', ':a', '&', ']'],
    ['^[^]$', '\n', 'a', ''],
    ['^[]$', '', 'a'],
    ['^\\p{Lu}\\P{Lu}[\\p{Nd}]$', 'Éé5', 'éÉ5'],
    ['^(?:a|)+b$', 'b', 'aab', 'ab '],
    ['^(?<year>\\d{4})-(\\d{2})$', '2024-05', '2024-5'],
    ['a{2,3}?b', 'aab', 'ab', 'aaaab'],
    ['^a{0}$', '', 'a'],
    ['^a{3,4000}$', 'aa', 'a'.repeat(2048)],
    ['^(?:(?:^a)|b)*$', 'abb', 'ba'],
    ['^\\/\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\$\\^$', '/.*+?()[]{}|$^'],
    ['^$|^x', '', 'xa', 'a'],
    ['x*', '', 'y'],
  ];
  test.each(table)('%s', (pattern, ...texts) => {
    const native = new RegExp(pattern, 'u');
    expect(texts.map((text) => linear(pattern, text))).toEqual(texts.map((text) => native.test(text)));
  });

  test.each([
    'a(?=b)',
    'a(?!b)',
    '(?<=a)b',
    '(a)\\1',
    '(?<n>a)\\k<n>',
    '\\p{Script=Greek}',
    '\\ud83d',
    '(?:a{999}){3}',
  ])('%s it does not know', (pattern) => expect(linearVerdict(pattern)).toBeUndefined());

  test('also of patterns and texts that were made up', () => {
    const pattern = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(
          'a',
          'b',
          '.',
          '[ab]',
          '\\w',
          '[^b]',
          '\\d',
          '\\s',
          '(?:)',
          '^',
          '$',
          '\\b',
          '\\B',
          '[^\\s]',
          'é',
        ),
        fc.tuple(tie('pattern'), tie('pattern')).map(([one, two]) => one + two),
        fc.tuple(tie('pattern'), tie('pattern')).map(([one, two]) => `(${one}|${two})`),
        fc
          .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '*?', '{2,}', '{0,3}', '{2}', '{1,2}?'))
          .map(([one, quantifier]) => `(?:${one})${quantifier}`),
      ),
    })).pattern;
    // Without characters beyond U+FFFF: V8 finds `\\B` between their halves, where ECMA-262 §22.2.7.2 does not look.
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', '1', ' ', '\n', 'é', '\u00a0'),
      maxLength: 8,
    });
    fc.assert(
      fc.property(pattern, fc.array(text, { minLength: 3, maxLength: 3 }), (written, texts) => {
        const native = new RegExp(written, 'u');
        for (const one of texts) expect(linear(written, one) ?? native.test(one)).toBe(native.test(one));
      }),
      { numRuns: propertyRuns(3_000) },
    );
  });
});
