import { composition, type JsonSchema, type JsonSchemaObject, type Schemas } from '../model/index.ts';
import type { PlannedRequest } from './request-plan.ts';

export interface ResourceAddress {
  readonly uri?: string;
  readonly uriTemplate?: string;
}

/**
 * The URI of a GET as a resource: `api://<api>/<path>` if it requires nothing, and a template (RFC 6570) if it has
 * parameters. `undefined` if a URI cannot express what the request requires: a required header, cookie or body, or an
 * object. Variables are the keys of the arguments.
 */
export function resourceAddress(
  apiName: string,
  { request, arguments: schema, parameters }: PlannedRequest,
  shared: Schemas,
): ResourceAddress | undefined {
  if (request.body?.required || request.queryString) return undefined;
  const required = new Set(schema.required);
  for (const parameter of parameters) {
    if ((parameter.in === 'header' || parameter.in === 'cookie') && required.has(parameter.argument)) return undefined;
    if (required.has(parameter.argument) && !fitsUri(parameter.schema, shared)) return undefined;
  }
  const path = request.path
    .map((part) => (typeof part === 'string' ? part : `{${part.allowReserved ? '+' : ''}${part.argument}}`))
    .join('');
  const query = request.query.filter(({ argument }) => fitsUri(schema.properties[argument] ?? true, shared));
  const variables = query.map(({ argument }) =>
    isArray(schema.properties[argument] ?? true, shared) ? `${argument}*` : argument,
  );
  const base = `api://${apiName}${path}`;
  const fixed = request.fixedQuery === '' ? '' : `?${request.fixedQuery}`;
  const expression = variables.length ? `{${fixed === '' ? '?' : '&'}${variables.join(',')}}` : '';
  const template = `${base}${fixed}${expression}`;
  return {
    ...(required.size === 0 && { uri: `${base}${fixed}` }),
    ...(template.includes('{') && { uriTemplate: template }),
  };
}

/** A URI can express primitives and lists of primitives. */
function fitsUri(schema: JsonSchema, shared: Schemas): boolean {
  const types = typesOf(schema, shared);
  return !types.includes('object');
}

const isArray = (schema: JsonSchema, shared: Schemas): boolean => typesOf(schema, shared).includes('array');

const isComposed = ({ $ref, allOf, anyOf, oneOf }: JsonSchemaObject): boolean =>
  $ref !== undefined || allOf !== undefined || anyOf !== undefined || oneOf !== undefined;

function typesOf(schema: JsonSchema, shared: Schemas): readonly string[] {
  // Most parameters have one type and no alternatives.
  if (typeof schema === 'object' && typeof schema.type === 'string' && !isComposed(schema)) return [schema.type];
  const types = new Set<string>();
  for (const part of composition(schema, shared))
    for (const type of [part.type ?? (part.properties ? 'object' : [])].flat()) types.add(type);
  return [...types];
}
