import {
  type ArgumentsSchema,
  type BodyPlan,
  type BodySource,
  type BodyVariant,
  type CookieParameter,
  essenceOf,
  type HeaderParameter,
  type JsonSchema,
  mediaKind,
  type PathParameter,
  type QueryParameter,
  type QueryStringParameter,
  type RequestPlan,
  sharedSchema,
} from '../model/index.ts';
import { type ArgumentWish, argumentKeys, describeArgument } from './arguments.ts';
import { formEncoding, type SettledBody, type SettledVariant, settleBody } from './body-plan.ts';
import type { ObjectShape } from './object-shape.ts';
import type { RawOperation } from './operations.ts';
import { setOwn } from './own.ts';
import { type SettledParameter, settleParameters } from './parameters.ts';
import { isObject, joinPointer, type Reader } from './reader.ts';
import type { SchemaMapper } from './schema/mapper.ts';
import { settleServers } from './servers.ts';

/** The two halves that must agree: what the arguments look like, and where each goes. */
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
  const body = settleBody(raw.operation, reader, schemas);
  const sheet = createSheet();
  const parameterKeys = parameters.map((parameter) =>
    sheet.ask(
      { name: parameter.name, shownAs: parameter.shownAs, what: `${parameter.in} parameter`, place: parameter.in },
      parameter.schema,
      parameter.required,
    ),
  );
  const bodyPart = body && askForBody(body, sheet);
  const keys = sheet.settle();
  const planned: PlannedParameter[] = parameters.map((parameter, index) => ({
    ...parameter,
    argument: keys(parameterKeys[index]),
  }));
  const schema = sheet.schema();

  const byName = new Map(
    planned.filter((parameter) => parameter.in === 'path').map((parameter) => [parameter.name, parameter]),
  );
  const path = template.parts.map((part): string | PathParameter => {
    const parameter = typeof part === 'string' ? undefined : byName.get(part.name);
    if (typeof part === 'string' || parameter?.in !== 'path') return typeof part === 'string' ? part : '';
    const { argument, name, format, allowReserved } = parameter;
    return { argument, name, format: bare(format), allowReserved };
  });
  const query: QueryParameter[] = [];
  const headers: HeaderParameter[] = [];
  const cookies: CookieParameter[] = [];
  let queryString: QueryStringParameter | undefined;
  for (const parameter of planned) {
    const { argument, name } = parameter;
    switch (parameter.in) {
      case 'path':
        break;
      case 'query':
        query.push({
          argument,
          name,
          format: bare(parameter.format),
          allowReserved: parameter.allowReserved,
          allowEmptyValue: parameter.allowEmptyValue,
        });
        break;
      case 'querystring':
        queryString = { argument, encoding: queryStringEncoding(parameter, reader) };
        break;
      case 'header':
        headers.push({ argument, name, format: bare(parameter.format) });
        break;
      case 'cookie':
        cookies.push({ argument, name, format: bare(parameter.format) });
        break;
    }
  }
  const servers = settleServers(raw.operation, reader) ?? settleServers(raw.pathItem, reader);
  const bodyPlan = bodyPart?.(keys);
  const request: RequestPlan = {
    method: raw.method,
    servers: servers ?? 'api',
    path,
    fixedQuery: template.fixedQuery,
    query,
    ...(queryString && { queryString }),
    headers,
    cookies,
    ...(bodyPlan && { body: bodyPlan }),
    coercions: [],
    renamed: schemas.renames.any && reachesRenamed(schema, schemas.shared),
  };
  return { request, arguments: schema, parameters: planned };
}

function queryStringEncoding(
  parameter: PlannedParameter & { in: 'querystring' },
  reader: Reader,
): QueryStringParameter['encoding'] {
  const kind = mediaKind(parameter.mediaType);
  if (kind === 'form') {
    const { value, pointer } = parameter.media;
    return formEncoding(isObject(value.encoding) ? value.encoding : {}, joinPointer(pointer, 'encoding'), reader);
  }
  return kind === 'json' ? { kind: 'json' } : { kind: 'text' };
}

