// Text that models read but people do not see: a way to hide instructions (tag characters, zero widths), or to show
// another text than the actual one (directions). Unicode 17 §23.

/**
 * Invisible characters: the first and last of each range, and a name for them. Does not include line breaks and tabs.
 */
const RANGES: readonly (readonly [first: number, last: number, name: string])[] = [
  [0x00, 0x08, 'control character'],
  [0x0b, 0x0c, 'control character'],
  [0x0e, 0x1a, 'control character'],
  [0x1b, 0x1b, 'escape character'],
  [0x1c, 0x1f, 'control character'],
  [0x7f, 0x9f, 'control character'],
  [0xad, 0xad, 'soft hyphen'],
  [0x34f, 0x34f, 'grapheme joiner'],
  [0x61c, 0x61c, 'direction mark'],
  [0x17b4, 0x17b5, 'invisible vowel'],
  [0x180b, 0x180d, 'variation selector'],
  [0x180e, 0x180e, 'vowel separator'],
  [0x180f, 0x180f, 'variation selector'],
  [0x200b, 0x200b, 'zero-width space'],
  [0x200c, 0x200d, 'zero-width joiner'],
  [0x200e, 0x200f, 'direction mark'],
  [0x202a, 0x202e, 'direction override'],
  [0x2060, 0x2064, 'invisible operator'],
  [0x2066, 0x2069, 'direction override'],
  [0x206a, 0x206f, 'format character'],
  [0x3164, 0x3164, 'filler'],
  [0xfe00, 0xfe0f, 'variation selector'],
  [0xfeff, 0xfeff, 'zero-width space'],
  [0xffa0, 0xffa0, 'filler'],
  [0xfff9, 0xfffb, 'annotation character'],
  [0x1bca0, 0x1bca3, 'format character'],
  [0x1d173, 0x1d17a, 'format character'],
  [0xe0000, 0xe007f, 'tag character'],
  [0xe0080, 0xe00ff, 'format character'],
  [0xe0100, 0xe01ef, 'variation selector'],
  [0xe01f0, 0xe0fff, 'format character'],
];

const escapeOf = (code: number): string => `\\u{${code.toString(16)}}`;
const CLASS = `[${RANGES.map(([first, last]) => `${escapeOf(first)}-${escapeOf(last)}`).join('')}]`;
const HIDDEN = new RegExp(CLASS, 'gu');
const MAY_BE_HIDDEN = new RegExp(CLASS, 'u');
const UNUSUAL = /[^\n\r\t\u0020-\u007e]/;

/**
 * Removes invisible characters. Joiners that are needed are kept (emoji, Arabic and Indic scripts), and so is a
 * variation selector after a character that it varies.
 */
export function visibleText(text: string): string {
  return withHidden(text, () => '');
}

/** Replaces each invisible character with an escape: `\u{202e}`. */
export function escapedText(text: string): string {
  return withHidden(text, (char) => escapeOf(codeOf(char)));
}

/** Replaces each invisible character. */
export function withHidden(text: string, replace: (hidden: string) => string): string {
  // Almost no text has any, and most text is ASCII, which is cheaper to test.
  if (!UNUSUAL.test(text) || !MAY_BE_HIDDEN.test(text)) return text;
  return text.replace(HIDDEN, (char, at: number) => (isLegitimate(char, text, at) ? char : replace(char)));
}

/** Describes the invisible characters in a text, with counts: `3 tag characters (U+E0041)`. */
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
  // The two code units of a character beyond U+FFFF; the expressions look at the last and the next character.
  const before = text.slice(Math.max(0, at - 4), at);
  const after = text.slice(at + char.length, at + char.length + 2);
  if (char === ZWJ && EMOJI_BEFORE.test(before) && EMOJI_AFTER.test(after)) return true;
  if (char === ZWJ || char === ZWNJ) return JOINED_BEFORE.test(before) && JOINED_AFTER.test(after);
  // Text and emoji style: also for digits, as keycaps.
  if (code === 0xfe0e || code === 0xfe0f) return /\p{Emoji}$/u.test(before);
  if (code >= 0xe0100 || (code >= 0xfe00 && code <= 0xfe0d)) return /\p{Script=Han}$/u.test(before);
  return code >= 0x180b && code <= 0x180f && /\p{Script=Mongolian}$/u.test(before);
}

const EMOJI_BEFORE = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier})\ufe0f?$/u;
const EMOJI_AFTER = /^\p{Extended_Pictographic}/u;
/** Scripts whose letters change their form when joined. */
const JOINING =
  '\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Nko}\\p{Script=Mongolian}\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Gurmukhi}\\p{Script=Gujarati}\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}\\p{Script=Malayalam}\\p{Script=Sinhala}\\p{Script=Khmer}\\p{Script=Myanmar}\\p{Script=Tibetan}';
const JOINED_BEFORE = new RegExp(`[${JOINING}]\\p{M}?$`, 'u');
const JOINED_AFTER = new RegExp(`^(?:[${JOINING}]|[\\s\\p{P}]|$)`, 'u');

const nameOf = (code: number): string => RANGES.find(([, last]) => code <= last)?.[2] ?? 'format character';
