/**
 * Decodes base64 or base64url (RFC 4648 §4, §5), with or without padding, line breaks and spaces; `undefined` for
 * anything else. One pass over the text, because `atob` would first create a string with one character per byte.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let count = 0;
  let padding = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const value = code < 128 ? (VALUES[code] ?? NOT_BASE64) : NOT_BASE64;
    if (value === SPACE) continue;
    if (code === PAD) {
      padding += 1;
      continue;
    }
    if (value === NOT_BASE64 || padding > 0) return undefined;
    bits = ((bits << 6) | value) & 0xfff;
    count += 1;
    // Every character but the first of four completes a byte.
    const spare = (count * 6) % 8;
    if (count % 4 !== 1) bytes[length++] = (bits >> spare) & 0xff;
  }
  if (count % 4 === 1 || (padding > 0 && (count + padding) % 4 !== 0) || padding > 2) return undefined;
  return bytes.subarray(0, length);
}

const NOT_BASE64 = 255;
const SPACE = 254;
const PAD = 61;
const VALUES = table();

function table(): Uint8Array {
  const values = new Uint8Array(128).fill(NOT_BASE64);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  for (let index = 0; index < alphabet.length; index++) values[alphabet.charCodeAt(index)] = index;
  for (const [character, value] of [
    ['+', 62],
    ['-', 62],
    ['/', 63],
    ['_', 63],
  ] as const) {
    values[character.charCodeAt(0)] = value;
  }
  for (const space of ' \t\n\r') values[space.charCodeAt(0)] = SPACE;
  return values;
}
