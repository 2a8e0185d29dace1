import { toBase64 } from '../text/base64.ts';
import { spellingOf } from './spelling.ts';

/** Values to hide. */
export interface Secrets {
  /** Hidden anywhere. */
  readonly anywhere: readonly string[];
  /**
   * Hidden only as an entire value (a JSON string, a line, after `=` or between tags), because they may occur by
   * chance.
   */
  readonly whole: readonly string[];
}

/** Shorter ones occur by chance: hiding them anywhere would garble texts. */
export const SHORTEST = 8;

/**
 * One expression that finds secrets in every encoding (see {@link spellingOf}), so that a text is searched once;
 * `undefined` if there are none.
 */
export function secretPattern({ anywhere, whole }: Secrets): RegExp | undefined {
  const parts = [
    ...longestFirst(anywhere).map((secret) => spellingOf(secret, { within: secret.length >= SHORTEST })),
    ...longestFirst(whole.filter((secret) => !anywhere.includes(secret))).map(wholeSpelling),
  ];
  return parts.length === 0 ? undefined : new RegExp(parts.join('|'), 'g');
}

/** A longer secret may contain a shorter one. */
const longestFirst = (secrets: readonly string[]): string[] =>
  [...new Set(secrets)].filter((secret) => secret !== '').sort((one, other) => other.length - one.length);

function wholeSpelling(secret: string): string {
  const base64 = toBase64(new TextEncoder().encode(secret)).replace(/=+$/, '');
  const spelt = `(?:${spellingOf(secret, { within: false })}|${base64.replace(/[+/]/g, '[+/_-]')}=*)`;
  // The preceding character is checked last, only if everything else matches. A comma also separates numbers.
  const comma = secret.length < 4 ? '' : ',';
  return `${spelt}(?=["'&;<\\\\\\r\\n${comma}]|$)(?<=(?:^|["'&;>\\n${comma}]|[=:][ \\t]?)${spelt})`;
}
