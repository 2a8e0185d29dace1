import { factsOf, type OperationFacts } from '../../api/facts/facts.ts';
import { FIELDS, fieldIndex, nameStems, staticSegments, toolWords } from '../../api/facts/fields.ts';
import { tagsOf } from '../../origin-meta.ts';
import type { Tool } from '../../provider.ts';
import { createLexicon } from './lexicon.ts';
import { type Query, readQuery } from './query.ts';
import { ACTIONS_OF_VERB, type Action, ALSO_ANSWERS, READS } from './vocabulary.ts';
import { WEIGHTS } from './weights.ts';

/** A tool that was found. */
export interface Hit {
  readonly tool: Tool;
  readonly score: number;
  /** Arguments whose values another tool returns. */
  readonly needs: readonly { readonly argument: string; readonly tool: Tool }[];
}

export interface Found {
  readonly hits: readonly Hit[];
  /** Whether the best hit matches too little of the request to be trusted. */
  readonly isUncertain: boolean;
}

export interface SearchIndex {
  search(request: string, options: { readonly limit: number; readonly tag?: string }): Found;
  /** The tools with a tag, in their order. */
  tagged(tag: string): readonly Hit[];
  /** Tags with the number of their tools, most frequent first. */
  readonly tags: readonly (readonly [tag: string, count: number])[];
}

interface Entry {
  readonly tool: Tool;
  readonly facts: OperationFacts | undefined;
  readonly action: Action | undefined;
  readonly tags: readonly string[];
  /** Stems of the last static segment of the path, or of the name. */
  readonly head: ReadonlySet<string>;
  /** The path without a parameter at its end: operations with the same one act on the same kind of object. */
  readonly resource: string;
  /** Stems of path and name, without verbs and the names of path parameters. */
  readonly nouns: readonly string[];
  /** Of the path or name: of equally good operations, the one with the shortest comes first. */
  readonly length: number;
}

/** What ranking needs to know about all tools, computed once. By index of the tool. */
interface Ranking {
  readonly entries: readonly Entry[];
  readonly postings: Postings;
  /** The rarity of each noun. */
  readonly nounRarities: readonly (readonly number[])[];
  /** Tools with the same number act on the same resource. */
  readonly resources: readonly number[];
}

/**
 * An index of tools: BM25F over the fields of each operation, then what the request asks for (verb and resource), then
 * the operations that return the ids that the best hits require. Deterministic; uses no network and no model.
 */
export function createSearchIndex(tools: readonly Tool[]): SearchIndex {
  const entries = tools.map(entryOf);
  const postings = indexWords(entries);
  const byOperation = indexOperations(entries);
  const lexicon = createLexicon(
    postings,
    entries.flatMap(({ nouns }) => nouns),
  );
  const ranking = { entries, postings, nounRarities: raritiesOf(entries, postings), resources: numbered(entries) };
  const needsOf = (index: number) => needed(index, entries, byOperation);
  const toolAt = (index: number): Tool => (entries[index] as Entry).tool;
  const hitOf = (index: number, score: number): Hit => ({
    tool: toolAt(index),
    score,
    needs: needsOf(index).map(({ argument, index: other }) => ({ argument, tool: toolAt(other) })),
  });
  return {
    tags: countTags(entries),
    tagged: (tag) => entries.flatMap(({ tags }, index) => (tags.includes(tag) ? [hitOf(index, 0)] : [])),
    search(request, { limit, tag }) {
      const isMeant = ({ index }: Ranked) => tag !== undefined && entries[index]?.tags.includes(tag) === true;
      const query = readQuery(request, lexicon);
      const everything = rank(query, ranking);
      const ranked = tag === undefined ? everything : everything.filter(isMeant);
      const order = withPrerequisites(ranked, { limit, needsOf });
      const hits = order.map((index) => hitOf(index, ranked.find((each) => each.index === index)?.score ?? 0));
      return { hits, isUncertain: isUncertain(query, ranked[0], postings) };
    },
  };
}

