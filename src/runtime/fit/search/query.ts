import { stem, wordsOfText } from '../../api/facts/words.ts';
import { STOP_WORDS, WEAK_WORDS } from './everyday-words.ts';
import type { Lexicon } from './lexicon.ts';
import {
  ABBREVIATIONS,
  ACTIONS_OF_VERB,
  type Action,
  PHRASES_OF,
  QUESTION_WORDS,
  READS,
  SYNONYMS_OF,
} from './vocabulary.ts';
import { WEIGHTS } from './weights.ts';

/** A request in words. */
export interface Query {
  /**
   * Per word of the request: the stems that match it, with weights. Only the best match of a word counts, so that a word
   * with many synonyms is not worth more than others.
   */
  readonly concepts: readonly ReadonlyMap<string, number>[];
  /** All stems of the concepts. */
  readonly stems: ReadonlySet<string>;
  /** What the request asks for; empty if no verb says so. */
  readonly actions: ReadonlySet<Action>;
  /** Whether it asks for nothing to be changed. */
  readonly isQuestion: boolean;
  /** A name in the request, such as a person's, probably has to be searched for. */
  readonly hasName: boolean;
}

const MOST_WORDS = 64;
/** More text than that is not a request. It also bounds the work of the regular expressions below. */
const MOST_CHARACTERS = 2_000;

/** Reads a request. Its own words weigh 1, what they may mean less. */
export function readQuery(request: string, lexicon: Lexicon): Query {
  const text = request.slice(0, MOST_CHARACTERS);
  const concepts: Map<string, number>[] = [];
  const own = new Set<string>();
  const words = wordsOfText(withoutValues(text)).slice(0, MOST_WORDS);
  const names = namesIn(text);
  const isQuestion = QUESTION.test(text);
  const actions = new Set<Action>(isQuestion ? READS : []);
  let isFirst = !isQuestion;
  for (const word of words) {
    const hints = QUESTION_WORDS.get(word) ?? [];
    if (hints.length > 0) concepts.push(new Map(hints.map((hint) => [hint, WEIGHTS.question])));
    if (STOP_WORDS.has(word) || word.length < 2 || /^\d+$/.test(word)) continue;
    const root = stem(word);
    if (own.has(root)) continue;
    own.add(root);
    const ofVerb = ACTIONS_OF_VERB.get(root);
    if (ofVerb && (isFirst || actions.size === 0)) for (const action of ofVerb) actions.add(action);
    isFirst = false;
    concepts.push(conceptOf(word, { lexicon, isVerb: ofVerb !== undefined, isName: names.has(word) }));
  }
  for (const { meanings, at } of phrases(words)) {
    concepts.push(new Map(meanings.map((meant) => [meant, WEIGHTS.phrase])));
    if (at > 0 && actions.size > 0) continue;
    for (const meant of meanings) for (const action of ACTIONS_OF_VERB.get(meant) ?? []) actions.add(action);
  }
  for (const pair of pairs(words)) if (lexicon.has(pair)) concepts.push(new Map([[pair, WEIGHTS.joined]]));
  const stems = new Set(concepts.flatMap((concept) => [...concept.keys()]));
  return { concepts, stems, actions, isQuestion, hasName: names.size > 0 };
}

/** The beginning of a question, which asks for nothing to be changed. Not `how do I …` and `can you …`. */
const QUESTION =
  /^\W*(?:(?:and|so|hey|hi|hello|ok|please)\W+)*(?:what|which|who|whose|where|why|is|are|was|were|does|did|has|do (?:i|we|you|they)|how (?:many|much|long|often|old|is|are|was|were|does|did|has|have)|when (?:is|are|was|were|does|did|do|will))\b/i;

