import { toBase64 } from '../text/base64.ts';

/**
 * How a text may be encoded where it is echoed, as the source of a regular expression. Character by character:
 * unchanged, percent-encoded (RFC 3986 §2.1, `+` for a space), with JSON and JavaScript escapes, or as a character
 * reference of HTML and XML, in any mixture. As a whole: in hexadecimal or base64.
 *
 * @param within whether base64 may be part of something longer, as in a Basic pair
 */
export function spellingOf(text: string, { within }: { readonly within: boolean }): string {
  const bytes = new TextEncoder().encode(text);
  const spelt = text.length > LONGEST_BY_CHARACTER ? wholeSpellings(text) : [[...text].map(character).join('')];
  const encoded = within ? [0, 1, 2].map((offset) => base64At(bytes, offset)) : [];
  const hexadecimal = within ? [...bytes].map((byte) => hex(byte, 2)).join('') : [];
  return [...spelt, ...misread(text, bytes), ...encoded, hexadecimal].flat().join('|');
}

/** For longer texts, usually tokens, the common encodings are enough: the expression would become too large. */
const LONGEST_BY_CHARACTER = 256;

function wholeSpellings(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const percent = encodeURIComponent(text);
  const spellings = [text, json, json.replaceAll('/', '\\/'), percent, percent.replaceAll('%20', '+'), htmlOf(text)];
  return [...new Set(spellings)].map(quoted);
}

const htmlOf = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function character(char: string): string {
  const known = characters.get(char);
  if (known !== undefined) return known;
  const code = char.codePointAt(0) ?? 0;
  // A doubly encoded text has `%25` for `%`, `&amp;` for `&`, and two backslashes. Bounded, because responses must be
  // searched in linear time.
  const percent = [...new TextEncoder().encode(char)].map((byte) => `${PERCENT}(?:25){0,3}${hex(byte, 2)}`).join('');
  const [first = '', ...rest] = [...Array(char.length).keys()].map((at) => `u${hex(char.charCodeAt(at), 4)}`);
  const escapes = [
    [first, ...rest.map((unit) => BACKSLASHES + unit)].join(''),
    ...(code < 0x100 ? [`x${hex(code, 2)}`] : []),
    ...(/[\\"'/]/.test(char) ? [quoted(char)] : []),
  ];
  const name = ENTITIES[char];
  const made = `(?:${[
    quoted(char),
    percent,
    `${BACKSLASHES}(?:${escapes.join('|')})`,
    `${AMPERSAND}(?:amp;){0,3}(?:#(?:0{0,6}${code}|[xX]0{0,6}${hex(code, 1)})${name === undefined ? '' : `|${name}`});?`,
    ...(char === ' ' ? ['\\+'] : []),
  ].join('|')})`;
  characters.set(char, made);
  return made;
}
const characters = new Map<string, string>();

const BACKSLASHES = '\\\\{1,4}';
/** Some JSON writers escape these: Go, for example. */
const PERCENT = `(?:%|${BACKSLASHES}u0025)`;
const AMPERSAND = `(?:&|${BACKSLASHES}u0026)`;

/** Digits in either case. */
const hex = (value: number, width: number): string =>
  value
    .toString(16)
    .padStart(width, '0')
    .replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);

/**
 * The base64 digits of bytes (RFC 4648 §4, §5) inside something longer: those that no neighbour shares. At most four
 * bits of the first and last byte are not covered.
 */
function base64At(bytes: Uint8Array, offset: number): string {
  const padded = new Uint8Array([...Array<number>(offset).fill(0), ...bytes]);
  const digits = toBase64(padded);
  const shared = Math.ceil((offset * 8) / 6);
  const own = digits.slice(shared, Math.floor((padded.length * 8) / 6));
  return `${[...own].map(base64Digit).join('')}[A-Za-z0-9+/_-]?(?:=|%3[dD]|\\\\u003[dD]){0,2}`;
}

function base64Digit(digit: string): string {
  if (digit === '+') return `(?:[+-]|%2[bB]|${BACKSLASHES}u002[bB])`;
  return digit === '/' ? `(?:[/_]|%2[fF]|${BACKSLASHES}(?:/|u002[fF]))` : digit;
}

/** UTF-8 decoded byte by byte, for searching binary data. */
function misread(text: string, bytes: Uint8Array): string[] {
  const read = byteText(bytes);
  return read === text ? [] : [quoted(read)];
}

/** Bytes as a text with one character each. */
export const byteText = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);

const quoted = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Named HTML references for characters that secrets contain. */
export const ENTITIES: Readonly<Record<string, string>> = {
  '"': 'quot',
  '&': 'amp',
  "'": 'apos',
  '<': 'lt',
  '>': 'gt',
  '!': 'excl',
  '#': 'num',
  $: 'dollar',
  '%': 'percnt',
  '(': 'lpar',
  ')': 'rpar',
  '*': 'ast',
  '+': 'plus',
  ',': 'comma',
  '.': 'period',
  '/': 'sol',
  ':': 'colon',
  ';': 'semi',
  '=': 'equals',
  '?': 'quest',
  '@': 'commat',
  '[': 'lsqb',
  '\\': 'bsol',
  ']': 'rsqb',
  '^': 'Hat',
  _: 'lowbar',
  '`': 'grave',
  '{': 'lcub',
  '|': 'vert',
  '}': 'rcub',
  ' ': 'nbsp',
};
