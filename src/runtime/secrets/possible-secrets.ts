import { toBase64 } from '../text/base64.ts';
import { ENTITIES } from './spelling.ts';

/**
 * Returns which of the secrets a text may contain in an encoding that `spellingOf` finds. A quick check: the expression of
 * a secret takes longer to compile than most texts take to search. It may name some without reason, but misses none.
 */
export function possibleSecrets(secrets: readonly string[]): (text: string) => readonly string[] {
  const certain = secrets.filter((secret) => !isSimple(secret));
  const simple = secrets.filter(isSimple).map((secret) => ({ secret, ...formsOf(secret.slice(-EDGE - PART, -EDGE)) }));
  return (text) => {
    if (simple.length === 0) return certain;
    const read = decodings(text);
    const lower = text.toLowerCase();
    const found = simple.filter(
      ({ forms, hex }) => lower.includes(hex) || read.some((plain) => forms.some((form) => plain.includes(form))),
    );
    return [...certain, ...found.map(({ secret }) => secret)];
  };
}

/** How a part of a secret is written in a text without the encodings of characters, and in hexadecimal. */
const formsOf = (part: string) => ({
  forms: [part, ...[0, 1, 2].map((offset) => base64Inside(part, offset))].map(withoutVariants),
  hex: hexOf(part),
});

/**
 * Text around a secret, such as a percent sign, may be read together with its first characters, and with fewer of its
 * last ones. So a part near the end is looked for, after at least as many characters as before the end.
 */
const EDGE = 8;
const PART = 8;

/** Long enough, each character is one byte, and no part of it can be read as the encoding of a character, such as `%41`. */
const isSimple = (secret: string): boolean =>
  secret.length >= EDGE + PART + EDGE && /^[\x20-\x7e]*$/.test(secret) && decodings(secret).length === 1;

/** The encodings of single characters, of which each may be encoded once more. */
const ENCODED =
  /%([0-9a-f]{2})|\\+(?:u([0-9a-f]{4})|x([0-9a-f]{2})|(["'\\/]))|&(?:#0*(\d{1,7})|#x0*([0-9a-f]{1,6})|([a-z]+));?/gi;
const ROUNDS = 6;

/**
 * The text as it is, and after each round in which the encodings of characters are replaced: text before a secret may be
 * taken for the encoding of its first characters, more of them with each round.
 */
function decodings(text: string): readonly string[] {
  const read = [text];
  let plain = text;
  for (let round = 0; round < ROUNDS && /[%\\&]/.test(plain); round++) {
    const next = plain.replace(ENCODED, (whole, percent, unicode, escaped, quoted, decimal, hexadecimal, name) => {
      const code = percent ?? unicode ?? escaped ?? hexadecimal;
      if (code !== undefined) return characterOf(Number.parseInt(code, 16));
      if (decimal !== undefined) return characterOf(Number(decimal));
      return quoted ?? NAMES[String(name).toLowerCase()] ?? whole;
    });
    if (next === plain) break;
    plain = next;
    read.push(plain);
  }
  return read.map(withoutVariants);
}

/** A space may be written as `+`, and base64 has two alphabets. */
const withoutVariants = (text: string): string => text.replace(/[+ ]/g, '-').replaceAll('/', '_');

const characterOf = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '');

const NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(ENTITIES).map(([character, name]) => [name.toLowerCase(), character]),
);

const hexOf = (text: string): string =>
  Array.from(text, (character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join('');

/** The base64 digits that no neighbour shares, if the text starts after `offset` bytes. */
function base64Inside(text: string, offset: number): string {
  const bytes = Uint8Array.from(`${'\0'.repeat(offset)}${text}`, (character) => character.charCodeAt(0));
  return toBase64(bytes).slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6));
}
