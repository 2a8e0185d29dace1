import { byteLength } from './byte-length.ts';

/**
 * The longest prefix of a text with at most `maxBytes` in UTF-8, ending between two user-perceived characters (grapheme
 * clusters, UAX #29).
 */
export function cutText(text: string, maxBytes: number): string {
  let end = 0;
  let bytes = 0;
  while (end < text.length) {
    const char = String.fromCodePoint(text.codePointAt(end) ?? 0);
    bytes += byteLength(char);
    if (bytes > maxBytes) return text.slice(0, graphemeStart(text, end));
    end += char.length;
  }
  return text;
}

/** The start of the grapheme at `index`; looks only nearby, because graphemes are short. */
function graphemeStart(text: string, index: number): number {
  const from = Math.max(0, index - 64);
  const near = new Intl.Segmenter('en').segment(text.slice(from, index + 64));
  const start = from + (near.containing(index - from)?.index ?? index - from);
  return start > from || from === 0 ? start : index;
}

/** The number of characters in a text for notes: code points. */
export function characterCount(text: string): number {
  let pairs = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const next = text.charCodeAt(at + 1);
    if (code >= 0xd800 && code <= 0xdbff && next >= 0xdc00 && next <= 0xdfff) {
      pairs++;
      at++;
    }
  }
  return text.length - pairs;
}
