import { FILE_INPUT_SCHEMA, type JsonSchema, type JsonSchemaObject, mediaKind, sharedSchema } from '../model/index.ts';
import { given } from '../runtime/given.ts';

type Shared = Readonly<Record<string, JsonSchema>>;

/** A schema whose values are files, or null. */
export interface FileForm {
  /** A list of files; `either`: one file or a list. */
  readonly list: boolean | 'either';
  readonly nullable: boolean;
  /** `contentMediaType`, if the schema has one. */
  readonly mediaType: string | undefined;
}

/**
 * Describes how the values of a schema are raw bytes; `undefined` if they are not. References, `allOf` and unions are
 * resolved: a union with null only makes a file optional.
 *
 * @param mediaTypes the media types in the encoding of the part
 */
export function fileForm(schema: JsonSchema, mediaTypes: readonly string[], shared: Shared): FileForm | undefined {
  return formOf(schema, mediaTypes, shared, 0);
}

function formOf(schema: JsonSchema, mediaTypes: readonly string[], shared: Shared, depth: number) {
  const all = alternatives(schema, shared, 0);
  const values = all.flatMap(withoutNull);
  if (values.length === 0 || depth > 1) return undefined;
  const forms = values.flatMap(byType).map((facts): 'file' | 'list' | undefined => {
    if (isRawBytes(facts, mediaTypes)) return 'file';
    if (facts.types?.[0] !== 'array' && (facts.types || facts.items === undefined)) return undefined;
    return formOf(facts.items ?? true, mediaTypes, shared, depth + 1)?.list === false ? 'list' : undefined;
  });
  if (forms.includes(undefined)) return undefined;
  const kinds = new Set(forms);
  const items = values.flatMap((facts) => (facts.items === undefined ? [] : alternatives(facts.items, shared, 0)));
  return {
    list: kinds.size > 1 ? ('either' as const) : kinds.has('list'),
    nullable: all.some(({ types }) => types?.includes('null')),
    mediaType: [...values, ...items].find(({ contentMediaType }) => contentMediaType !== undefined)?.contentMediaType,
  };
}

/** The schema of the items, if every value but null is a list. */
export function listItem(schema: JsonSchema, shared: Shared): JsonSchema | undefined {
  const values = alternatives(schema, shared, 0).flatMap(withoutNull);
  const isList = values.length > 0 && values.every(({ types }) => types?.length === 1 && types[0] === 'array');
  return isList ? (values[0]?.items ?? true) : undefined;
}

/** The schema of an argument that takes these files. */
export function fileArgument(property: JsonSchema, form: FileForm): JsonSchemaObject {
  const { description } = typeof property === 'object' ? property : {};
  const said = description === undefined ? {} : { description };
  const list = { ...said, type: 'array' as const, items: FILE_INPUT_SCHEMA };
  const choices = [
    ...(form.list === true ? [] : [fileInput(description)]),
    ...(form.list === false ? [] : [list]),
    ...(form.nullable ? [{ type: 'null' as const }] : []),
  ];
  const [only = FILE_INPUT_SCHEMA] = choices;
  return choices.length > 1 ? { ...said, anyOf: choices } : only;
}

/** The schema of one file; the document's description comes before the one about files. */
export const fileInput = (description: string | undefined): JsonSchemaObject =>
  description === undefined
    ? FILE_INPUT_SCHEMA
    : { ...FILE_INPUT_SCHEMA, description: `${description} ${FILE_INPUT_SCHEMA.description}`.trim() };

/** Bytes that travel as text (OpenAPI 3.1.1 "Working with Binary Data", `contentEncoding`; `format: byte` in 3.0). */
export function isEncodedText(schema: JsonSchema, shared: Shared): boolean {
  const values = alternatives(schema, shared, 0).flatMap(withoutNull);
  return values.length > 0 && values.every((facts) => facts.contentEncoding !== undefined || facts.format === 'byte');
}

