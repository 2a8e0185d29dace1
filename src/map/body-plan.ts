import {
  type BodyEncoding,
  composition,
  essenceOf,
  type FormEncoding,
  type FormField,
  getOwn,
  type JsonSchema,
  type MultipartEncoding,
  mediaKind,
  type PartPlan,
  sequenceFraming,
  setOwn,
  sharedName,
  sharedSchema,
} from '../model/index.ts';
import { readContent } from './content.ts';
import { type FileForm, fileArgument, fileForm, fileInput, isEncodedText, isText, listItem } from './file-schema.ts';
import { byPreference } from './media-preference.ts';
import { type ObjectShape, objectShape } from './object-shape.ts';
import { QUERY_STYLES, style } from './parameter-style.ts';
import { describe, isObject, joinPointer, type Located, type Node, type Reader, text } from './reader.ts';
import type { SchemaMapper } from './schema/mapper.ts';
import { xmlPlan } from './xml-plan.ts';

/** A request body with everything resolved except the keys of its arguments. */
export interface SettledBody {
  readonly required: boolean;
  readonly description?: string;
  /** The default first; never empty. */
  readonly variants: readonly SettledVariant[];
}

export interface SettledVariant {
  readonly mediaType: string;
  /** Properties that become separate arguments; `undefined`: the body is one argument. */
  readonly shape: BodyShape | undefined;
  /** The schema of the complete body. */
  readonly schema: JsonSchema;
  readonly encoding: SettledEncoding;
}

export interface BodyShape extends Omit<ObjectShape, 'properties'> {
  readonly fields: readonly BodyField[];
}

