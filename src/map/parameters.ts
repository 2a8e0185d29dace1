import type {
  ContentFormat,
  CookieStyle,
  HeaderStyle,
  JsonSchema,
  JsonSchemaObject,
  PathStyle,
  QueryStyle,
  StyleFormat,
} from '../model/index.ts';
import { parameterIdentity } from './auth.ts';
import { type ContentCache, createContentCache } from './content-cache.ts';
import { readCuration } from './extension.ts';
import type { RawOperation } from './operations.ts';
import { COOKIE_STYLES, HEADER_STYLES, PATH_STYLES, QUERY_STYLES, style } from './parameter-style.ts';
import { type PathTemplate, parsePathTemplate } from './path-template.ts';
import { describe, isObject, joinPointer, type Located, type Node, type Reader, text } from './reader.ts';
import { exampleValues } from './schema/annotations.ts';
import type { SchemaMapper } from './schema/mapper.ts';
import { withTextualEnum } from './typed-values.ts';

export type ParameterLocation = 'path' | 'query' | 'querystring' | 'header' | 'cookie';

/** A parameter with everything resolved except the key of its argument. */
export type SettledParameter = {
  readonly name: string;
  /** The name of its argument, if the document sets one (`x-mcp`). */
  readonly shownAs: string | undefined;
  readonly required: boolean;
  readonly schema: JsonSchema;
} & (
  | { readonly in: 'path'; readonly format: StyleFormat<PathStyle> | ContentFormat; readonly allowReserved: boolean }
  | {
      readonly in: 'query';
      readonly format: StyleFormat<QueryStyle> | ContentFormat;
      readonly allowReserved: boolean;
      readonly allowEmptyValue: boolean;
    }
  | { readonly in: 'querystring'; readonly mediaType: string; readonly media: Located }
  | { readonly in: 'header'; readonly format: StyleFormat<HeaderStyle> | ContentFormat }
  | { readonly in: 'cookie'; readonly format: StyleFormat<CookieStyle> | ContentFormat }
);

/** OpenAPI 3.1.1 §4.8.12.1: header parameters of these names SHALL be ignored. */
const IGNORED_HEADERS = new Set(['accept', 'content-type', 'authorization']);
/** Names that belong to the connection (RFC 9110 §7.6.1, §7.2, §8.6): an argument must not set them. */
const CONNECTION_HEADERS = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export interface SettledParameters {
  readonly parameters: readonly SettledParameter[];
  readonly template: PathTemplate;
}

/**
 * The parameters of an operation: those of its path item, overridden by its own (OpenAPI 3.1.1 §4.8.10).
 *
 * @param supplied identities of parameters that a credential fills in: they are left out
 */
export function settleParameters(
  raw: RawOperation,
  reader: Reader,
  schemas: SchemaMapper,
  supplied: ReadonlySet<string>,
): SettledParameters {
  const own = readList(raw.operation, 'parameters', reader);
  const all = [...readList(raw.pathItem, 'parameters', reader), ...own];
  const merged = new Map<string, Located>();
  for (const parameter of all) merged.set(parameterIdentity(parameter.value), parameter);
  if (merged.size < all.length) reportDuplicates(own, reader);

  const declared = new Set<string>();
  for (const { value } of all) if (value.in === 'path') declared.add(value.name as string);
  const template = parsePathTemplate(raw.origin.path, declared);
  if (template.fragment !== '') {
    const message = `"#${template.fragment}" in the path is never sent to a server. It is ignored.`;
    reader.report('PATH_FRAGMENT_IGNORED', raw.origin.pointer, message);
  }

  for (const name of template.colonNames) {
    const message = `The path "${raw.origin.path}" writes ":${name}" for "{${name}}". It is read as a path parameter.`;
    reader.report('COLON_PATH_PARAMETER', raw.origin.pointer, message);
  }

  const inTemplate = new Set<string>();
  for (const part of template.parts) if (typeof part !== 'string') inTemplate.add(part.name);
  const parameters: SettledParameter[] = [];
  for (const [identity, parameter] of merged) {
    if (supplied.has(identity)) continue;
    const { value, pointer } = parameter;
    if (value.in === 'path' && !inTemplate.has(value.name as string)) {
      const message = `The path "${raw.origin.path}" has no "{${value.name}}". The parameter is skipped.`;
      reader.report('PATH_PARAMETER_NOT_IN_TEMPLATE', pointer, message);
      continue;
    }
    const isRaw = value.in === 'path' && isReserved(template, value.name as string);
    const make = () => settle(parameter, isRaw, reader, schemas);
    // The template says more about a raw one, and the content of a query string is read further at its place.
    const settled = isRaw || value.in === 'querystring' ? make() : settledBy(schemas, reader)(value, make);
    if (settled) parameters.push(settled);
  }
  for (const name of inTemplate) {
    if (declared.has(name)) continue;
    const message = `"{${name}}" of the path "${raw.origin.path}" is not declared. It is treated as a required string.`;
    if (name === '') reader.report('UNNAMED_PATH_PARAMETER', raw.origin.pointer, message);
    else reader.report('UNDECLARED_PATH_PARAMETER', raw.origin.pointer, message, { data: { parameter: name } });
    parameters.push({
      in: 'path',
      name,
      shownAs: undefined,
      required: true,
      schema: { type: 'string' },
      format: { kind: 'style', style: 'simple', explode: false },
      allowReserved: isReserved(template, name),
    });
  }
  return { parameters, template };
}

