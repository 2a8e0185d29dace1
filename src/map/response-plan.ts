import {
  essenceOf,
  isRange,
  type JsonSchema,
  type JsonSchemaObject,
  mediaKind,
  type ResponseLink,
  type ResponsePlan,
  sharedSchema,
  UNDECLARED_ACCEPT,
} from '../model/index.ts';
import { type Media, readContent } from './content.ts';
import { byPreference } from './media-preference.ts';
import { describe, followed, isObject, joinPointer, type Located, type Reader } from './reader.ts';
import type { PlannedParameter } from './request-plan.ts';
import type { SchemaMapper } from './schema/mapper.ts';

export interface PlannedResponse {
  /** The plan without the schema of the response. */
  readonly response: ResponsePlan;
  readonly answer: AnswerSchema | undefined;
  /** The schema of a JSON response, as written. */
  readonly written: unknown;
  /** Media type of a successful response, if the document names exactly one essence. */
  readonly mimeType: string | undefined;
}

/** The schema of a JSON response, converted on demand: most are too large to be listed. */
export interface AnswerSchema {
  /** A lower bound for the bytes of JSON in its listed form. */
  readonly leastSize: number;
  convert(): Pick<ResponsePlan, 'schema' | 'wrapped'>;
}

/** The successful response: every 2xx of the document, otherwise `2XX`, otherwise `default`. */
export function planResponse(
  operation: Located,
  parameters: readonly PlannedParameter[],
  reader: Reader,
  schemas: SchemaMapper,
  leastSize: (schema: unknown) => number,
): PlannedResponse {
  const media = successMedia(operation, reader);
  const json = media.filter(
    ({ mediaType, located }) => located.value.schema !== undefined && isJson(mediaType, located, reader),
  );
  const types = byPreference(media).map(({ mediaType }) => mediaType);
  const [first] = types;
  const ranges = types.filter(isRange).map(essenceOf);
  const headers = headersByStatus(operation.value.responses, reader);
  const links = linksOf(operation.value.responses, reader);
  return {
    response: {
      accept: accept(types),
      ...(ranges.length > 0 && { ranges }),
      wrapped: false,
      ...(headers && { headers }),
      pagingArguments: pagingArguments(parameters),
      ...(links.length > 0 && { links }),
    },
    written: json[0]?.located.value.schema,
    answer:
      json.length === 0
        ? undefined
        : {
            leastSize: json.reduce((sum, { located }) => sum + leastSize(located.value.schema), 0),
            convert: () => convertAnswer(json, schemas),
          },
    mimeType: first === undefined || first.includes('*') ? undefined : essenceOf(first),
  };
}

function pagingArguments(parameters: readonly PlannedParameter[]): readonly string[] {
  const names: string[] = [];
  for (const { in: place, name, argument } of parameters)
    if (place !== 'path' && PAGING.test(name)) names.push(argument);
  return names.length === 0 ? NO_NAMES : names;
}

const NO_NAMES: readonly string[] = [];

function convertAnswer(json: readonly Media[], schemas: SchemaMapper): Pick<ResponsePlan, 'schema' | 'wrapped'> {
  const different: JsonSchema[] = [];
  for (const { located } of json) {
    const schema = schemas.schema(located.value.schema, joinPointer(located.pointer, 'schema'), 'output');
    if (!different.some((other) => JSON.stringify(other) === JSON.stringify(schema))) different.push(schema);
  }
  const [only = true] = different;
  const schema = different.length > 1 ? { anyOf: different } : only;
  return { schema, wrapped: !isObjectSchema(schema, schemas.shared) };
}

/** Parameter names by which an API pages through a list, or limits it. */
const PAGING =
  /^(page|page[._-]?(size|number|num|token|limit|index|no)|pagesize|pagetoken|per[._-]?page|limit|offset|cursor|next[._-]?(token|cursor|page)|after|before|starting[._-]?after|ending[._-]?before|since|until|top|\$top|skip|\$skip|first|last|start|count|max[._-]?(results|items|keys)|marker|continuation[._-]?token|continue|page\[[a-z]+\]|range)$/i;

function successMedia(operation: Located, reader: Reader): Media[] {
  const { value, pointer } = operation;
  const { responses } = value;
  const at = joinPointer(pointer, 'responses');
  if (!isObject(responses)) {
    reader.report(
      'MISSING_RESPONSES',
      responses === undefined ? pointer : at,
      responses === undefined
        ? 'The operation describes no responses. Any response is accepted.'
        : `"responses" must be an object, not ${describe(responses)}. Any response is accepted.`,
    );
    return [];
  }
  const statuses = Object.keys(responses);
  for (const status of statuses)
    if (!/^([1-5]\d\d|[1-5]xx|default|x-.*)$/i.test(status))
      reader.report('BAD_RESPONSE', joinPointer(at, status), `"${status}" is not a status code. It is ignored.`);
  const exact = statuses.filter((status) => /^2\d\d$/.test(status)).sort();
  const range = statuses.filter((status) => /^2xx$/i.test(status));
  const chosen =
    exact.length || range.length ? [...exact, ...range] : statuses.filter((status) => status === 'default');
  return chosen.flatMap((status) => {
    const response = reader.object(responses[status], joinPointer(at, status));
    if (!response || !isObject(response.value.content)) return [];
    return [...readContent(response.value.content, joinPointer(response.pointer, 'content'), reader)];
  });
}

