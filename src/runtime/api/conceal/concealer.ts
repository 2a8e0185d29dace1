import { CallError } from '../../call-error.ts';
import { messageOf } from '../../errors.ts';
import { type Secrets, secretPattern } from '../../secrets/secret-pattern.ts';
import { byteText } from '../../secrets/spelling.ts';
import type { HttpResponse } from '../http.ts';
import { replaceLiterals } from '../read/json.ts';

/** Hides secrets in every encoding. Returns values without any unchanged. */
export interface Concealer {
  text(text: string): string;
  /** JSON text: it stays JSON, and keeps its layout and the digits of its other numbers. */
  json(text: string): string;
  headers(headers: HttpResponse['headers']): HttpResponse['headers'];
  /** Bytes of the same length, with asterisks for each byte of a secret. */
  bytes(bytes: Uint8Array): Uint8Array;
  /** The error of a call, with another message if the original contains a secret. */
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
    // Start of the next search.
    pattern.lastIndex = 0;
    return isFound;
  };
  return {
    text,
    json(written) {
      // A secret whose encoding is itself escaped shows only after the string is parsed.
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

/** Visible ASCII characters, except those that JSON writers usually escape: the expression itself covers `\\u0026`. */
const UNUSUAL_ESCAPE = /\\u00(?:2[013489ac-e]|3[0-9abf]|[4-7][0-9a-f])/i;

const ASTERISK = 0x2a;

const NOTHING_TO_HIDE: Concealer = {
  text: (text) => text,
  json: (text) => text,
  headers: (headers) => headers,
  bytes: (bytes) => bytes,
  error: (error) => error,
};