function entryOf(tool: Tool): Entry {
  const facts = factsOf(tool);
  const segments = facts ? staticSegments(facts.path) : [];
  const name = nameStems(facts?.name ?? tool.name);
  const head = new Set(nameStems(segments.at(-1) ?? ''));
  const tags = facts?.tags ?? tagsOf(tool);
  return {
    tool,
    facts,
    action: actionOf(tool, facts),
    tags,
    resource: facts ? `${facts.api} ${facts.path.replace(/(?:\/\{[^{}]*\})*\/?$/, '')}` : tool.name,
    head: head.size > 0 ? head : new Set(name),
    nouns: nounsOf(segments.flatMap(nameStems), name, facts),
    length: facts?.path.length ?? tool.name.length,
  };
}

function nounsOf(
  ofPath: readonly string[],
  name: readonly string[],
  facts: OperationFacts | undefined,
): readonly string[] {
  // A generated operationId repeats the path, with its parameters.
  const ofParameters = new Set((facts?.path.match(/\{[^{}]*\}/g) ?? []).flatMap(nameStems));
  const ofName = name.filter((word) => !ofParameters.has(word));
  return [...new Set([...ofPath, ...ofName])].filter((word) => !ACTIONS_OF_VERB.has(word));
}

/** From the method and path, unless the verb in the name or summary says otherwise: `POST …/search`. */
function actionOf({ name, title, annotations }: Tool, facts: OperationFacts | undefined): Action | undefined {
  const words = [...nameStems(facts?.name ?? name).slice(0, 3), ...nameStems(title ?? '').slice(0, 2)];
  const verb = words.find((word) => ACTIONS_OF_VERB.has(word));
  const meant = verb === undefined ? undefined : ACTIONS_OF_VERB.get(verb);
  const usual = facts ? actionOfMethod(facts) : annotations?.readOnlyHint ? 'read' : undefined;
  if (meant === undefined || (usual !== undefined && meant.has(usual))) return usual;
  // A GET never changes anything, whatever its name says.
  const [first] = meant;
  if (facts?.method === 'GET' && first !== 'search') return usual;
  return first;
}

function actionOfMethod({ method, path }: OperationFacts): Action | undefined {
  const isOne = /\}\/?$/.test(path);
  switch (method) {
    case 'GET':
    case 'QUERY':
      return isOne ? 'read' : 'list';
    case 'POST':
      return isOne ? 'update' : 'create';
    case 'PUT':
    case 'PATCH':
      return 'update';
    case 'DELETE':
      return 'delete';
    default:
      return undefined;
  }
}

/** Where a stem occurs. */
interface Posting {
  readonly indexes: readonly number[];
  /** How often in each of these tools, weighted and normalised. */
  readonly counts: readonly number[];
  /** Inverse document frequency. */
  readonly rarity: number;
}
type Postings = ReadonlyMap<string, Posting>;

function indexWords(entries: readonly Entry[]): Postings {
  const fields = entries.map(({ tool, facts }) => fieldsOf(tool, facts));
  const average = FIELDS.map((_, field) => {
    const lengths = fields.map((words) => words[field]?.length ?? 0).filter((length) => length > 0);
    return lengths.reduce((sum, length) => sum + length, 0) / (lengths.length || 1);
  });
  const postings = new Map<string, { indexes: number[]; counts: number[]; rarity: number }>();
  for (const [index, ofEntry] of fields.entries()) {
    const counts = new Map<string, number>();
    for (const [field, words] of ofEntry.entries()) {
      if (words.length === 0) continue;
      const weight =
        (FIELDS[field]?.weight ?? 0) / (1 - WEIGHTS.b + (WEIGHTS.b * words.length) / (average[field] ?? 1));
      for (const word of words) counts.set(word, (counts.get(word) ?? 0) + weight);
    }
    for (const [word, count] of counts) {
      const known = postings.get(word);
      if (known) {
        known.indexes.push(index);
        known.counts.push(count);
      } else postings.set(word, { indexes: [index], counts: [count], rarity: 0 });
    }
  }
  for (const posting of postings.values()) posting.rarity = rarity(posting.indexes.length, entries.length);
  return postings;
}