export interface BodyField {
  /** On the wire. */
  readonly name: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

export type SettledEncoding = Exclude<BodyEncoding, MultipartEncoding> | SettledMultipart;

interface SettledMultipart extends Omit<MultipartEncoding, 'parts'> {
  readonly parts: readonly SettledPart[];
}

interface SettledPart extends Omit<PartPlan, 'headers'> {
  readonly name: string;
  readonly headers: readonly PartHeader[];
}

/** The header of a part; it becomes an argument. */
interface PartHeader {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly explode: boolean;
}

/** The body of an operation; `undefined` if it has none, or none that can be sent. */
export function settleBody(operation: Located, reader: Reader, schemas: SchemaMapper): SettledBody | undefined {
  const written = operation.value.requestBody;
  if (written === undefined || written === null) return undefined;
  const body = reader.object(written, joinPointer(operation.pointer, 'requestBody'));
  if (!body) return ANY_JSON;
  const at = joinPointer(body.pointer, 'content');
  if (!isObject(body.value.content) || Object.keys(body.value.content).length === 0) {
    const message = `A request body needs "content" with at least one media type, not ${describe(body.value.content)}. It is ignored.`;
    reader.report('BAD_REQUEST_BODY', at, message);
    return undefined;
  }
  const variants: SettledVariant[] = [];
  for (const { mediaType, located } of readContent(body.value.content, at, reader))
    variants.push(settleVariant(mediaType, located, reader, schemas));
  const [first, ...rest] = byPreference(variants);
  if (!first) return undefined;
  const description = text(body.value, 'description');
  return {
    required: body.value.required === true,
    ...(description !== undefined && { description: schemas.text(description) }),
    variants: [first, ...rest],
  };
}

/** The plan for a body that could not be read (and was reported): only its existence is known. */
const ANY_JSON: SettledBody = {
  required: false,
  variants: [{ mediaType: 'application/json', shape: undefined, schema: true, encoding: { kind: 'json' } }],
};

function settleVariant(mediaType: string, media: Located, reader: Reader, schemas: SchemaMapper): SettledVariant {
  const kind = mediaKind(mediaType);
  const schema = bodySchema(media, schemas);
  const { shared } = schemas;
  const asWhole = (encoding: SettledEncoding): SettledVariant => ({ mediaType, shape: undefined, schema, encoding });
  const inFields = (encoding: SettledEncoding): SettledVariant => {
    return { mediaType, shape: bodyShape(schema, schemas), schema, encoding };
  };
  const asText = (): SettledVariant => ({ ...asWhole({ kind: 'text' }), schema: textOr(schema) });
  switch (kind) {
    case 'json':
      return hasSubtypes(media, reader, schemas) ? asWhole({ kind }) : inFields({ kind });
    case 'form':
      return inFields(formEncoding(media, reader));
    case 'multipart':
      return listItem(schema, shared) === undefined
        ? multipart(inFields(NO_PARTS), media, reader, schemas)
        : byPosition(asWhole(NO_PARTS), media, reader, schemas);
    case 'xml':
      if (!isStructured(schema, shared)) return asText();
      return inFields({ kind, xml: xmlPlan(media.value.schema, joinPointer(media.pointer, 'schema'), reader) });
    case 'sequence':
      return asWhole({ kind, framing: sequenceFraming(essenceOf(mediaType)) === 'json-seq' ? 'json-seq' : 'lines' });
    case 'text':
      // An object or list under a text type has no text form, so it is sent as JSON.
      return isStructured(schema, shared) ? asWhole({ kind: 'json' }) : asText();
    case 'bytes':
      if (isStructured(schema, shared)) return asWhole({ kind: 'json' });
      if (isEncodedText(schema, shared) || (isAnyType(mediaType) && isText(schema, shared))) return asText();
      return { ...asWhole({ kind: 'bytes' }), schema: fileInput(wordsOf(schema)) };
  }
}

function bodySchema({ value, pointer }: Located, schemas: SchemaMapper): JsonSchema {
  // OpenAPI 3.2.0 §4.14.3: `itemSchema` describes each item of a sequential media type.
  if (value.itemSchema !== undefined)
    return { type: 'array', items: schemas.schema(value.itemSchema, joinPointer(pointer, 'itemSchema'), 'input') };
  if (value.schema === undefined || value.schema === null) return true;
  return schemas.schema(value.schema, joinPointer(pointer, 'schema'), 'input');
}

/** Many bodies refer to the same schema. */
const knownShapes = new WeakMap<SchemaMapper, Map<string, BodyShape | undefined>>();

/** The shape of a body whose properties become arguments; `undefined` for maps and free-form objects. */
function bodyShape(schema: JsonSchema, schemas: SchemaMapper): BodyShape | undefined {
  const ref = typeof schema === 'object' && Object.keys(schema).length === 1 ? schema.$ref : undefined;
  if (ref === undefined) return newShape(schema, schemas);
  const known = knownShapes.get(schemas) ?? new Map<string, BodyShape | undefined>();
  knownShapes.set(schemas, known);
  if (!known.has(ref)) known.set(ref, newShape(schema, schemas));
  return known.get(ref);
}

function newShape(schema: JsonSchema, { shared, renames }: SchemaMapper): BodyShape | undefined {
  const shape = objectShape(schema, shared);
  if (!shape) return undefined;
  const { properties, ...rest } = shape;
  const required = new Set(rest.required);
  const fields = Object.entries(properties).map(
    ([key, property]): BodyField => ({ ...renames.unmarked(key, property), required: required.has(key) }),
  );
  return fields.length > 0 ? { ...rest, fields } : undefined;
}

/** The properties of a parent schema do not list everything that a subtype has. */
function hasSubtypes({ value, pointer }: Located, reader: Reader, schemas: SchemaMapper): boolean {
  const found = isObject(value.schema) ? reader.object(value.schema, joinPointer(pointer, 'schema')) : undefined;
  return found !== undefined && schemas.isParent(found.value);
}

/** Whether the value is an object or a list, so that it has to be serialised. */
function isStructured(schema: JsonSchema, shared: Readonly<Record<string, JsonSchema>>): boolean {
  for (const { type, properties, items } of composition(schema, shared))
    if (properties || items !== undefined || [type].flat().some((each) => each === 'object' || each === 'array'))
      return true;
  return false;
}

/** A wildcard media type gives no information, so a value described as a string is text. */
const isAnyType = (mediaType: string): boolean => ['*/*', 'application/*'].includes(essenceOf(mediaType));

/** The schema of a text body: that of the document, or any string. */
const textOr = (schema: JsonSchema): JsonSchema =>
  typeof schema === 'boolean'
    ? { type: 'string' }
    : schema.type === undefined && schema.$ref === undefined && !schema.anyOf && !schema.oneOf && !schema.allOf
      ? { type: 'string', ...schema }
      : schema;

// ── application/x-www-form-urlencoded ────────────────────────────────────────────────────────────────────────────────

/**
 * OpenAPI 3.1.1 §4.8.15: `style`, `explode` or `allowReserved` override `contentType`; without any of them, the value
 * decides.
 */
export function formEncoding(media: Located, reader: Reader): FormEncoding {
  const fields: Record<string, FormField> = {};
  for (const [name, written] of Object.entries(encodingsOf(media))) {
    const encoding = reader.object(written, joinPointer(media.pointer, 'encoding', name));
    if (encoding) setOwn(fields, name, formField(encoding, reader));
  }
  return { kind: 'form', fields, other: { kind: 'plain' } };
}

const encodingsOf = ({ value }: Located): Node => (isObject(value.encoding) ? value.encoding : {});

function formField(encoding: Located, reader: Reader): FormField {
  const styled = styleOf(encoding, reader);
  if (styled) return { ...styled, allowReserved: encoding.value.allowReserved === true };
  const contentType = text(encoding.value, 'contentType');
  return contentType === undefined ? { kind: 'plain' } : { kind: 'content', mediaType: contentType };
}

function styleOf(encoding: Located, reader: Reader) {
  const { style: written, explode, allowReserved } = encoding.value;
  if (written === undefined && explode === undefined && allowReserved === undefined) return undefined;
  return style(encoding, reader, QUERY_STYLES, '');
}

// ── multipart ────────────────────────────────────────────────────────────────────────────────────────────────────────

const NO_PARTS: SettledMultipart = {
  kind: 'multipart',
  parts: [],
  other: { mediaTypes: [], bytes: false, repeat: true, headers: [] },
};

function multipart(whole: SettledVariant, media: Located, reader: Reader, schemas: SchemaMapper): SettledVariant {
  const isForm = essenceOf(whole.mediaType) === 'multipart/form-data';
  const encodings = encodingsOf(media);
  const parts: SettledPart[] = [];
  const fields: BodyField[] = [];
  for (const field of whole.shape?.fields ?? []) {
    const { name, schema } = field;
    const described = getOwn(encodings, name);
    const encoding =
      described === undefined ? undefined : reader.object(described, joinPointer(media.pointer, 'encoding', name));
    const mediaTypes = contentTypes(encoding);
    const files = fileForm(schema, mediaTypes, schemas.shared);
    const isList = listItem(schema, schemas.shared) !== undefined;
    const format = encoding && isForm ? styleOf(encoding, reader) : undefined;
    parts.push({
      name,
      ...partContent(files, mediaTypes),
      repeat: files ? files.list !== false : isList && !mediaTypes.some((type) => mediaKind(type) === 'json'),
      ...(format && { format }),
      headers: encoding ? headersOf(encoding, reader, schemas) : [],
    });
    fields.push(files ? { ...field, schema: fileArgument(schema, files) } : field);
  }
  return { ...whole, shape: whole.shape && { ...whole.shape, fields }, encoding: { ...NO_PARTS, parts } };
}

/** OpenAPI 3.2.0 "Encoding By Position": `prefixEncoding` for the first items, `itemEncoding` for all that follow. */
function byPosition(
  whole: SettledVariant,
  { value, pointer }: Located,
  reader: Reader,
  { shared }: SchemaMapper,
): SettledVariant {
  const resolved = resolve(whole.schema, shared);
  const list = typeof resolved === 'object' ? resolved : {};
  const items = list.items ?? true;
  const planOf = (item: JsonSchema, written: unknown, at: string) => {
    const encoding = written === undefined ? undefined : reader.object(written, at);
    const mediaTypes = contentTypes(encoding);
    return { ...partContent(oneFile(item, mediaTypes, shared), mediaTypes), repeat: false, headers: [] };
  };
  const other = planOf(items, value.itemEncoding, joinPointer(pointer, 'itemEncoding'));
  const encodings: readonly unknown[] = Array.isArray(value.prefixEncoding) ? value.prefixEncoding : [];
  const count = Math.max(encodings.length, list.prefixItems?.length ?? 0);
  const first = Array.from({ length: count }, (_, index) => {
    const item = list.prefixItems?.[index] ?? items;
    return { item, plan: planOf(item, encodings[index], joinPointer(pointer, 'prefixEncoding', index)) };
  });
  const schema: JsonSchema = {
    ...list,
    ...(count > 0 && { prefixItems: first.map(({ item, plan }) => (plan.bytes ? fileInput(wordsOf(item)) : item)) }),
    ...(other.bytes && { items: fileInput(wordsOf(items)) }),
  };
  const parts = first.map(({ plan }, index): SettledPart => ({ name: String(index), ...plan }));
  return { ...whole, schema, encoding: { kind: 'multipart', parts, other } };
}

const contentTypes = (encoding: Located | undefined): readonly string[] =>
  (encoding && text(encoding.value, 'contentType'))?.split(',').map((type) => type.trim()) ?? [];

/** The content of a part: a file of the declared media types, or of the media type of its schema. */
function partContent(
  files: FileForm | undefined,
  mediaTypes: readonly string[],
): Pick<PartPlan, 'mediaTypes' | 'bytes'> {
  const declared = files?.mediaType;
  return {
    mediaTypes: mediaTypes.length || declared === undefined ? mediaTypes : [declared],
    bytes: files !== undefined,
  };
}

/** If the body is a list, each item is a complete part, so a nested list is not a list of files. */
function oneFile(item: JsonSchema, mediaTypes: readonly string[], shared: Readonly<Record<string, JsonSchema>>) {
  const files = fileForm(item, mediaTypes, shared);
  return files?.list === false ? files : undefined;
}

const wordsOf = (schema: JsonSchema): string | undefined =>
  typeof schema === 'object' ? schema.description : undefined;

/** Headers of a part (OpenAPI 3.1.1 Encoding Object `headers`; Content-Type is declared elsewhere and ignored here). */
function headersOf({ value, pointer }: Located, reader: Reader, schemas: SchemaMapper): readonly PartHeader[] {
  if (!isObject(value.headers)) return [];
  return Object.entries(value.headers).flatMap(([name, written]): PartHeader[] => {
    if (['content-type', 'content-disposition', 'content-length'].includes(name.toLowerCase())) return [];
    const header = reader.object(written, joinPointer(pointer, 'headers', name));
    if (!header) return [];
    const schema =
      header.value.schema === undefined
        ? true
        : schemas.schema(header.value.schema, joinPointer(header.pointer, 'schema'), 'input');
    const description = text(header.value, 'description');
    const described: JsonSchema =
      description === undefined
        ? schema
        : { ...(typeof schema === 'boolean' ? {} : schema), description: schemas.text(description) };
    return [{ name, schema: described, explode: header.value.explode === true }];
  });
}

function resolve(schema: JsonSchema, shared: Readonly<Record<string, JsonSchema>>): JsonSchema {
  let current = schema;
  for (let step = 0; step < 20 && typeof current === 'object'; step++) {
    const { $ref } = current;
    if ($ref === undefined || sharedName($ref) === undefined) {
      if (current.allOf?.length !== 1) return current;
      current = current.allOf[0] ?? true;
    } else current = sharedSchema($ref, shared) ?? true;
  }
  return current;
}