/** A format without what only `map` needs to know. */
function bare<Format extends { readonly kind: string }>(format: Format): Format {
  return 'media' in format ? (({ media: _, ...rest }) => rest as unknown as Format)(format) : format;
}

// ── The sheet of arguments ───────────────────────────────────────────────────────────────────────────────────────────

type Ticket = number;
type Keys = (ticket: Ticket | undefined) => string;

interface Sheet {
  ask(wish: ArgumentWish, schema: JsonSchema, required: boolean): Ticket;
  /** Arguments that must come together: where one of `when` is given, all of `needs` are (an optional body). */
  together(when: readonly Ticket[], needs: readonly Ticket[]): void;
  extras(schema: JsonSchema): void;
  settle(): Keys;
  schema(): ArgumentsSchema;
}

/** Collects wishes for arguments, gives each its key, then makes the schema of them all. */
function createSheet(): Sheet {
  const entries: { wish: ArgumentWish; schema: JsonSchema; required: boolean }[] = [];
  const groups: { when: readonly Ticket[]; needs: readonly Ticket[] }[] = [];
  let extra: JsonSchema = false;
  let keys: readonly string[] = [];
  const key: Keys = (ticket) => keys[ticket ?? -1] ?? '';
  return {
    ask(wish, schema, required) {
      return entries.push({ wish, schema, required }) - 1;
    },
    together(when, needs) {
      groups.push({ when, needs });
    },
    extras(schema) {
      extra = schema;
    },
    settle() {
      keys = argumentKeys(entries.map(({ wish }) => wish));
      return key;
    },
    schema() {
      const properties: Record<string, JsonSchema> = {};
      entries.forEach(({ wish, schema }, index) => {
        setOwn(properties, key(index), describeArgument(schema, key(index), wish));
      });
      const dependentRequired: Record<string, string[]> = {};
      for (const { when, needs } of groups) {
        for (const ticket of when) {
          const others = needs.filter((need) => need !== ticket).map(key);
          if (others.length) setOwn(dependentRequired, key(ticket), others);
        }
      }
      return {
        type: 'object',
        properties,
        required: entries.flatMap(({ required }, index) => (required ? [key(index)] : [])),
        ...(Object.keys(dependentRequired).length > 0 && { dependentRequired }),
        additionalProperties: extra,
      };
    },
  };
}

// ── The body's arguments ─────────────────────────────────────────────────────────────────────────────────────────────

/** Asks for the body's arguments; the function returned makes the plan once the keys are known. */
function askForBody(body: SettledBody, sheet: Sheet): (keys: Keys) => BodyPlan {
  const groups = body.variants.length === 1 ? [body.variants] : groupBySource(body.variants);
  const several = groups.length > 1;
  const makers = new Map<SettledVariant, (keys: Keys) => BodyVariant>();
  groups.forEach((group, index) => {
    const [first] = group;
    if (!first) return;
    // With several sources each is optional by itself: which one is given decides the media type.
    const required = body.required && !several;
    const source =
      first.shape && index === 0
        ? askForFields(first.shape, body.required, several, sheet)
        : askForWhole(first, index, required, body, sheet);
    for (const variant of group) {
      const headers = askForPartHeaders(variant, sheet);
      makers.set(variant, (keys) => ({ mediaType: variant.mediaType, source: source(keys), encoding: headers(keys) }));
    }
  });
  const choice =
    body.variants.length > 1
      ? sheet.ask(
          { name: 'contentType', what: 'media type of the body', place: 'body' },
          {
            type: 'string',
            enum: body.variants.map(({ mediaType }) => mediaType),
            description: `Media type of the request body. Default: ${body.variants[0]?.mediaType}.`,
          },
          false,
        )
      : undefined;
  return (keys) => ({
    required: body.required,
    variants: body.variants.flatMap((variant) => makers.get(variant)?.(keys) ?? []),
    ...(choice !== undefined && { mediaTypeArgument: keys(choice) }),
  });
}

