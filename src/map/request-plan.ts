import {
  type ArgumentsSchema,
  type CookieParameter,
  type HeaderParameter,
  type JsonSchema,
  mediaKind,
  type PathParameter,
  type QueryParameter,
  type QueryStringParameter,
  type RequestPlan,
  sharedSchema,
} from '../model/index.ts';
import { remembered } from '../runtime/remembered.ts';
import { argumentsSchema, keysOf, type WantedArgument } from './arguments.ts';
import { bodyArguments, bodyPlan, comingTogether, extrasOf, groupBody } from './body-arguments.ts';
import { formEncoding, settleBody } from './body-plan.ts';
import type { RawOperation } from './operations.ts';
import { type SettledParameter, settleParameters } from './parameters.ts';
import type { PathTemplate } from './path-template.ts';
import { isObject, type Reader } from './reader.ts';
import { rememberedByKey } from './remembered-by-key.ts';
import type { SchemaMapper } from './schema/mapper.ts';
import { settleServers } from './servers.ts';

/** Two halves that must agree: the arguments, and where each of them goes. */
export interface PlannedRequest {
  readonly request: RequestPlan;
  readonly arguments: ArgumentsSchema;
  readonly parameters: readonly PlannedParameter[];
}

export type PlannedParameter = SettledParameter & { readonly argument: string };

/** @param supplied parameters that a credential fills in */
export function planRequest(
  raw: RawOperation,
  reader: Reader,
  schemas: SchemaMapper,
  supplied: ReadonlySet<string>,
): PlannedRequest {
  const { parameters, template } = settleParameters(raw, reader, schemas, supplied);
  const settledBody = settleBody(raw.operation, reader, schemas);
  const body = settledBody && groupBody(settledBody);
  const wanted = [...parameters.map(wantedOf), ...(body ? bodyArguments(body) : [])];
  const keyOf = keysOf(wanted);
  const schema = argumentsSchema(wanted, keyOf, {
    together: body && comingTogether(body, keyOf),
    extras: extrasOf(body),
  });
  const planned = parameters.map((parameter) => plannedAs(parameter, keyOf(parameter)));
  const { queryString, ...places } = placesOf(planned, reader);
  const request: RequestPlan = {
    method: raw.method,
    servers: settleServers(raw.operation, reader) ?? settleServers(raw.pathItem, reader) ?? 'api',
    path: pathOf(template, planned),
    fixedQuery: template.fixedQuery,
    query: places.query,
    ...(queryString && { queryString }),
    headers: places.headers,
    cookies: places.cookies,
    ...(body && { body: bodyPlan(body, keyOf) }),
    coercions: NONE,
    renamed: schemas.renames.any && reachesRenamed(schema, schemas.shared),
  };
  return { request, arguments: schema, parameters: planned };
}

const NONE: readonly never[] = [];

// Many operations share a parameter, and nearly all of them plan it in the same way.

const wantedOf = remembered(
  (parameter: SettledParameter): WantedArgument => ({
    of: parameter,
    name: parameter.name,
    shownAs: parameter.shownAs,
    what: `${parameter.in} parameter`,
    place: parameter.in,
    schema: parameter.schema,
    required: parameter.required,
  }),
);

const plannedAs = rememberedByKey(
  (parameter: SettledParameter, argument): PlannedParameter => ({ ...parameter, argument }),
);

type In<Place extends PlannedParameter['in']> = Extract<PlannedParameter, { readonly in: Place }>;

const pathParameter = remembered(
  ({ argument, name, format, allowReserved }: In<'path'>): PathParameter => ({
    argument,
    name,
    format: bare(format),
    allowReserved,
  }),
);
const queryParameter = remembered(
  ({ argument, name, format, allowReserved, allowEmptyValue }: In<'query'>): QueryParameter => ({
    argument,
    name,
    format: bare(format),
    allowReserved,
    allowEmptyValue,
  }),
);
const headerParameter = remembered(
  ({ argument, name, format }: In<'header'>): HeaderParameter => ({ argument, name, format: bare(format) }),
);
const cookieParameter = remembered(
  ({ argument, name, format }: In<'cookie'>): CookieParameter => ({ argument, name, format: bare(format) }),
);

function pathOf({ parts }: PathTemplate, planned: readonly PlannedParameter[]): RequestPlan['path'] {
  const byName = new Map<string, PathParameter>();
  for (const parameter of planned) if (parameter.in === 'path') byName.set(parameter.name, pathParameter(parameter));
  return parts.map((part) => (typeof part === 'string' ? part : (byName.get(part.name) ?? '')));
}

type Places = Pick<RequestPlan, 'query' | 'queryString' | 'headers' | 'cookies'>;

function placesOf(planned: readonly PlannedParameter[], reader: Reader): Places {
  const query: QueryParameter[] = [];
  const headers: HeaderParameter[] = [];
  const cookies: CookieParameter[] = [];
  let queryString: QueryStringParameter | undefined;
  for (const each of planned) {
    if (each.in === 'query') query.push(queryParameter(each));
    else if (each.in === 'header') headers.push(headerParameter(each));
    else if (each.in === 'cookie') cookies.push(cookieParameter(each));
    else if (each.in === 'querystring') queryString = queryStringOf(each, reader);
  }
  const places = { query: orNone(query), headers: orNone(headers), cookies: orNone(cookies) };
  return queryString ? { ...places, queryString } : places;
}

/** Most lists are empty. */
const orNone = <Item>(list: readonly Item[]): readonly Item[] => (list.length === 0 ? NONE : list);

function queryStringOf(
  { argument, mediaType, media }: PlannedParameter & { in: 'querystring' },
  reader: Reader,
): QueryStringParameter {
  const kind = mediaKind(mediaType);
  if (kind === 'form') return { argument, encoding: formEncoding(media, reader) };
  return { argument, encoding: { kind: kind === 'json' ? 'json' : 'text' } };
}

/** A format without fields that only `map` uses. */
function bare<Format extends { readonly kind: string }>(format: Format): Format {
  return 'media' in format ? (({ media: _, ...rest }) => rest as unknown as Format)(format) : format;
}

/** Whether there is a renamed property at any depth. */
function reachesRenamed(schema: JsonSchema, shared: Readonly<Record<string, JsonSchema>>): boolean {
  const visited = new Set<string>();
  return walk(schema);

  function walk(value: unknown): boolean {
    if (Array.isArray(value)) return value.some(walk);
    if (!isObject(value)) return false;
    if (typeof value['x-sent-as'] === 'string') return true;
    if (typeof value.$ref === 'string' && !visited.has(value.$ref)) {
      visited.add(value.$ref);
      if (walk(sharedSchema(value.$ref, shared))) return true;
    }
    return Object.values(value).some((inner) => typeof inner === 'object' && walk(inner));
  }
}
