import { wordsOf } from './words.ts';

/** Whether a text only says what these names already say: "The ID of the pet" for `petId`. */
export function repeats(text: string, names: readonly string[]): boolean {
  const known = knownWords(names);
  return wordsOf(text).every((word) => isKnown(word, known));
}

/**
 * What a text adds to these names: "purchase order" of "Find the purchase order by ID" for `getOrder`. Empty if they say
 * all of it.
 */
export function addedText(text: string, names: readonly string[]): string {
  const known = knownWords(names);
  for (const verbs of SAME_VERBS) if (verbs.some((verb) => known.has(verb))) for (const verb of verbs) known.add(verb);
  const isSaid = (word: string) =>
    wordsOf(word).every((part) => isKnown(part, known) || GENERAL.has(part) || startsKnown(part, known));
  const words = text.replace(/[.!]$/, '').split(' ');
  if (words.every(isSaid)) return '';
  const [verb = '', article = ''] = words;
  const rest = isSaid(verb) && !PARTICLES.has(article) ? words.slice(ARTICLES.has(article) ? 2 : 1) : words;
  return isSaid(rest.at(-1) ?? '') && rest.at(-2) === 'by' ? rest.slice(0, -2).join(' ') : rest.join(' ');
}

const knownWords = (names: readonly string[]): Set<string> =>
  new Set(names.flatMap((name) => wordsOf(name).flatMap((word) => [word, inFull(word)])));

const isKnown = (word: string, known: ReadonlySet<string>): boolean =>
  known.has(word) || known.has(inFull(word)) || EMPTY.has(word);

/** `log` is said by `login`. */
const startsKnown = (word: string, known: ReadonlySet<string>): boolean =>
  word.length > 2 && [...known].some((each) => each.startsWith(word));

/** An abbreviation that names use, written out. */
const inFull = (word: string): string => ABBREVIATIONS.get(word) ?? word;
const ABBREVIATIONS: ReadonlyMap<string, string> = new Map([
  ['org', 'organization'],
  ['repo', 'repository'],
  ['num', 'number'],
  ['desc', 'description'],
  ['auth', 'authentication'],
  ['config', 'configuration'],
  ['env', 'environment'],
  ['info', 'information'],
  ['param', 'parameter'],
]);

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Words that add nothing to a name. */
const EMPTY = setOf(
  'a an the of to for in on by from with at as or and is are be this that these it its id identifier unique name value number account given specified parameter argument field identify identified result fetch return authentication',
);

const ARTICLES = setOf('a an the');
/** They belong to the verb before them. */
const PARTICLES = setOf('across as at by down for from in into of off on out over through to up with');

/** Words for any thing, which many descriptions of operations have. */
const GENERAL = setOf(
  'new existing current all single one data resource object record entity item information detail system into using array input',
);

/** If the name has one of them, the others say the same. */
const SAME_VERBS: readonly (readonly string[])[] = [
  ['get', 'find', 'retrieve', 'read', 'fetch', 'show', 'list', 'return', 'view', 'query'],
  ['create', 'add', 'insert', 'post', 'make'],
  ['update', 'change', 'edit', 'modify', 'replace', 'set', 'put', 'patch'],
  ['delete', 'remove', 'destroy'],
];