/** Variants that can share their arguments, because their schemas are the same. */
function groupBySource(variants: readonly SettledVariant[]): readonly (readonly SettledVariant[])[] {
  const groups: SettledVariant[][] = [];
  for (const variant of variants) {
    const alike = groups.find(([first]) => first && sourceOf(first) === sourceOf(variant));
    if (alike) alike.push(variant);
    else groups.push([variant]);
  }
  return groups;
}

const sourceOf = ({ shape, schema }: SettledVariant): string => JSON.stringify(shape ?? [schema]);

function askForFields(
  shape: ObjectShape,
  required: boolean,
  several: boolean,
  sheet: Sheet,
): (keys: Keys) => BodySource {
  const tickets = new Map<string, Ticket>();
  const needs: Ticket[] = [];
  for (const [key, schema] of Object.entries(shape.properties)) {
    const { name, schema: shown } = unmarked(key, schema);
    const isRequired = shape.required.includes(key);
    const ticket = sheet.ask(
      { name, what: 'property of the body', place: 'body' },
      shown,
      isRequired && required && !several,
    );
    tickets.set(name, ticket);
    if (isRequired) needs.push(ticket);
  }
  if (!(required && !several) && needs.length) sheet.together([...tickets.values()], needs);
  const { additionalProperties } = shape;
  const extras = additionalProperties !== undefined && additionalProperties !== false;
  if (extras) sheet.extras(additionalProperties);
  return (keys) => ({
    kind: 'fields',
    fields: Object.fromEntries([...tickets].map(([name, ticket]) => [keys(ticket), name])),
    extras,
  });
}

/** An argument at the top is mapped by the plan itself; the marker is for what lies below. */
function unmarked(key: string, schema: JsonSchema): { name: string; schema: JsonSchema } {
  if (typeof schema === 'boolean' || schema['x-sent-as'] === undefined) return { name: key, schema };
  const { 'x-sent-as': name, description, ...rest } = schema;
  const own = description?.replace(/ ?Sent as ".*"\.$/s, '');
  return { name, schema: own ? { ...rest, description: own } : rest };
}

function askForWhole(
  variant: SettledVariant,
  index: number,
  required: boolean,
  body: SettledBody,
  sheet: Sheet,
): (keys: Keys) => BodySource {
  const name = index === 0 ? 'body' : `body_${mediaKind(variant.mediaType)}`;
  const schema: JsonSchema =
    typeof variant.schema === 'object' && variant.schema.description !== undefined
      ? variant.schema
      : {
          ...(typeof variant.schema === 'object' ? variant.schema : {}),
          description: bodyDescription(variant, index, body),
        };
  const ticket = sheet.ask({ name, what: 'body', place: 'body' }, schema, required);
  return (keys) => ({ kind: 'argument', argument: keys(ticket) });
}

function bodyDescription({ mediaType }: SettledVariant, index: number, body: SettledBody): string {
  return index === 0 && body.description !== undefined
    ? body.description
    : `The request body as ${essenceOf(mediaType)}.`;
}

function askForPartHeaders(variant: SettledVariant, sheet: Sheet): (keys: Keys) => BodyVariant['encoding'] {
  const { encoding } = variant;
  if (encoding.kind !== 'multipart' || variant.partHeaders.length === 0) return () => encoding;
  const tickets = variant.partHeaders.map((header) =>
    sheet.ask(
      { name: `${header.part}_${header.name}`, what: `header of the part "${header.part}":`, place: 'part' },
      header.schema,
      false,
    ),
  );
  return (keys) => ({
    ...encoding,
    parts: Object.fromEntries(
      Object.entries(encoding.parts).map(([part, plan]) => [
        part,
        {
          ...plan,
          headers: plan.headers.map((header) => ({
            ...header,
            argument: keys(
              tickets[variant.partHeaders.findIndex((found) => found.part === part && found.name === header.name)],
            ),
          })),
        },
      ]),
    ),
  });
}

// ── Renamed properties ───────────────────────────────────────────────────────────────────────────────────────────────

/** Whether a renamed property lies anywhere below. */
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
