import type { JsonSchema, JsonSchemaObject } from '../../../model/index.ts';
import type { AnswerFields } from '../../answer-meta.ts';
import { isRecord } from '../../is-record.ts';

/** Deeper names are not checked. */
const MOST_LEVELS = 6;

/** The fields of a response with this schema; `undefined` if nothing is known of it. */
export function answerFields(
  schema: JsonSchema | undefined,
  schemas: Readonly<Record<string, JsonSchema>>,
): AnswerFields | undefined {
  const found = schema === undefined ? true : fieldsOf(schema, { schemas, level: 0, within: [] });
  return found === true ? undefined : found;
}

interface Place {
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  readonly level: number;
  /** The references on the way here: a type may contain itself. */
  readonly within: readonly string[];
}

function fieldsOf(schema: JsonSchema, place: Place): AnswerFields | true {
  if (typeof schema === 'boolean' || place.level > MOST_LEVELS) return true;
  const { $ref } = schema;
  if (typeof $ref === 'string') {
    const name = decodeURIComponent(
      $ref
        .slice($ref.lastIndexOf('/') + 1)
        .replaceAll('~1', '/')
        .replaceAll('~0', '~'),
    );
    const target = Object.hasOwn(place.schemas, name) ? place.schemas[name] : undefined;
    if (target === undefined || place.within.includes(name)) return true;
    return fieldsOf(target, { ...place, within: [...place.within, name] });
  }
  const parts = [ownFields(schema, place), ...combined(schema, place)].filter((part) => part !== undefined);
  if (parts.length === 0) return true;
  // One alternative of which nothing is known may have any name.
  return parts.includes(true) ? true : parts.reduce((one, other) => merged(one as AnswerFields, other as AnswerFields));
}

function ownFields(schema: JsonSchemaObject, place: Place): AnswerFields | true | undefined {
  const { items, properties, additionalProperties } = schema;
  const below = { ...place, level: place.level + 1 };
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
  const names: Record<string, AnswerFields | true> = { ...one.names };
  for (const [name, inner] of Object.entries(other.names)) {
    const known = Object.hasOwn(names, name) ? names[name] : undefined;
    names[name] = known === undefined ? inner : known === true || inner === true ? true : merged(known, inner);
  }
  return { names, isOpen: one.isOpen || other.isOpen, ...(one.isList && other.isList && { isList: true }) };
}