/** Strings that are not raw bytes. */
export function isText(schema: JsonSchema, shared: Shared): boolean {
  const values = alternatives(schema, shared, 0).flatMap(withoutNull);
  return values.length > 0 && values.every((facts) => facts.types?.join() === 'string' && !isRawBytes(facts, []));
}

/** The properties that distinguish bytes from other values, for one alternative of a schema. */
interface Facts extends Pick<JsonSchemaObject, 'format' | 'contentEncoding' | 'contentMediaType' | 'items'> {
  readonly types?: readonly string[];
  /** It has properties, or is an enumeration. */
  readonly isOther?: boolean;
}

/**
 * Whether a value is raw bytes: `format: binary` (OpenAPI 3.0), `contentMediaType` without `contentEncoding` (3.1
 * "Working with Binary Data"), or no type at all under a binary encoding. `contentEncoding: base64` stays text.
 */
function isRawBytes(facts: Facts, mediaTypes: readonly string[]): boolean {
  if (facts.types !== undefined && facts.types[0] !== 'string') return false;
  if (facts.contentEncoding !== undefined || facts.isOther || facts.items !== undefined) return false;
  if (facts.format !== undefined) return facts.format === 'binary';
  if (facts.contentMediaType !== undefined) return isBytes(facts.contentMediaType);
  return mediaTypes.length > 0 && mediaTypes.every(isBytes);
}

const isBytes = (mediaType: string): boolean => mediaKind(mediaType) === 'bytes';

/** A schema with more alternatives than this is not treated as a file. */
const MOST_ALTERNATIVES = 32;
const DEEPEST = 12;

function alternatives(schema: JsonSchema, shared: Shared, depth: number): readonly Facts[] {
  if (typeof schema === 'boolean') return schema ? [{}] : [];
  if (depth > DEEPEST) return [{ isOther: true }];
  const { $ref, allOf = [], anyOf, oneOf } = schema;
  const parts = [...($ref === undefined ? [] : [sharedSchema($ref, shared) ?? true]), ...allOf];
  const inner = (part: JsonSchema) => alternatives(part, shared, depth + 1);
  return [
    ...parts.map(inner),
    ...[anyOf, oneOf].flatMap((choices) => (choices ? [choices.flatMap(inner)] : [])),
  ].reduce(both, [ownFacts(schema)]);
}

function both(left: readonly Facts[], right: readonly Facts[]): readonly Facts[] {
  if (left.length * right.length > MOST_ALTERNATIVES) return [{ isOther: true }];
  return left.flatMap((a) =>
    right.flatMap((b): Facts[] => {
      const types = a.types && b.types ? a.types.filter((type) => b.types?.includes(type)) : (a.types ?? b.types);
      if (types?.length === 0) return [];
      return [{ ...a, ...b, ...(types && { types }) }];
    }),
  );
}

function ownFacts({ type, format, contentEncoding, contentMediaType, items, ...rest }: JsonSchemaObject): Facts {
  const isNull = rest.const === null || rest.enum?.every((value) => value === null);
  const types = isNull ? ['null'] : type === undefined ? undefined : [type].flat();
  const isOther = rest.properties !== undefined || rest.enum !== undefined || rest.const !== undefined;
  return given({ types, format, contentEncoding, contentMediaType, items, isOther: isOther || undefined });
}

function withoutNull({ types, ...facts }: Facts): Facts[] {
  if (types === undefined) return [facts];
  const left = types.filter((type) => type !== 'null');
  return left.length === 0 ? [] : [{ ...facts, types: left }];
}

/** `[string, array]` allows two kinds of value; the schema of the items only matters for lists. */
function byType({ types, items, ...facts }: Facts): Facts[] {
  if (types === undefined) return [{ ...facts, ...(items !== undefined && { items }) }];
  return types.map((type) => ({ ...facts, types: [type], ...(type === 'array' && items !== undefined && { items }) }));
}
