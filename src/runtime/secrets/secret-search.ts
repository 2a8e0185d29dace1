import { rememberedByText } from '../remembered-by-text.ts';
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
  /** @param marks one character for each secret: `1` for those to find */
  const patternOf = rememberedByText((marks) => {
    const wanted = new Set(all.filter((_, at) => marks[at] === '1'));
    const some = (list: readonly string[]) => list.filter((secret) => wanted.has(secret));
    return secretPattern({ anywhere: some(anywhere), whole: some(whole) });
  }, MOST_MADE);
  let searched = 0;
  return (text) => {
    searched += text.length;
    const possible = new Set(all.length <= FEW && searched > ENOUGH ? all : possibleIn(text));
    return possible.size === 0
      ? undefined
      : patternOf(all.map((secret) => (possible.has(secret) ? '1' : '0')).join(''));
  };
}

const MOST_MADE = 32;
/** The expression of so many secrets finds them faster than the check … */
const FEW = 2;
/** … and is worth its compilation after so many characters. */
const ENOUGH = 4_000_000;
