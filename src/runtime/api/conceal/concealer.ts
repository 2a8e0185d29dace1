import { CallError } from '../../call-error.ts';
import { messageOf } from '../../errors.ts';
import { type Secrets, secretPattern } from '../../secrets/secret-pattern.ts';
import { byteText } from '../../secrets/spelling.ts';
import type { HttpResponse } from '../http.ts';
import { replaceLiterals } from '../read/json.ts';

/** Hides secrets, however they are spelt. What holds none comes back as it is. */
export interface Concealer {
  text(text: string): string;
  /** A text that is JSON: it stays JSON, with its layout and the digits of its other numbers. */
  json(text: string): string;
  headers(headers: HttpResponse['headers']): HttpResponse['headers'];
  /** Bytes of the same length, each that spells a secret an asterisk. */
  bytes(bytes: Uint8Array): Uint8Array;
  /** An error of a call, with another message where that tells a secret. */
  error(error: unknown): unknown;
}

const CONCEALED = '[credential]';

export function createConcealer(secrets: Secrets): Concealer {
  const pattern = secretPattern(secrets);
  if (pattern === undefined) return NOTHING_TO_HIDE;
  const keys = secretPattern({ anywhere: secrets.anywhere, whole: [] });
  const numbers = new Set([...secrets.anywhere, ...secrets.whole].filter((secret) => /^\d{6,}$/.test(secret)));
  const text = (shown: string) => shown.replace(pattern, CONCEALED);
  const key = (shown: string) => (keys === undefined ? shown : shown.replace(keys, CONCEALED));
  const found = (searched: string) => {
    const isFound = pattern.test(searched);
    // Where the next search begins.
    pattern.lastIndex = 0;
    return isFound;
  };
  return {
    text,
    json(written) {
      // A secret whose very encoding is written with escapes shows itself only when its string is read.
      if (!found(written) && !UNUSUAL_ESCAPE.test(written)) return written;
      return replaceLiterals(written, {
        string: (value, isKey) => (isKey ? key(value) : text(value)),
        number: (digits) => (numbers.has(digits) ? JSON.stringify(CONCEALED) : digits),
      });
    },
    headers: (headers) => headers.map(([name, value]) => [name, text(value)]),
    bytes(bytes) {
      const searched = byteText(bytes);
      if (!found(searched)) return bytes;
      const shown = bytes.slice();
      for (const { index, 0: match } of searched.matchAll(pattern)) shown.fill(ASTERISK, index, index + match.length);
      return shown;
    },
    error(error) {
      if (!(error instanceof CallError)) return error;
      const [message, hint] = [text(messageOf(error)), error.hint === undefined ? undefined : text(error.hint)];
      if (message === error.message && hint === error.hint) return error;
      return new CallError(error.code, message, hint === undefined ? {} : { hint });
    },
  };
}

/** Of a visible ASCII character, but those that writers of JSON escape as a rule: the expression knows `\\u0026` itself. */
const UNUSUAL_ESCAPE = /\\u00(?:2[013489ac-e]|3[0-9abf]|[4-7][0-9a-f])/i;

const ASTERISK = 0x2a;

const NOTHING_TO_HIDE: Concealer = {
  text: (text) => text,
  json: (text) => text,
  headers: (headers) => headers,
  bytes: (bytes) => bytes,
  error: (error) => error,
};
