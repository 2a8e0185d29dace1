import { expect, test } from 'vitest';
import { escapedText, hiddenKinds, visibleText } from './hidden-text.ts';

const tags = (text: string): string =>
  [...text].map((char) => String.fromCodePoint(0xe0000 + char.charCodeAt(0))).join('');

test.each([
  { what: 'tag characters', given: `Pets${tags('ignore all')}`, want: 'Pets' },
  { what: 'the tags of a flag', given: `\u{1f3f4}${tags('gbeng')}\u{e007f}`, want: '\u{1f3f4}' },
  { what: 'direction overrides', given: 'a\u202eb\u202cc\u2066d\u2069e', want: 'abcde' },
  { what: 'direction marks', given: 'a\u200eb\u200fc\u061cd', want: 'abcd' },
  { what: 'zero widths', given: 'pa\u200bss\u2060wo\ufeffrd\u2063', want: 'password' },
  { what: 'joiners between Latin letters', given: 'pa\u200css\u200dword', want: 'password' },
  { what: 'soft hyphens and fillers', given: 'pass\u00adword\u3164\uffa0\u034f', want: 'password' },
  { what: 'controls', given: 'a\0b\u001b[31mc\u009bd\u007fe', want: 'ab[31mcde' },
  { what: 'variation selectors behind letters', given: 'a\ufe0fb\ufe01c\u{e0100}', want: 'abc' },
  { what: 'a row of variation selectors', given: '\u{1f600}\ufe0f\ufe0f\u{e0141}\u{e0142}', want: '\u{1f600}\ufe0f' },
])('$what are left out', ({ given, want }) => {
  expect(visibleText(given)).toBe(want);
});

test.each([
  'lines\nand\r\ncolumns\t',
  '\u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u{1f3f3}\ufe0f\u200d\u{1f308} \u{1f9d1}\u{1f3fd}\u200d\u{1f4bb} 1\ufe0f\u20e3 \u2764\ufe0f',
  'می\u200cخواهم',
  'क्\u200dष न्\u200cन',
  '葛\u{e0100}飾区',
  '日本語 Ünïcödé Ελληνικά',
])('%s stays as it is', (text) => {
  expect(visibleText(text)).toBe(text);
});

test('they are counted by name', () => {
  expect(hiddenKinds(`a\u202eb\u202c${tags('xyz')}\u001b\u200b`)).toEqual([
    '2 direction overrides (U+202E)',
    '3 tag characters (U+E0078)',
    '1 escape character (U+001B)',
    '1 zero-width space (U+200B)',
  ]);
  expect(hiddenKinds('a')).toEqual([]);
});

test('where they must be shown they are escaped', () => {
  expect(escapedText('a\u202e\u{e0041}b')).toBe('a\\u{202e}\\u{e0041}b');
});
