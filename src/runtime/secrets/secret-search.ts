import { possibleSecrets } from './possible-secrets.ts';
import { type Secrets, secretPattern } from './secret-pattern.ts';

/** The expression that finds every secret in a text, in any encoding; `undefined` if there is none in it. */
export type SecretSearch = (text: string) => RegExp | undefined;

/**
 * Searches texts for secrets. Expressions are made only for those that a text may contain: mostly for none.
 *
 * @returns `undefined` if there are no secrets
 */
export function secretSearch({ anywhere, whole }: Secrets): SecretSearch | undefined {
  const all = [...new Set([...anywhere, ...whole])].filter((secret) => secret !== '');
  if (all.length === 0) return undefined;
  const possibleIn = possibleSecrets(all);
  const made = new Map<string, RegExp | undefined>();
  const patternOf = (secrets: readonly string[]): RegExp | undefined => {
    const wanted = new Set(secrets);
    const key = all.map((secret) => (wanted.has(secret) ? '1' : '0')).join('');
    if (made.has(key)) return made.get(key);
    const some = (list: readonly string[]) => list.filter((secret) => wanted.has(secret));
    const pattern = secretPattern({ anywhere: some(anywhere), whole: some(whole) });
    if (made.size >= MOST_MADE) made.clear();
    made.set(key, pattern);
    return pattern;
  };
  let searched = 0;
  return (text) => {
    searched += text.length;
    return patternOf(all.length <= FEW && searched > ENOUGH ? all : possibleIn(text));
  };
}

const MOST_MADE = 32;
/** The expression of so many secrets finds them faster than the check … */
const FEW = 2;
/** … and is worth its compilation after so many characters. */
const ENOUGH = 4_000_000;
