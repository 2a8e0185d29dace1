import type { CookieParameter } from '../../../model/index.ts';
import { contentText } from './content.ts';
import { type Encode, encodeComponent } from './percent-encoding.ts';
import type { Pair } from './query.ts';
import { unsafe } from './unsafe.ts';
import { flat, variable } from './variable.ts';

/**
 * Writes a cookie parameter as `name=value` pairs for the Cookie header, which joins them with `; ` (RFC 6265 §4.2.1).
 *
 * Style `form` percent-encodes. Exploded members become separate cookies, because `&` is the wrong delimiter here
 * (OpenAPI 3.2.0 Appendix D). Style `cookie` (3.2) sends values unchanged, so values that RFC 6265 does not allow are
 * rejected. Content is encoded like `form`.
 *
 * @throws CallError `UNSAFE_ARGUMENT`
 */
export function writeCookie({ argument, name, format }: CookieParameter, value: unknown): string[] {
  if (format.kind === 'content') {
    const text = contentText(format.mediaType, value);
    return text === undefined ? [] : [`${encodeComponent(name)}=${encodeComponent(text)}`];
  }
  const alphabet = format.style === 'cookie' ? rawAlphabet(argument) : ENCODED;
  return cookiePairs({ name, value, explode: format.explode, alphabet }).map(([key, text]) => `${key}=${text}`);
}

interface CookieAlphabet {
  readonly name: Encode;
  readonly value: Encode;
}
interface CookieValue {
  readonly name: string;
  readonly value: unknown;
  readonly explode: boolean;
  readonly alphabet: CookieAlphabet;
}

function cookiePairs({ name, value, explode, alphabet }: CookieValue): Pair[] {
  const content = variable(value);
  const key = alphabet.name(name);
  if (content.kind === 'undefined') return [];
  if (content.kind === 'text') return [[key, alphabet.value(content.text)]];
  if (!explode) return [[key, flat(content).map(alphabet.value).join(',')]];
  if (content.kind === 'list') return content.items.map((item) => [key, alphabet.value(item)]);
  return content.entries.map(([member, text]) => [alphabet.name(member), alphabet.value(text)]);
}

const ENCODED: CookieAlphabet = { name: encodeComponent, value: encodeComponent };

/** Returns the text unchanged, or rejects it. */
function rawAlphabet(argument: string): CookieAlphabet {
  return { name: (text) => passed(text, COOKIE_NAME), value: (text) => passed(text, COOKIE_VALUE) };

  function passed(text: string, allowed: RegExp): string {
    if (allowed.test(text)) return text;
    throw unsafe(
      argument,
      'contains a character that a cookie cannot contain unescaped (";", ",", a space, a quote, a control character …)',
      'Pass the value in the escaped form that the API expects.',
    );
  }
}
/** RFC 6265 §4.1.1: a token, and octets, which may be quoted. */
const COOKIE_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const COOKIE_VALUE = /^(?:[!#-+\--:<-[\]-~]*|"[!#-+\--:<-[\]-~]*")$/;
