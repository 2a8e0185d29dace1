import { type JsonSchema, type JsonSchemaObject, sharedName } from '../../model/index.ts';

type Shared = Readonly<Record<string, JsonSchema>>;

/**
 * A self-contained schema: with the `$defs` it references, directly or indirectly. Nothing is copied: the definitions
 * are the shared objects themselves. A schema without references is returned unchanged; unknown names are left out.
 */
export function withDefs<Schema extends JsonSchemaObject>(schema: Schema, shared: Shared): Schema {
  const names = reached(schema, shared);
  if (names.length === 0) return schema;
  const reachedDefs = Object.fromEntries(names.map((name) => [name, shared[name] ?? true]));
  return { ...schema, $defs: { ...schema.$defs, ...reachedDefs } };
}

/** In order of first reference. */
function reached(schema: JsonSchemaObject, shared: Shared): readonly string[] {
  const names = new Set<string>();
  const open = [directNames(schema)];
  // If everything references everything, the first few cover all names.
  const all = open[0]?.length === 0 ? 0 : Object.keys(shared).length;
  for (let next = open.pop(); next && names.size < all; next = open.pop()) {
    for (const name of next) {
      const definition = Object.hasOwn(shared, name) ? shared[name] : undefined;
      if (definition === undefined || names.has(name)) continue;
      names.add(name);
      open.push(directNames(definition));
    }
  }
  return [...names];
}

/** Models are frozen, so references never change: each schema is searched once, however many tools share it. */
const known = new WeakMap<object, readonly string[]>();

export function directNames(schema: JsonSchema): readonly string[] {
  if (typeof schema === 'boolean') return [];
  const found = known.get(schema);
  if (found) return found;
  const names = new Set<string>();
  collect(schema, names);
  const result = [...names];
  known.set(schema, result);
  return result;
}

/** Only in schema positions: a `$ref` in an example or an enum is data. */
function collect(schema: JsonSchema, names: Set<string>): void {
  if (typeof schema !== 'object') return;
  // Schemas use few keywords, so iterate over those present instead of all known ones.
  for (const keyword of Object.keys(schema)) {
    const value = schema[keyword as keyof JsonSchemaObject];
    if (keyword === '$ref') {
      const name = typeof value === 'string' ? sharedName(value) : undefined;
      if (name !== undefined) names.add(name);
    } else if (ONE.has(keyword)) collect(value as JsonSchema, names);
    else if (LISTS.has(keyword)) for (const part of value as readonly JsonSchema[]) collect(part, names);
    else if (MAPS.has(keyword)) for (const part of Object.values(value as Shared)) collect(part, names);
  }
}

/** Replaces each direct subschema, including `$defs`; returns the schema itself if none changes. */
export function mapSubschemas(schema: JsonSchemaObject, change: (part: JsonSchema) => JsonSchema): JsonSchemaObject {
  let changed: Record<string, unknown> | undefined;
  for (const keyword of Object.keys(schema)) {
    const value: unknown = schema[keyword as keyof JsonSchemaObject];
    const made = mapKeyword(keyword, value, change);
    if (made === value) continue;
    changed ??= { ...schema };
    changed[keyword] = made;
  }
  return (changed as JsonSchemaObject | undefined) ?? schema;
}

function mapKeyword(keyword: string, value: unknown, change: (part: JsonSchema) => JsonSchema): unknown {
  if (ONE.has(keyword)) return change(value as JsonSchema);
  if (LISTS.has(keyword)) {
    const list = value as readonly JsonSchema[];
    const made = list.map(change);
    return made.some((part, index) => part !== list[index]) ? made : list;
  }
  if (!MAPS.has(keyword)) return value;
  let changed = false;
  const made = Object.entries(value as Shared).map(([name, part]): [string, JsonSchema] => {
    const other = change(part);
    changed ||= other !== part;
    return [name, other];
  });
  return changed ? Object.fromEntries(made) : value;
}

// The values of these keywords, typed as in `JsonSchemaObject`.
const ONE: ReadonlySet<string> = new Set([
  'items',
  'contains',
  'unevaluatedItems',
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
]);
const LISTS: ReadonlySet<string> = new Set(['prefixItems', 'allOf', 'anyOf', 'oneOf']);
const MAPS: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs']);
