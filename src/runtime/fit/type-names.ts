import { estimateTokens } from './count.ts';
import { type Fields, type KnownType, MARKS, mark } from './type-text.ts';
import { wordsOf } from './words.ts';

type Known = ReadonlyMap<string, KnownType>;

/** Gives names to the types that take fewer tokens if they are written once. */
export function nameShared(
  known: Known,
  lists: readonly Fields[],
): { readonly types: readonly string[]; readonly shown: readonly string[] } {
  const spreads = spreadTypes(known, lists);
  const spread = new Set(spreads);
  const written = lists.map((fields, index) => {
    const id = spreads[index];
    const own = new Set(id === undefined ? [] : known.get(id)?.fields);
    const others = fields.filter((field) => !own.has(field));
    return (id === undefined ? fields : [`...${mark(id)}`, ...others]).join(',');
  });
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const [id, count] of countUses(known, written)) {
    const type = known.get(id);
    if (!type) continue;
    const name = typeName(commonHint(type.hints));
    const isNamed = type.isRecursive || spread.has(id) || saved(type.text, count, name) > 0;
    if (isNamed) names.set(id, freeName(name, taken));
  }
  const show = (text: string): string =>
    text
      // A name needs no parentheses.
      .replace(GROUPED_MARKS, (group, id: string) => names.get(id) ?? group)
      .replace(MARKS, (_, id: string) => names.get(id) ?? show(known.get(id)?.text ?? 'object'));
  return {
    types: [...names].map(([id, name]) => `${name}=${show(known.get(id)?.text ?? 'object')}`),
    shown: written.map(show),
  };
}

const GROUPED_MARKS = new RegExp(`\\(${MARKS.source}\\)`, 'g');

/** For each list of arguments, the largest type whose fields it contains, if others use that type too. */
function spreadTypes(known: Known, lists: readonly Fields[]): readonly (string | undefined)[] {
  const byField = new Map<string, [id: string, fields: Fields][]>();
  for (const [id, { fields = [], text, isRecursive }] of known) {
    const [first] = fields;
    if (first === undefined || fields.length < LEAST_FIELDS || isRecursive || text.length < LEAST_TEXT) continue;
    const others = byField.get(first) ?? [];
    byField.set(first, others);
    others.push([id, fields]);
  }
  const found = lists.map((list) => {
    const own = new Set(list);
    const candidates = list.flatMap((field) => byField.get(field) ?? []);
    return candidates
      .filter(([, fields]) => fields.every((field) => own.has(field)))
      .sort(([, one], [, other]) => other.length - one.length)
      .map(([id]) => id);
  });
  const uses = new Map(
    countUses(
      known,
      lists.map((fields) => fields.join(',')),
    ),
  );
  for (const id of found.flat()) uses.set(id, (uses.get(id) ?? 0) + 1);
  const worth = new Set(
    [...uses].flatMap(([id, count]) => {
      const type = known.get(id);
      return type && saved(type.text, count, typeName(commonHint(type.hints))) >= LEAST_SAVED ? [id] : [];
    }),
  );
  return found.map((ids) => ids.find((id) => worth.has(id)));
}
const LEAST_FIELDS = 3;
const LEAST_TEXT = 24;
/** Tokens: below, the arguments themselves read better. */
const LEAST_SAVED = 15;

function countUses(known: Known, texts: readonly string[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  const count = (text: string): void => {
    for (const [, id = ''] of text.matchAll(MARKS)) {
      const before = uses.get(id) ?? 0;
      uses.set(id, before + 1);
      if (before === 0) count(known.get(id)?.text ?? '');
    }
  };
  for (const text of texts) count(text);
  return uses;
}

/** The tokens that a name saves: its type is written once instead of `count` times. */
function saved(text: string, count: number, name: string): number {
  if (count < 2) return 0;
  const named = estimateTokens(name);
  return estimateTokens(text.replace(MARKS, 'Type')) * (count - 1) - named * (count + 1) - EXTRA_TOKENS;
}
/** `=` and the line break. */
const EXTRA_TOKENS = 2;

function freeName(base: string, taken: Set<string>): string {
  for (let index = 1; ; index++) {
    const name = index === 1 ? base : `${base}${index}`;
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}

/** The name that most places give to the type, else the words that all of them share: `addPet`, `updatePet` → `Pet`. */
function commonHint(hints: readonly string[]): string {
  const [first = ''] = hints;
  const counts = new Map<string, number>();
  for (const hint of hints) counts.set(hint, (counts.get(hint) ?? 0) + 1);
  const [most = first, count = 0] = [...counts].sort(([, one], [, other]) => other - one)[0] ?? [];
  if (count * 2 > hints.length) return most;
  const shared = wordsOf(first).filter((word) => hints.every((hint) => wordsOf(hint).includes(word)));
  return shared.slice(-MOST_WORDS).join('_');
}

const MOST_WORDS = 3;

const typeName = (hint: string): string =>
  hint
    .replace(/[^\p{L}\p{N}]+(.)?/gu, (_, next: string = '') => next.toUpperCase())
    .replace(/^./u, (first) => first.toUpperCase())
    .replace(/^(?=\p{N}|$)/u, 'T');
