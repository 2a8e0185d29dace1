import {
  type JsonSchema,
  type JsonSchemaObject,
  type JsonTypeName,
  type JsonValue,
  type Schemas,
  sharedSchema,
} from '../../../model/index.ts';

export type PossibleTypes = (schema: JsonSchema) => ReadonlySet<JsonTypeName>;

/**
 * Which JSON types the values of a schema can have. Never too few: a schema without `type` accepts all of them, even
 * if it has `properties` (JSON Schema 2020-12, Core §10.3.2.1).
 */
export function possibleTypes(shared: Schemas): PossibleTypes {
  // Schemas are frozen, and belong to one model.
  const known = new WeakMap<JsonSchemaObject, ReadonlySet<JsonTypeName>>();
  const open = new Set<JsonSchemaObject>();
  /** Counts references back to an open schema: what was found meanwhile depends on where the search began. */
  let circles = 0;

  function typesOf(schema: JsonSchema): ReadonlySet<JsonTypeName> {
    if (typeof schema === 'boolean') return schema ? ALL : NONE;
    const found = known.get(schema);
    if (found) return found;
    if (open.has(schema)) {
      circles += 1;
      return ALL;
    }
    const before = circles;
    open.add(schema);
    const types = ownTypes(schema);
    open.delete(schema);
    if (circles === before) known.set(schema, types);
    return types;
  }

  function ownTypes(schema: JsonSchemaObject): ReadonlySet<JsonTypeName> {
    const { type, enum: values, $ref, allOf = [], anyOf, oneOf } = schema;
    let types = ALL;
    if (type !== undefined) types = (typeof type === 'string' && ALONE.get(type)) || new Set([type].flat());
    // OpenAPI's `nullable`, which some provider profiles use.
    if ('nullable' in schema && schema.nullable === true) types = new Set([...types, 'null']);
    if (values !== undefined) types = both(types, new Set(values.flatMap(typesOfValue)));
    if (schema.const !== undefined) types = both(types, new Set(typesOfValue(schema.const)));
    if ($ref !== undefined) types = both(types, typesOf(sharedSchema($ref, shared) ?? true));
    for (const part of allOf) types = both(types, typesOf(part));
    for (const parts of [anyOf, oneOf])
      if (parts) types = both(types, new Set(parts.flatMap((part) => [...typesOf(part)])));
    return types;
  }

  return typesOf;
}

const ALL: ReadonlySet<JsonTypeName> = new Set(['null', 'boolean', 'integer', 'number', 'string', 'array', 'object']);
const NONE: ReadonlySet<JsonTypeName> = new Set();
/** Most schemas have one type. */
const ALONE: ReadonlyMap<string, ReadonlySet<JsonTypeName>> = new Map([...ALL].map((type) => [type, new Set([type])]));

/** Every integer is a number. */
function both(one: ReadonlySet<JsonTypeName>, other: ReadonlySet<JsonTypeName>): ReadonlySet<JsonTypeName> {
  if (one === ALL) return other;
  if (other === ALL) return one;
  const has = (types: ReadonlySet<JsonTypeName>, type: JsonTypeName) =>
    types.has(type) || (type === 'integer' && types.has('number'));
  return new Set([...ALL].filter((type) => has(one, type) && has(other, type)));
}

function typesOfValue(value: JsonValue): JsonTypeName[] {
  if (value === null) return ['null'];
  if (Array.isArray(value)) return ['array'];
  const type = typeof value;
  if (type === 'number') return Number.isInteger(value) ? ['integer', 'number'] : ['number'];
  return type === 'boolean' || type === 'string' ? [type] : ['object'];
}