/** A word with what else may be meant by it. */
function conceptOf(
  word: string,
  { lexicon, isVerb, isName }: { readonly lexicon: Lexicon; readonly isVerb: boolean; readonly isName: boolean },
): Map<string, number> {
  const root = stem(word);
  const weight = WEAK_WORDS.has(root) ? WEIGHTS.weak : isVerb ? WEIGHTS.verb : isName ? WEIGHTS.name : WEIGHTS.own;
  const isKnown = lexicon.has(root);
  const concept = new Map([[root, weight]]);
  const raise = (other: string, to: number): void => {
    if (to > (concept.get(other) ?? 0)) concept.set(other, to);
  };
  for (const meant of ABBREVIATIONS.get(root) ?? []) raise(meant, WEIGHTS.abbreviation * weight);
  const ofSynonym = isVerb ? WEIGHTS.synonymOfVerb : (isKnown ? WEIGHTS.synonym : WEIGHTS.synonymOfUnknown) * weight;
  for (const synonym of SYNONYMS_OF.get(root) ?? []) raise(synonym, ofSynonym);
  for (const other of relatives(root)) if (lexicon.has(other)) raise(other, WEIGHTS.relative * weight);
  if (isKnown || isName || ABBREVIATIONS.has(root)) return concept;
  const completed = lexicon.completed(word);
  if (completed !== undefined) raise(completed, WEIGHTS.abbreviation * weight);
  const meant = completed !== undefined || isSpelledWell(root) ? undefined : lexicon.similar(word);
  if (meant === undefined) return concept;
  raise(meant, WEIGHTS.similar * weight);
  for (const synonym of SYNONYMS_OF.get(meant) ?? [])
    raise(synonym, WEIGHTS.similar * WEIGHTS.synonymOfUnknown * weight);
  return concept;
}

const isSpelledWell = (root: string): boolean =>
  SYNONYMS_OF.has(root) || ACTIONS_OF_VERB.has(root) || WEAK_WORDS.has(root);

/** Endings of nouns for who does something, or what comes of it: `review` and `reviewer`, `approve` and `approval`. */
const NOUN_ENDINGS = ['er', 'or', 'al'];

function relatives(root: string): readonly string[] {
  if (root.length < 4) return [];
  return NOUN_ENDINGS.flatMap((ending) => [
    root + ending,
    ...(root.endsWith(ending) && root.length > ending.length + 3 ? [root.slice(0, -ending.length)] : []),
  ]);
}

/** A particle may follow its verb after this many words: `throw the last two out`. */
const FARTHEST_PARTICLE = 5;

function phrases(words: readonly string[]) {
  return words.flatMap((word, at) => {
    const particles = PHRASES_OF.get(stem(word));
    if (!particles) return [];
    const following = words.slice(at + 1, at + 1 + FARTHEST_PARTICLE);
    const particle = following.find((each) => particles.has(each));
    return particle === undefined ? [] : [{ meanings: particles.get(particle) ?? [], at }];
  });
}

/** Neighbours written as one word: `sign up` → `signup`. */
function pairs(words: readonly string[]): readonly string[] {
  return words.slice(1).map((word, index) => stem(`${words[index]}${word}`));
}

/**
 * Leaves out what is a value of an argument, not a word for what to do: addresses, paths, versions, quoted text. Of an id
 * with a prefix, the prefix stays: `user_2xY` → `user`.
 */
function withoutValues(text: string): string {
  return text
    .replace(/\S+/g, (part) => (isAddress(part) ? ' ' : part.replace(/\bhttps?:\/\/.+/i, ' ')))
    .replace(/(?<=^|[\s(])(?:'[^']{2,}'|"[^"]*"|“[^”]*”|\u0060[^\u0060]*\u0060)/g, ' ')
    .replace(/\b(\p{L}{2,})_[\w-]*\d[\w-]*/gu, '$1 ')
    .replace(/(?<!\p{L})(?=[\w.-]*\d)[\w.-]*[.\d-][\w.-]*/gu, (value) => (/^\d?\p{L}{2,}$/u.test(value) ? value : ' '));
}

/** `jane@shop.test`, `owner/repo`. Not one regular expression: on `@@@…` its work would grow with the cube of the length. */
function isAddress(part: string): boolean {
  const at = part.indexOf('@', 1);
  const dot = part.lastIndexOf('.', part.length - 2);
  return (at > 0 && dot > at + 1) || /\w\/\w/.test(part);
}

/** Capitalised words inside a sentence: what they name is a value, not a kind of thing. */
function namesIn(text: string): ReadonlySet<string> {
  const found = text.match(/(?<=[^.!?\s]\s+)\p{Lu}\p{Ll}+/gu) ?? [];
  return new Set(found.map((name) => name.toLowerCase()));
}