type Settled = ContentCache<SettledParameter | undefined>;
const known = new WeakMap<SchemaMapper, Settled>();

function settledBy(schemas: SchemaMapper, reader: Reader): Settled {
  const cache = known.get(schemas) ?? createContentCache(reader);
  known.set(schemas, cache);
  return cache;
}

/** The parameters at `key` that have a name and a location. */
function readList(owner: Located, key: string, reader: Reader): Located[] {
  const list = owner.value[key];
  if (list === undefined || list === null) return [];
  const at = joinPointer(owner.pointer, key);
  if (!Array.isArray(list)) {
    reader.report('NOT_AN_OBJECT', at, `"parameters" must be a list, not ${describe(list)}. It is ignored.`);
    return [];
  }
  return list.flatMap((entry, index) => {
    const parameter = reader.object(entry, `${at}/${index}`);
    if (!parameter) return [];
    const { name, in: place } = parameter.value;
    if (place === 'querystring' && typeof name !== 'string')
      return [{ ...parameter, value: { ...parameter.value, name: 'querystring' } }];
    if (typeof name !== 'string' || name === '') {
      reader.report('PARAMETER_WITHOUT_NAME', parameter.pointer, 'A parameter requires a "name". It is skipped.');
      return [];
    }
    if (!['path', 'query', 'querystring', 'header', 'cookie'].includes(place as string)) {
      const message = `"in" of the parameter "${name}" must be path, query, querystring, header or cookie, not ${JSON.stringify(place) ?? 'nothing'}. It is skipped.`;
      reader.report('PARAMETER_BAD_LOCATION', parameter.pointer, message);
      return [];
    }
    return [parameter];
  });
}

function reportDuplicates(own: readonly Located[], reader: Reader): void {
  const seen = new Set<string>();
  for (const { value, pointer } of own) {
    const key = parameterIdentity(value);
    if (seen.has(key)) {
      const message = `The ${value.in} parameter "${value.name}" is listed twice. The last one wins.`;
      reader.report('DUPLICATE_PARAMETER', pointer, message);
    }
    seen.add(key);
  }
}

/** @param isRaw whether the path template keeps reserved characters of its value */
function settle(
  parameter: Located,
  isRaw: boolean,
  reader: Reader,
  schemas: SchemaMapper,
): SettledParameter | undefined {
  const { value, pointer } = parameter;
  const name = value.name as string;
  const place = value.in as ParameterLocation;
  const ignored = place === 'header' ? whyIgnored(name) : undefined;
  if (ignored !== undefined) {
    reader.report('IGNORED_HEADER_PARAMETER', pointer, ignored);
    return undefined;
  }
  const own = readCuration(parameter, reader);
  const required = place === 'path' || value.required === true;
  if (own.enabled === false) {
    if (!required) return undefined;
    const message = `The parameter "${name}" is required, so x-mcp cannot hide it. It is shown.`;
    reader.report('BAD_EXTENSION', pointer, message);
  }
  const content = contentOf(parameter, reader);
  const schema = schemaOf(parameter, content, reader, schemas);
  return placed(parameter, { shownAs: own.name, required, schema, content, isRaw }, reader);
}

interface Settling extends Pick<SettledParameter, 'shownAs' | 'required' | 'schema'> {
  readonly content: ParameterContent | undefined;
  readonly isRaw: boolean;
}

/** Fields are written out, because spreads would take longer than everything else about a parameter. */
function placed(
  parameter: Located,
  { shownAs, required, schema, content, isRaw }: Settling,
  reader: Reader,
): SettledParameter | undefined {
  const { value, pointer } = parameter;
  const name = value.name as string;
  const place = value.in as ParameterLocation;
  const allowReserved = value.allowReserved === true;
  switch (place) {
    case 'path': {
      const format = content ?? style(parameter, reader, PATH_STYLES);
      return { name, shownAs, required, in: place, schema, format, allowReserved: allowReserved || isRaw };
    }
    case 'query': {
      const format = content ?? style(parameter, reader, QUERY_STYLES);
      const allowEmptyValue = value.allowEmptyValue === true;
      const shown = allowEmptyValue ? orEmpty(schema) : schema;
      return { name, shownAs, required, in: place, schema: shown, format, allowReserved, allowEmptyValue };
    }
    case 'querystring': {
      const { media } = content ?? {};
      if (content && media) return { name, shownAs, required, in: place, schema, mediaType: content.mediaType, media };
      reader.report('BAD_MEDIA_TYPE', pointer, 'A parameter in "querystring" requires "content". It is skipped.');
      return undefined;
    }
    case 'header': {
      const format = content ?? style(parameter, reader, HEADER_STYLES);
      return { name, shownAs, required, in: place, schema, format };
    }
    case 'cookie': {
      const format = content ?? style(parameter, reader, COOKIE_STYLES);
      return { name, shownAs, required, in: place, schema, format };
    }
  }
}

