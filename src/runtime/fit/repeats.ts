import { wordsOf } from './words.ts';

/** Whether a text only says what these names already say: "The ID of the pet" for `petId`. */
export function repeats(text: string, names: readonly string[], empty: ReadonlySet<string> = EMPTY): boolean {
  const known = new Set(names.flatMap(wordsOf).map(written));
  return wordsOf(text).every((word) => known.has(written(word)) || EMPTY.has(word) || empty.has(word));
}

/** An abbreviation that names use, written out. */
const written = (word: string): string => ABBREVIATIONS[word] ?? word;
const ABBREVIATIONS: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  org: 'organization',
  repo: 'repository',
  num: 'number',
  desc: 'description',
  auth: 'authentication',
  config: 'configuration',
  env: 'environment',
  info: 'information',
  param: 'parameter',
});

/** Words that add nothing to a name. */
const EMPTY: ReadonlySet<string> = new Set(
  'a an the of to for in on by from with at as or and is are be this that these it its id identifier unique name value number account given specified parameter argument field identify identified result fetch return authentication'.split(
    ' ',
  ),
);