const NO_WORDS: readonly string[] = [];

/** Words from the facts; with the name and description of the tool, if a transform has changed them. */
function fieldsOf(tool: Tool, facts: OperationFacts | undefined): readonly (readonly string[])[] {
  const split = (words: readonly string[]) =>
    FIELDS.map((_, field) => (words[field] ? words[field].split(' ') : NO_WORDS));
  if (!facts) return split(toolWords(tool));
  const own = split(facts.words);
  if (facts.name === tool.name && facts.description === (tool.description ?? '')) return own;
  const shown = split(toolWords(tool));
  const changed = new Set<number>();
  if (facts.name !== tool.name) changed.add(fieldIndex('name'));
  if (facts.description !== (tool.description ?? '')) {
    changed.add(fieldIndex('summary'));
    changed.add(fieldIndex('description'));
  }
  return own.map((words, field) => (changed.has(field) ? [...new Set([...words, ...(shown[field] ?? [])])] : words));
}

interface Ranked {
  readonly index: number;
  readonly score: number;
}

function raritiesOf(entries: readonly Entry[], postings: Postings): readonly (readonly number[])[] {
  return entries.map(({ nouns }) => nouns.map((noun) => postings.get(noun)?.rarity ?? 0));
}

function numbered(entries: readonly Entry[]): readonly number[] {
  const numbers = new Map<string, number>();
  for (const { resource } of entries) if (!numbers.has(resource)) numbers.set(resource, numbers.size);
  return entries.map(({ resource }) => numbers.get(resource) ?? 0);
}

/** Loops over indexes, because every tool may be visited for every word. */
function rank(query: Query, { entries, postings, nounRarities, resources }: Ranking): readonly Ranked[] {
  const scores = new Float64Array(entries.length);
  const best = new Float64Array(entries.length);
  for (const concept of query.concepts) {
    best.fill(0);
    const [own = ''] = concept.keys();
    // A synonym says no more than the word that it stands for, however rare it is.
    const most = postings.get(own)?.rarity ?? Number.POSITIVE_INFINITY;
    for (const [word, weight] of concept) {
      const found = postings.get(word);
      if (!found) continue;
      const rare = weight * Math.min(most, found.rarity);
      for (let at = 0; at < found.indexes.length; at++) {
        const index = found.indexes[at] ?? 0;
        const count = found.counts[at] ?? 0;
        const gain = (rare * count * (WEIGHTS.k1 + 1)) / (count + WEIGHTS.k1);
        if (gain > (best[index] ?? 0)) best[index] = gain;
      }
    }
    for (let index = 0; index < best.length; index++) scores[index] = (scores[index] ?? 0) + (best[index] ?? 0);
  }
  const wanted = wantedActions(query);
  const wantsChange = wanted.size > 0 && ![...READS].some((action) => wanted.has(action));
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index] ?? 0;
    if (score > 0) {
      const entry = entries[index] as Entry;
      scores[index] = score * fitness(entry, { query, wanted, wantsChange, rarities: nounRarities[index] ?? [] });
    }
  }
  const lengthOf = ({ index }: Ranked): number => entries[index]?.length ?? 0;
  return withNeighbours(scores, resources).sort(
    (a, b) => b.score - a.score || lengthOf(a) - lengthOf(b) || a.index - b.index,
  );
}

/** Operations on a resource that was found gain by it, also those that share no word with the request. */
function withNeighbours(scores: Float64Array, resources: readonly number[]): Ranked[] {
  const best = new Float64Array(scores.length);
  for (let index = 0; index < scores.length; index++) {
    const resource = resources[index] ?? 0;
    best[resource] = Math.max(best[resource] ?? 0, scores[index] ?? 0);
  }
  const ranked: Ranked[] = [];
  for (let index = 0; index < scores.length; index++) {
    const score = (scores[index] ?? 0) + WEIGHTS.neighbour * (best[resources[index] ?? 0] ?? 0);
    if (score > 0) ranked.push({ index, score });
  }
  return ranked;
}

const rarity = (count: number, all: number): number => Math.log(1 + (all - count + 0.5) / (count + 0.5));

