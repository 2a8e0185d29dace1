import { toBase64 } from '../text/base64.ts';
import { spellingOf } from './spelling.ts';

/** Values that must not be seen. */
export interface Secrets {
  /** Wherever they stand. */
  readonly anywhere: readonly string[];
  /** Only as a whole value (a JSON string, a line, what follows `=` or stands between tags): they may occur by chance. */
  readonly whole: readonly string[];
}

/** Shorter ones occur by chance: hiding them wherever they stand would only tear holes into texts. */
export const SHORTEST = 8;

/**
 * One expression that finds secrets however they are spelt (see {@link spellingOf}), so that a text is searched once;
 * `undefined` where there are none.
 */
export function secretPattern({ anywhere, whole }: Secrets): RegExp | undefined {
  const parts = [
    ...longestFirst(anywhere).map((secret) => spellingOf(secret, { within: secret.length >= SHORTEST })),
    ...longestFirst(whole.filter((secret) => !anywhere.includes(secret))).map(wholeSpelling),
  ];
  return parts.length === 0 ? undefined : new RegExp(parts.join('|'), 'g');
}

/** A longer one may have a shorter one in it. */
const longestFirst = (secrets: readonly string[]): string[] =>
  [...new Set(secrets)].filter((secret) => secret !== '').sort((one, other) => other.length - one.length);

function wholeSpelling(secret: string): string {
  const base64 = toBase64(new TextEncoder().encode(secret)).replace(/=+$/, '');
  const spelt = `(?:${spellingOf(secret, { within: false })}|${base64.replace(/[+/]/g, '[+/_-]')}=*)`;
  // What stands before is looked at last, and so only where all else is right. A comma parts numbers, too.
  const comma = secret.length < 4 ? '' : ',';
  return `${spelt}(?=["'&;<\\\\\\r\\n${comma}]|$)(?<=(?:^|["'&;>\\n${comma}]|[=:][ \\t]?)${spelt})`;
}
