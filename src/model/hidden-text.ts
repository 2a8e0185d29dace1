// Text that a model reads and no person sees: a way to give instructions behind the reader's back (tag characters, zero
// widths) or to show him another text than the one that is there (directions). Unicode 17 §23.

/** Controls but those of lines and columns, soft hyphens, fillers, zero widths, directions, variation selectors, tags. */
const HIDDEN =
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

const MAY_BE_HIDDEN = new RegExp(HIDDEN.source, 'u');

/**
 * The text without what no reader sees. Joiners stay where they join (emoji, Arabic and Indic scripts), a variation
 * selector behind the one character that it varies.
 */
export function visibleText(text: string): string {
  return withHidden(text, () => '');
}

/** The text with an escape in the place of each character that no reader sees: `\u{202e}`. */
export function escapedText(text: string): string {
  return withHidden(text, (char) => `\\u{${codeOf(char).toString(16)}}`);
}

/** The text with something else in the place of each character that no reader sees. */
export function withHidden(text: string, replace: (hidden: string) => string): string {
  // Nearly every text has none.
  if (!MAY_BE_HIDDEN.test(text)) return text;
  return text.replace(HIDDEN, (char, at: number) => (isLegitimate(char, text, at) ? char : replace(char)));
}

/** What no reader sees in a text, counted, in words: `3 tag characters (U+E0041)`. */
export function hiddenKinds(text: string): readonly string[] {
  const found = new Map<string, { count: number; first: string }>();
  withHidden(text, (char) => {
    const name = nameOf(codeOf(char));
    const known = found.get(name);
    if (known) known.count++;
    else found.set(name, { count: 1, first: char });
    return '';
  });
  return [...found].map(([name, { count, first }]) => {
    const code = `U+${codeOf(first).toString(16).toUpperCase().padStart(4, '0')}`;
    return `${count} ${name}${count === 1 ? '' : 's'} (${code})`;
  });
}

const codeOf = (char: string): number => char.codePointAt(0) ?? 0;

const ZWNJ = '\u200c';
const ZWJ = '\u200d';

function isLegitimate(char: string, text: string, at: number): boolean {
  const code = codeOf(char);
  // The two code units of a character beyond U+FFFF; the expressions look at its last, and next, one as a whole.
  const before = text.slice(Math.max(0, at - 4), at);
  const after = text.slice(at + char.length, at + char.length + 2);
  if (char === ZWJ && EMOJI_BEFORE.test(before) && EMOJI_AFTER.test(after)) return true;
  if (char === ZWJ || char === ZWNJ) return JOINED_BEFORE.test(before) && JOINED_AFTER.test(after);
  // Text and emoji style: also of digits, for keycaps.
  if (code === 0xfe0e || code === 0xfe0f) return /\p{Emoji}$/u.test(before);
  if (code >= 0xe0100 || (code >= 0xfe00 && code <= 0xfe0d)) return /\p{Script=Han}$/u.test(before);
  return code >= 0x180b && code <= 0x180f && /\p{Script=Mongolian}$/u.test(before);
}

const EMOJI_BEFORE = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier})\ufe0f?$/u;
const EMOJI_AFTER = /^\p{Extended_Pictographic}/u;
/** Scripts whose letters have other forms where they are joined, or are kept from it. */
const JOINING =
  '\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Nko}\\p{Script=Mongolian}\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Gurmukhi}\\p{Script=Gujarati}\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}\\p{Script=Malayalam}\\p{Script=Sinhala}\\p{Script=Khmer}\\p{Script=Myanmar}\\p{Script=Tibetan}';
const JOINED_BEFORE = new RegExp(`[${JOINING}]\\p{M}?$`, 'u');
const JOINED_AFTER = new RegExp(`^(?:[${JOINING}]|[\\s\\p{P}]|$)`, 'u');

/** The first range that holds a code. */
const NAMES: readonly (readonly [last: number, name: string])[] = [
  [0x1a, 'control character'],
  [0x1b, 'escape character'],
  [0x9f, 'control character'],
  [0xad, 'soft hyphen'],
  [0x34f, 'grapheme joiner'],
  [0x61c, 'direction mark'],
  [0x17b5, 'invisible vowel'],
  [0x180d, 'variation selector'],
  [0x180e, 'vowel separator'],
  [0x180f, 'variation selector'],
  [0x200b, 'zero-width space'],
  [0x200d, 'zero-width joiner'],
  [0x200f, 'direction mark'],
  [0x202e, 'direction override'],
  [0x2064, 'invisible operator'],
  [0x2069, 'direction override'],
  [0x206f, 'format character'],
  [0x3164, 'filler'],
  [0xfe0f, 'variation selector'],
  [0xfeff, 'zero-width space'],
  [0xffa0, 'filler'],
  [0x1d17a, 'format character'],
  [0xe007f, 'tag character'],
  [0xe00ff, 'format character'],
  [0xe01ef, 'variation selector'],
];

const nameOf = (code: number): string => NAMES.find(([last]) => code <= last)?.[1] ?? 'format character';