function whyIgnored(header: string): string | undefined {
  if (IGNORED_HEADERS.has(header.toLowerCase()))
    return `A header parameter "${header}" is ignored, as the specification requires: the request itself sets it.`;
  if (!CONNECTION_HEADERS.has(header.toLowerCase())) return undefined;
  return `The header "${header}" belongs to the connection. The parameter is skipped.`;
}

const isReserved = (template: PathTemplate, name: string): boolean =>
  template.parts.some((part) => typeof part !== 'string' && part.name === name && part.reserved);

interface ParameterContent extends ContentFormat {
  readonly media?: Located;
}

/** `content` has exactly one entry (OpenAPI 3.1.1 §4.8.12.3). */
function contentOf({ value, pointer }: Located, reader: Reader): ParameterContent | undefined {
  if (value.content === undefined) return undefined;
  const entries = isObject(value.content) ? Object.entries(value.content) : [];
  const [first] = entries;
  if (!first) {
    const message = '"content" of a parameter needs one media type. It is ignored.';
    reader.report('BAD_MEDIA_TYPE', joinPointer(pointer, 'content'), message);
    return undefined;
  }
  if (entries.length > 1) {
    const message = `"content" of a parameter can have only one media type. "${first[0]}" is used.`;
    reader.report('BAD_MEDIA_TYPE', joinPointer(pointer, 'content'), message);
  }
  const media = reader.object(first[1], joinPointer(pointer, 'content', first[0]));
  return { kind: 'content', mediaType: first[0], ...(media && { media }) };
}

function schemaOf(
  parameter: Located,
  content: ParameterContent | undefined,
  reader: Reader,
  schemas: SchemaMapper,
): JsonSchema {
  const converted = writtenSchema(parameter, content, reader, schemas);
  return describeParameter(content ? converted : withTextualEnum(converted), parameter.value, schemas);
}

function writtenSchema(
  parameter: Located,
  content: ParameterContent | undefined,
  reader: Reader,
  schemas: SchemaMapper,
): JsonSchema {
  const { value, pointer } = parameter;
  const holder = content ? content.media : parameter;
  if (holder?.value.schema !== undefined)
    return schemas.schema(holder.value.schema, joinPointer(holder.pointer, 'schema'), 'input');
  // Swagger 2.0 keywords in an OpenAPI 3 document: the type is next to the name instead of in `schema`.
  const { name, type, items, enum: listed, format, default: preset } = value;
  if (type !== undefined)
    return schemas.schema({ type, items, enum: listed, format, default: preset }, pointer, 'input');
  if (content) return true;
  const message = `The parameter "${name}" has neither "schema" nor "content". Any value is accepted.`;
  reader.report('BAD_SCHEMA', pointer, message);
  return true;
}

/** Adds the parameter's own description and examples to its schema. */
function describeParameter(schema: JsonSchema, value: Node, schemas: SchemaMapper): JsonSchema {
  const base: JsonSchemaObject = typeof schema === 'boolean' ? (schema ? {} : { not: {} }) : schema;
  const curated = isObject(value['x-mcp']) ? text(value['x-mcp'], 'description') : undefined;
  const written = curated ?? text(value, 'description');
  const own = written === undefined ? undefined : schemas.text(written);
  const both = [own, base.description].filter((part): part is string => part !== undefined && part !== '');
  const description =
    own !== undefined && base.description !== undefined && own.includes(base.description) ? own : both.join(' ');
  const examples = exampleValues(value);
  const described: { -readonly [Keyword in keyof JsonSchemaObject]: JsonSchemaObject[Keyword] } = { ...base };
  if (description !== '') described.description = description;
  if (value.deprecated === true) described.deprecated = true;
  if (examples.length > 0) described.examples = examples;
  return described;
}

/** `allowEmptyValue`: the empty string is a value of any type. */
function orEmpty(schema: JsonSchema): JsonSchema {
  if (typeof schema === 'boolean' || schema.type === undefined || schema.type === 'string' || schema.type === 'array')
    return schema;
  const { description, ...rest } = schema;
  return { ...(description !== undefined && { description }), anyOf: [rest, { const: '' }] };
}
