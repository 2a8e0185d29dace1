import { OptionError } from '../options/option-error.ts';
import { type OptionKinds, regExp, texts } from '../options/option-kinds.ts';
import { secretSearch } from '../secrets/secret-search.ts';
import { parsedJson } from '../text/parsed-json.ts';

/** What to hide. */
export interface RedactionOptions {
  /** Keys whose values are hidden, anywhere. Default {@link SECRET_KEYS}. */
  readonly keys?: RegExp;
  /** Strings to hide wherever they occur, in any encoding, each at least 4 characters long. */
  readonly secrets?: readonly string[];
}

/** The type of each option. */
export const REDACTION_KINDS: OptionKinds<RedactionOptions> = { keys: regExp, secrets: texts };

/**
 * Keys that look like secrets: `password`, `api_key`, `accessToken`. Not `next_page_token`, which the next call needs.
 */
export const SECRET_KEYS =
  /pass(?:word|wd|phrase)|secret|credential|authorization|cookie|(?:api|private|access)[_-]?key|^(?:x-)?auth$|^token$|(?:access|refresh|id|auth|bearer|session|security|csrf|xsrf|api|client|bot|user)[_-]?token$/i;

export const REDACTED = '[redacted]';

export interface Redaction {
  /** Any JSON value. */
  value(value: unknown): unknown;
  /** Text for readers. If it is JSON, the values of keys are hidden in it, and everything else is kept unchanged. */
  text(text: string): string;
}

/** A value as JSON. Its texts are searched in their own format first, then again as part of it. */
export const hiddenJson = (value: unknown, hide: Redaction): string =>
  JSON.stringify(hide.value(value), (_, inner: unknown) => (typeof inner === 'string' ? hide.text(inner) : inner));

/** @throws OptionError if a secret is so short that it would match by chance */
export function redaction({ keys = SECRET_KEYS, secrets = [] }: RedactionOptions = {}): Redaction {
  if (secrets.some((secret) => secret.length < 4)) {
    throw new OptionError(
      'A secret with fewer than 4 characters cannot be redacted, because it would match by chance.',
    );
  }
  const find = secretSearch({ anywhere: secrets, whole: [] });
  // Stateless, whatever its flags.
  const pattern = new RegExp(keys.source, keys.flags.replace(/[gy]/g, ''));
  const isSecret = (key: string) => pattern.test(key);
  const plain = (text: string) => {
    const found = find?.(text);
    return found ? text.replace(found, REDACTED) : text;
  };

  const value = (given: unknown): unknown => {
    if (typeof given === 'string') return plain(given);
    if (Array.isArray(given)) return given.map(value);
    if (typeof given !== 'object' || given === null) return given;
    return Object.fromEntries(
      Object.entries(given).map(([key, inner]) => [
        plain(key),
        isSecret(key) && inner !== null ? REDACTED : value(inner),
      ]),
    );
  };

  return { value, text: (text) => plain(hideMembers(text, isSecret)) };
}

/** Without parsing: keeps digits and layout, and also works for text that was cut. */
function hideMembers(text: string, isSecret: (key: string) => boolean): string {
  if (!/^\s*[[{]/.test(text)) return text;
  let shown = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '"') continue;
    const end = endOfString(text, at);
    const colon = /^\s*:\s*/.exec(text.slice(end, end + 64))?.[0];
    if (colon !== undefined && isSecret(keyOf(text.slice(at, end)))) {
      const start = end + colon.length;
      const stop = endOfValue(text, start);
      if (text.slice(start, stop) !== 'null') {
        shown += `${text.slice(from, start)}"${REDACTED}"`;
        from = stop;
      }
      at = stop - 1;
    } else at = end - 1;
  }
  return shown + text.slice(from);
}

const keyOf = (literal: string): string => String(parsedJson(literal) ?? literal);

/** The end of the string that starts at `at`, including its quote. */
function endOfString(text: string, at: number): number {
  for (let index = at + 1; index < text.length; index++) {
    if (text[index] === '\\') index++;
    else if (text[index] === '"') return index + 1;
  }
  return text.length;
}

function endOfValue(text: string, at: number): number {
  if (text[at] === '"') return endOfString(text, at);
  let depth = 0;
  for (let index = at; index < text.length; index++) {
    const char = text[index];
    if (char === '"') index = endOfString(text, index) - 1;
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') {
      if (depth === 0) return index;
      depth--;
      if (depth === 0) return index + 1;
    } else if (depth === 0 && (char === ',' || char === '\n' || char === ' ')) return index;
  }
  return text.length;
}
