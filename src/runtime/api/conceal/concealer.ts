import { CallError } from '../../call-error.ts';
import { messageOf } from '../../errors.ts';
import type { Secrets } from '../../secrets/secret-pattern.ts';
import { secretSearch } from '../../secrets/secret-search.ts';
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
  const inText = secretSearch(secrets);
  if (inText === undefined) return NOTHING_TO_HIDE;
  const inKey = secretSearch({ anywhere: secrets.anywhere, whole: [] });
  const numbers = new Set([...secrets.anywhere, ...secrets.whole].filter((secret) => /^\d{6,}$/.test(secret)));
  const replaced = (shown: string, pattern: RegExp | undefined) =>
    pattern === undefined ? shown : shown.replace(pattern, CONCEALED);
  const text = (shown: string) => replaced(shown, inText(shown));
  const key = (shown: string) => replaced(shown, inKey?.(shown));
  return {
    text,
    json(written) {
      // A secret whose encoding is itself escaped shows only after the string is parsed.
      if (!isFound(inText(written), written) && !UNUSUAL_ESCAPE.test(written)) return written;
      return replaceLiterals(written, {
        string: (value, isKey) => (isKey ? key(value) : text(value)),
        number: (digits) => (numbers.has(digits) ? JSON.stringify(CONCEALED) : digits),
      });
    },
    headers: (headers) => headers.map(([name, value]) => [name, text(value)]),
    bytes(bytes) {
      const searched = byteText(bytes);
      const pattern = inText(searched);
      if (pattern === undefined || !isFound(pattern, searched)) return bytes;
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

function isFound(pattern: RegExp | undefined, searched: string): boolean {
  if (pattern === undefined) return false;
  const found = pattern.test(searched);
  // Start of the next search.
  pattern.lastIndex = 0;
  return found;
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
