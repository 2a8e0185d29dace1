import { type JsonSchema, type JsonSchemaObject, type Schemas, sharedSchema } from '../../../model/index.ts';
import type { AnswerFields } from '../../answer-meta.ts';
import { isRecord } from '../../is-record.ts';
import { remembered } from '../../remembered.ts';

/** Deeper names are not checked. */
const MOST_LEVELS = 6;

/** The fields of a response with this schema; `undefined` if nothing is known of it. */
export function answerFields(schema: JsonSchema | undefined, schemas: Schemas): AnswerFields | undefined {
  const walk: Walk = { schemas, known: knownOf(schemas), cuts: 0, left: MOST_STEPS };
  const found = schema === undefined ? true : fieldsOf(schema, { walk, level: 0, within: [] });
  return found === true ? undefined : found;
}

/** For a response. More is left unknown: types may consist of each other in more ways than can be followed. */
const MOST_STEPS = 100_000;

type Known = Map<string, AnswerFields | true>;

/** What is known of the shared schemas of a model: its responses are made of the same types. */
const knownOf = remembered((_schemas: Schemas): Known => new Map());

interface Walk {
  readonly schemas: Schemas;
  /** By level and name. */
  readonly known: Known;
  /** How often a reference was not followed, because it leads back to itself. */
  cuts: number;
  /** Steps that may still be taken. */
  left: number;
}

interface Place {
  readonly walk: Walk;
  readonly level: number;
  /** The references that were followed at this level: a type may consist of itself. Levels are limited anyway. */
  readonly within: readonly string[];
}

function fieldsOf(schema: JsonSchema, place: Place): AnswerFields | true {
  if (typeof schema === 'boolean' || place.level > MOST_LEVELS || --place.walk.left < 0) return true;
  const { $ref } = schema;
  if (typeof $ref === 'string') return referenced($ref, place);
  const parts = [ownFields(schema, place), ...combined(schema, place)].filter((part) => part !== undefined);
  if (parts.length === 0) return true;
  // One alternative of which nothing is known may have any name.
  return parts.includes(true) ? true : parts.reduce((one, other) => merged(one as AnswerFields, other as AnswerFields));
}

function referenced(ref: string, { walk, level, within }: Place): AnswerFields | true {
  const target = sharedSchema(ref, walk.schemas);
  if (target === undefined) return true;
  if (within.includes(ref)) {
    walk.cuts += 1;
    return true;
  }
  const key = `${level} ${ref}`;
  const before = walk.known.get(key);
  if (before !== undefined) return before;
  const { cuts } = walk;
  const found = fieldsOf(target, { walk, level, within: [...within, ref] });
  // Otherwise it depends on the way here.
  if (walk.cuts === cuts && walk.left >= 0) walk.known.set(key, found);
  return found;
}

function ownFields(schema: JsonSchemaObject, place: Place): AnswerFields | true | undefined {
  const { items, properties, additionalProperties } = schema;
  const below = { ...place, level: place.level + 1, within: [] };
  if (items !== undefined) {
    const found = fieldsOf(items as JsonSchema, place);
    return found === true ? true : { ...found, isList: true };
  }
  if (isRecord(properties) && Object.keys(properties).length > 0) {
    const names = Object.entries(properties).map(([name, inner]) => [name, fieldsOf(inner as JsonSchema, below)]);
    // Undeclared names are possible almost everywhere. They count only where the document says so.
    const isOpen = additionalProperties === true || isRecord(additionalProperties);
    return { names: Object.fromEntries(names), isOpen };
  }
  const { type } = schema;
  return type === 'object' || (Array.isArray(type) && type.includes('object')) || type === 'array' ? true : undefined;
}

function combined(schema: JsonSchemaObject, place: Place): readonly (AnswerFields | true)[] {
  return (['allOf', 'anyOf', 'oneOf'] as const).flatMap((key) => {
    const branches = schema[key];
    if (!Array.isArray(branches)) return [];
    const known = branches.filter((branch) => !isNull(branch)).map((branch) => fieldsOf(branch, place));
    // Of `allOf`, each adds what it knows.
    return key === 'allOf' ? known.filter((part) => part !== true) : known;
  });
}

const isNull = (schema: unknown): boolean => isRecord(schema) && schema.type === 'null';

function merged(one: AnswerFields, other: AnswerFields): AnswerFields {
  if (one === other) return one;
  const names: Record<string, AnswerFields | true> = { ...one.names };
  for (const [name, inner] of Object.entries(other.names)) {
    const known = Object.hasOwn(names, name) ? names[name] : undefined;
    names[name] = known === undefined ? inner : known === true || inner === true ? true : merged(known, inner);
  }
  return { names, isOpen: one.isOpen || other.isOpen, ...(one.isList && other.isList && { isList: true }) };
}
