import { type ArgumentsSchema, escapedText, type JsonSchema, type JsonSchemaObject, setOwn } from '../model/index.ts';
import { rememberedByKey } from './remembered-by-key.ts';
import { isSafeKey, safeKey, shortHash } from './safe-key.ts';

/** Something that should become an argument of the tool. */
export interface ArgumentWish {
  /** The name in the document. */
  readonly name: string;
  /** The argument name that the document asks for (`x-mcp`). */
  readonly shownAs?: string | undefined;
  /** For messages: `query parameter`, `property of the body`. */
  readonly what: string;
  /** Appended to distinguish arguments with the same name: `id_query`. */
  readonly place: string;
}

/** An argument that has no key yet. */
export interface WantedArgument extends ArgumentWish {
  /** What the argument represents: a parameter, a property of the body … */
  readonly of: object;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/** Returns the key of the argument that represents a subject. */
export type KeyOf = (subject: object) => string;

export function keysOf(wanted: readonly WantedArgument[]): KeyOf {
  const keys = argumentKeys(wanted);
  const bySubject = new Map<object, string | undefined>();
  for (let index = 0; index < wanted.length; index++) bySubject.set((wanted[index] as WantedArgument).of, keys[index]);
  return (subject) => {
    const key = bySubject.get(subject);
    if (key === undefined) throw new Error(`Nothing was wanted for ${JSON.stringify(subject)}.`);
    return key;
  };
}

/** If several locations use a name, the first one in this list keeps it. */
const PRIORITY = ['path', 'query', 'querystring', 'header', 'cookie', 'body', 'part'];

/**
 * A key for each wish: safe for every provider, unique, and derived from names and locations alone, so that the order
 * of the document does not matter. A safe name is kept; if several locations use it, the first one in the order path,
 * query, header, cookie, body keeps it and the others become `<name>_<place>`.
 */
export function argumentKeys(wishes: readonly ArgumentWish[]): readonly string[] {
  const keys = wishes.map(({ name, shownAs = name }) => safeKey(shownAs));
  return new Set(keys).size === keys.length ? keys : distinctKeys(wishes);
}

function distinctKeys(wishes: readonly ArgumentWish[]): readonly string[] {
  const order = wishes
    .map(({ name, shownAs = name, place }, index) => ({ name: shownAs, place, rank: PRIORITY.indexOf(place), index }))
    .sort((a, b) => a.rank - b.rank || compare(a.place, b.place) || compare(a.name, b.name));
  const keys: string[] = [];
  const taken = new Set<string>();
  const give = (index: number, key: string) => {
    keys[index] = key;
    taken.add(key);
  };
  for (const { name, index } of order) if (isSafeKey(name) && !taken.has(name)) give(index, name);
  for (const { name, place, index } of order) {
    if (keys[index] !== undefined) continue;
    const key = safeKey(name);
    if (!taken.has(key)) {
      give(index, key);
      continue;
    }
    // The location only distinguishes two names in the same location if the other one kept its name.
    const twin = order.some((other) => keys[other.index] === key && other.place === place && other.name !== key);
    const candidates = [
      ...(twin ? [] : [safeKey(`${key}_${place}`)]),
      `${key.slice(0, 50)}_${shortHash(`${place} ${name}`)}`,
    ];
    const free = candidates.find((candidate) => !taken.has(candidate));
    give(index, free ?? `${key.slice(0, 40)}_${place}_${shortHash(`${place} ${name} ${index}`)}`.slice(0, 64));
  }
  return keys;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function argumentsSchema(
  wanted: readonly WantedArgument[],
  keyOf: KeyOf,
  { together, extras }: { readonly together: ArgumentsSchema['dependentRequired']; readonly extras: JsonSchema },
): ArgumentsSchema {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const wish of wanted) {
    const key = keyOf(wish.of);
    setOwn(properties, key, describedAs(wish, key));
    if (wish.required) required.push(key);
  }
  return {
    type: 'object',
    properties,
    required,
    ...(together && Object.keys(together).length > 0 && { dependentRequired: together }),
    additionalProperties: extras,
  };
}

/** If the key differs from the name, the schema of the argument describes what it represents. */
const describedAs = (wanted: WantedArgument, key: string): JsonSchema =>
  key === wanted.name ? wanted.schema : renamedAs(wanted, key);

const renamedAs = rememberedByKey(({ schema, name, what }: WantedArgument): JsonSchema => {
  const base: JsonSchemaObject = typeof schema === 'boolean' ? (schema ? {} : { not: {} }) : schema;
  const note = `The ${what} "${escapedText(name)}".`;
  return { ...base, description: base.description === undefined ? note : `${base.description} ${note}` };
});
