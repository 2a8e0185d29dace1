import { type JsonSchema, type JsonSchemaObject, type JsonTypeName, sharedSchema } from '../../../model/index.ts';
import { jsonBytes } from '../../../model/tool-bytes.ts';
import type { PossibleTypes } from './possible-types.ts';

type Shared = Readonly<Record<string, JsonSchema>>;

/** The short form of a schema. */
export interface FoldedForm {
  /** Without a description. */
  readonly bare: JsonSchemaObject;
  /** The description of the schema, or of its target. */
  readonly description: string | undefined;
}

/**
 * The short form of a schema, which accepts everything that the schema accepts: `{"type":"object"}`,
 * `{"type":"array","items":{"type":"object"}}`, or `{}` for other types and unions. Its default and its bounds stay if
 * they are short.
 */
export function foldedForm(schema: JsonSchemaObject, shared: Shared, typesOf: PossibleTypes): FoldedForm {
  const items = itemsOf(schema, shared);
  const shape = shapeOf(schema, typesOf);
  const bare = {
    ...shape,
    ...(shape.type !== undefined && [shape.type].flat().includes('array') && { items: itemForm(items, typesOf) }),
    ...kept(schema),
  };
  return { bare, description: descriptionOf(schema, shared) };
}

/** The form with the first sentence of a description, if it has at most so many characters. */
export function withSentence(bare: JsonSchemaObject, text: string | undefined, longest: number): JsonSchemaObject {
  const { description } = shortDescription(text, Math.min(longest, LONGEST_SENTENCE));
  return description === undefined ? bare : { ...bare, description };
}

/** The type, if it is certain to be an object or an array, or `null`. */
function shapeOf(schema: JsonSchemaObject, typesOf: PossibleTypes): JsonSchemaObject {
  const types = typesOf(schema);
  const [only, ...others] = [...types].filter((type) => type !== 'null');
  if (others.length > 0 || (only !== 'object' && only !== 'array')) return {};
  if (!types.has('null')) return { type: only };
  if (isNullable(schema)) return { type: only, nullable: true } as JsonSchemaObject;
  // Profiles that write `nullable` take no lists of types.
  if ([...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].some(isNullable)) return {};
  return { type: [only, 'null'] satisfies JsonTypeName[] };
}

const isNullable = (schema: JsonSchema): boolean =>
  typeof schema === 'object' && 'nullable' in schema && schema.nullable === true;

function itemForm(items: JsonSchema | undefined, typesOf: PossibleTypes): JsonSchema {
  if (items === undefined || typeof items === 'boolean') return {};
  const shape = shapeOf(items, typesOf);
  return [shape.type].flat().includes('array') ? { ...shape, items: {} } : shape;
}

/** A schema that every item matches. */
function itemsOf(schema: JsonSchemaObject, shared: Shared): JsonSchema | undefined {
  const met = new Set<JsonSchema>();
  for (let next: JsonSchema | undefined = schema; typeof next === 'object' && !met.has(next); ) {
    if (next.items !== undefined && next.prefixItems === undefined) return next.items;
    met.add(next);
    next = next.$ref === undefined ? undefined : sharedSchema(next.$ref, shared);
  }
  return undefined;
}

const KEPT = ['deprecated', 'minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties'] as const;
const LONGEST_DEFAULT = 200;

function kept(schema: JsonSchemaObject): JsonSchemaObject {
  const result: Record<string, unknown> = {};
  for (const keyword of KEPT) if (schema[keyword] !== undefined) result[keyword] = schema[keyword];
  const { default: value } = schema;
  if (value !== undefined && jsonBytes(value) <= LONGEST_DEFAULT) result.default = value;
  return result;
}

const LONGEST_SENTENCE = 120;

function descriptionOf(schema: JsonSchemaObject, shared: Shared): string | undefined {
  const target = schema.$ref === undefined ? undefined : sharedSchema(schema.$ref, shared);
  return schema.description ?? (typeof target === 'object' ? target.description : undefined);
}

/** The text, or its first sentence, or as many words of that as fit into `longest` characters. */
export function cutDescription(text: string, longest: number): Pick<JsonSchemaObject, 'description'> {
  const { description } = shortDescription(text, longest);
  if (description !== undefined || longest === 0) return description === undefined ? {} : { description };
  const start = firstSentence(text).slice(0, longest - 2);
  const end = start.lastIndexOf(' ');
  return { description: `${end > longest / 2 ? start.slice(0, end) : start} …` };
}

/** The text, or its first sentence; nothing if that has more characters than `longest`. */
function shortDescription(text: string | undefined, longest: number): Pick<JsonSchemaObject, 'description'> {
  if (text === undefined || text.length <= longest) return text ? { description: text } : {};
  const sentence = firstSentence(text);
  return sentence.length <= longest ? { description: sentence } : {};
}

/** Up to the first full stop that ends a sentence, or the first empty line. */
function firstSentence(text: string): string {
  const [paragraph = ''] = text.trim().split(/\n\s*\n/, 1);
  const end = /[.!?](?=\s)/.exec(paragraph)?.index;
  return end === undefined ? paragraph : paragraph.slice(0, end + 1);
}
