import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byteLength, fitsIn } from './byte-length.ts';
import { characterCount, cutText } from './cut-text.ts';

describe('a text is cut between characters', () => {
  const table: readonly [text: string, maxBytes: number, want: string][] = [
    ['hello', 5, 'hello'],
    ['hello', 4, 'hell'],
    ['€€', 5, '€'],
    ['a😀', 4, 'a'],
    ['ae\u0301x', 3, 'a'],
    ['a👩‍👩‍👧', 12, 'a'],
    ['a\r\nb', 2, 'a'],
    ['abc', 0, ''],
  ];
  test.each(table)('%j in %i bytes', (text, maxBytes, want) => {
    expect(cutText(text, maxBytes)).toBe(want);
  });
});

test('bytes are those of UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, limit) => {
      const bytes = new TextEncoder().encode(text).length;
      expect(byteLength(text)).toBe(bytes);
      expect(fitsIn(limit, text)).toBe(bytes <= limit);
      expect(byteLength(cutText(text, limit))).toBeLessThanOrEqual(limit);
      expect(characterCount(text)).toBe([...text].length);
    }),
  );
});
