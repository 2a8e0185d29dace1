import { stem } from '../../api/facts/words.ts';
import { nearest } from '../../text/nearest.ts';
import { SPELLED_WORDS } from './vocabulary.ts';

/** What the index knows about words. */
export interface Lexicon {
  readonly has: (stem: string) => boolean;
  /** The stem that a mistyped word probably stands for, if any. */
  readonly similar: (word: string) => string | undefined;
  /** The most frequent noun of the operations that a short word is the beginning of: `vol` → `volum`. */
  readonly completed: (word: string) => string | undefined;
}

/** Most shorter words are names, or have several words that are spelled alike. */
const SHORTEST_MISTYPED = 5;
/** Of two words with more differences, one is rarely the other one mistyped. */
const LETTERS_PER_MISTAKE = 5;

/** Fewer letters begin too many words; more are a word of its own. */
const SHORTENED = { least: 3, most: 5 };
/** `car` is not short for `card`. */
const LEAST_LEFT_OUT = 2;

/**
 * @param stems of all operations
 * @param nouns of paths and names, once for each operation
 */
export function createLexicon(stems: ReadonlyMap<string, unknown>, nouns: Iterable<string>): Lexicon {
  const spelled = [...new Set([...stems.keys(), ...SPELLED_WORDS])].filter(
    ({ length }) => length >= SHORTEST_MISTYPED - 1,
  );
  const counts = new Map<string, number>();
  for (const noun of nouns) counts.set(noun, (counts.get(noun) ?? 0) + 1);
  const frequent = [...counts].sort(([, one], [, other]) => other - one).map(([noun]) => noun);
  return {
    has: (word) => stems.has(word),
    similar(word) {
      const found = word.length < SHORTEST_MISTYPED ? undefined : nearest(word, spelled, LETTERS_PER_MISTAKE);
      return found === undefined || stems.has(found) ? found : stem(found);
    },
    completed: (word) =>
      word.length < SHORTENED.least || word.length > SHORTENED.most
        ? undefined
        : frequent.find((noun) => noun.length >= word.length + LEAST_LEFT_OUT && noun.startsWith(word)),
  };
}
