import { toBase64 } from '../text/base64.ts';
import { ENTITIES } from './spelling.ts';

/**
 * Whether a text may contain one of the secrets in an encoding that `spellingOf` finds. A quick check for secrets that are
 * used only once, such as signatures: their expression takes longer to compile than most responses take to search. It
 * may say yes without reason, but never no.
 */
export function mayContain(text: string, secrets: readonly string[]): boolean {
  if (secrets.some((secret) => !isSimple(secret))) return true;
  if (secrets.length === 0) return false;
  const plain = decoded(text);
  const lower = text.toLowerCase();
  return secrets.some((secret) => {
    const inside = secret.slice(EDGE, -EDGE);
    if (plain.includes(decoded(inside)) || lower.includes(hexOf(inside))) return true;
    return [0, 1, 2].some((offset) => plain.includes(decoded(base64Inside(inside, offset))));
  });
}

/**
 * The text before a secret, such as a percent sign, may be read together with its first characters, so that only its
 * inside is looked for.
 */
const EDGE = 8;

/** Long enough, and each character is one byte. */
const isSimple = (secret: string): boolean => secret.length >= 3 * EDGE && /^[\x20-\x7e]*$/.test(secret);

/** The encodings of single characters, of which each may be encoded once more. */
const ENCODED =
  /%([0-9a-f]{2})|\\+(?:u([0-9a-f]{4})|x([0-9a-f]{2})|(["'\\/]))|&(?:#0*(\d{1,7})|#x0*([0-9a-f]{1,6})|([a-z]+));?/gi;
const ROUNDS = 6;

function decoded(text: string): string {
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
  }
  // A space may be written as `+`, and base64 has two alphabets.
  return plain.replace(/[+ ]/g, '-').replaceAll('/', '_');
}

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