const wantedActions = ({ actions }: Query): ReadonlySet<Action | undefined> =>
  new Set([...actions].flatMap((one) => [one, ...ALSO_ANSWERS[one]]));

interface Asked {
  readonly query: Query;
  /** The actions that answer it. */
  readonly wanted: ReadonlySet<Action | undefined>;
  /** Whether all of them change something. */
  readonly wantsChange: boolean;
  /** Of the nouns of the operation. */
  readonly rarities: readonly number[];
}

/** How well the operation fits what is asked for: its verb, its resource, and how much of it was not asked for. */
function fitness({ action, head, nouns, facts }: Entry, { query, wanted, wantsChange, rarities }: Asked): number {
  let asked = 0;
  for (const one of head) if (query.stems.has(one)) asked += 1;
  let unasked = 0;
  let all = 0;
  for (let at = 0; at < nouns.length; at++) {
    const rare = rarities[at] ?? 0;
    all += rare;
    if (!query.stems.has(nouns[at] ?? '')) unasked += rare;
  }
  return (
    (wanted.has(action) ? WEIGHTS.action : 1) *
    (action !== undefined && (READS.has(action) ? wantsChange : query.isQuestion) ? WEIGHTS.otherKind : 1) *
    (query.hasName && action === 'search' ? WEIGHTS.searchForName : 1) *
    (1 + (WEIGHTS.resource * asked) / (head.size || 1)) *
    (1 - (WEIGHTS.unasked * unasked) / (all || 1)) *
    (facts?.deprecated ? WEIGHTS.deprecated : 1)
  );
}

interface Needs {
  readonly limit: number;
  readonly needsOf: (index: number) => readonly { readonly index: number }[];
}

/** The best tools, with those that return what they require. */
function withPrerequisites(ranked: readonly Ranked[], { limit, needsOf }: Needs): readonly number[] {
  const best = ranked.slice(0, WEIGHTS.keptHits);
  const needed = best.flatMap(({ index }) => needsOf(index).slice(-1));
  // Some of the others may be needed by the best.
  const others = ranked.slice(WEIGHTS.keptHits, WEIGHTS.keptHits + limit + needed.length);
  return [...new Set([...best, ...needed, ...others].map(({ index }) => index))].slice(0, limit);
}

/** Operation → the tools that perform it: an API may be mounted twice. */
function indexOperations(entries: readonly Entry[]): ReadonlyMap<string, readonly number[]> {
  const byOperation = new Map<string, number[]>();
  for (const [index, { facts }] of entries.entries()) {
    if (!facts) continue;
    const key = `${facts.api} ${facts.operation}`;
    byOperation.set(key, [...(byOperation.get(key) ?? []), index]);
  }
  return byOperation;
}

function needed(index: number, entries: readonly Entry[], byOperation: ReadonlyMap<string, readonly number[]>) {
  const { facts } = entries[index] as Entry;
  return (facts?.needs ?? []).flatMap(({ argument, operation }) => {
    const tools = byOperation.get(`${facts?.api} ${operation}`) ?? [];
    // If an API is mounted twice, the tools of one mount are neighbours.
    const [nearest] = [...tools].sort((a, b) => Math.abs(a - index) - Math.abs(b - index));
    return nearest === undefined || nearest === index ? [] : [{ argument, index: nearest }];
  });
}

/** Below this share of the words that say what the request is about, the reply says so. */
const CERTAIN = 0.34;

function isUncertain({ concepts }: Query, best: Ranked | undefined, postings: Postings): boolean {
  if (!best) return true;
  const nouns = concepts.filter((concept) => {
    const [word = '', weight = 0] = [...concept][0] ?? [];
    return weight >= WEIGHTS.own && !ACTIONS_OF_VERB.has(word);
  });
  if (nouns.length === 0) return false;
  const matched = nouns.filter((concept) =>
    [...concept.keys()].some((word) => postings.get(word)?.indexes.includes(best.index)),
  );
  return matched.length / nouns.length < CERTAIN;
}

function countTags(entries: readonly Entry[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { tags } of entries) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
}