/**
 * OpenAPI 3.1.1 §4.8.17; `undefined` if no response declares headers. A status that declares none is kept, because it
 * overrides ranges.
 */
function headersByStatus(responses: unknown, reader: Reader): ResponsePlan['headers'] {
  if (!isObject(responses)) return undefined;
  const found: (readonly [status: string, headers: unknown])[] = [];
  let areDeclared = false;
  for (const status of Object.keys(responses)) {
    const headers = followed(responses[status], reader)?.headers;
    found.push([status, headers]);
    areDeclared ||= isObject(headers);
  }
  if (!areDeclared) return undefined;
  const byStatus: Record<string, readonly string[]> = {};
  for (const [status, headers] of found) {
    if (!/^(?:[1-5]\d\d|[1-5]xx|default)$/i.test(status)) continue;
    const names = isObject(headers) ? Object.keys(headers) : [];
    // "If a response header is defined with the name "Content-Type", it SHALL be ignored."
    const kept = [...new Set(names.map((name) => name.toLowerCase()))].filter((name) => name !== 'content-type');
    byStatus[status.toLowerCase()] = kept.slice(0, MOST_HEADERS);
  }
  return Object.values(byStatus).some((names) => names.length > 0) ? byStatus : undefined;
}

const MOST_HEADERS = 50;

/** Links of successful responses. `operationRef` is kept if it leads to an operation of this document. */
function linksOf(responses: unknown, reader: Reader): readonly ResponseLink[] {
  if (!isObject(responses)) return [];
  return Object.keys(responses).flatMap((status) => {
    const links = /^[2d]/i.test(status) ? followed(responses[status], reader)?.links : undefined;
    if (!isObject(links)) return [];
    return Object.values(links).flatMap((written): ResponseLink[] => {
      const { operationId, operationRef, parameters } = followed(written, reader) ?? {};
      const names = isObject(parameters) ? Object.keys(parameters) : [];
      if (names.length === 0) return [];
      if (typeof operationId === 'string') return [{ operationId, parameters: names }];
      const isLocal = typeof operationRef === 'string' && operationRef.startsWith('#/');
      return isLocal ? [{ operationRef, parameters: names }] : [];
    });
  });
}

/** Whether it is a JSON type, or a range that includes JSON and a schema that is not only text. */
function isJson(mediaType: string, { value, pointer }: Located, reader: Reader): boolean {
  if (mediaKind(mediaType) === 'json') return true;
  if (!JSON_RANGES.has(essenceOf(mediaType)) || !isObject(value.schema)) return false;
  return reader.object(value.schema, joinPointer(pointer, 'schema'))?.value.type !== 'string';
}
const JSON_RANGES: ReadonlySet<string> = new Set(['*/*', 'application/*']);

/** RFC 9110 §12.5.1: in order of preference, with a fallback to any type rather than a 406. */
function accept(types: readonly string[]): string {
  if (types.length === 0) return UNDECLARED_ACCEPT;
  // If any type will do, JSON is the easiest to read.
  const wanted = types.map(essenceOf).map((type) => (JSON_RANGES.has(type) ? 'application/json' : type));
  const unique = [...new Set(wanted)].slice(0, 8);
  const weighted = unique.map((type, index) =>
    index === 0 ? type : `${type};q=${(0.9 - index / 20).toFixed(2).replace(/0$/, '')}`,
  );
  return [...weighted, '*/*;q=0.1'].join(', ');
}

/** Whether every value of the schema is an object, so that it can be `structuredContent` unchanged. */
export function isObjectSchema(schema: JsonSchema, shared: Readonly<Record<string, JsonSchema>>, depth = 0): boolean {
  if (typeof schema === 'boolean' || depth > 10) return false;
  if (schema.type !== undefined) return schema.type === 'object';
  if (schema.$ref !== undefined) return isObjectSchema(sharedSchema(schema.$ref, shared) ?? true, shared, depth + 1);
  if (schema.allOf?.some((part) => isObjectSchema(part, shared, depth + 1))) return true;
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices?.length) return choices.every((choice) => isObjectSchema(choice, shared, depth + 1));
  return isPropertiesOnly(schema);
}

const isPropertiesOnly = (schema: JsonSchemaObject): boolean =>
  schema.properties !== undefined && schema.items === undefined && schema.enum === undefined;
