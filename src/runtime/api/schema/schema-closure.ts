import {
  isSchema,
  isSchemaObject,
  type JsonSchema,
  type JsonSchemaObject,
  type Schemas,
  SUBSCHEMAS,
  sharedName,
} from '../../../model/index.ts';
import { remembered } from '../../remembered.ts';

/**
 * A self-contained schema: with the `$defs` it references, directly or indirectly. Nothing is copied: the definitions
 * are the shared objects themselves. A schema without references is returned unchanged; unknown names are left out.
 */
export function withDefs<Schema extends JsonSchemaObject>(schema: Schema, shared: Schemas): Schema {
  const names = reached(schema, shared);
  if (names.length === 0) return schema;
  const reachedDefs = Object.fromEntries(names.map((name) => [name, shared[name] ?? true]));
  return { ...schema, $defs: { ...schema.$defs, ...reachedDefs } };
}

/** In order of first reference. */
function reached(schema: JsonSchemaObject, shared: Schemas): readonly string[] {
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

export function directNames(schema: JsonSchema): readonly string[] {
  return typeof schema === 'boolean' ? [] : namesIn(schema);
}

/** Models are frozen, so references never change: each schema is searched once, however many tools share it. */
const namesIn = remembered((schema: JsonSchemaObject): readonly string[] => {
  const names = new Set<string>();
  collect(schema, names);
  return [...names];
});

/** Only in schema positions: a `$ref` in an example or an enum is data. */
function collect(schema: unknown, names: Set<string>): void {
  if (!isSchemaObject(schema)) return;
  // Schemas use few keywords, so iterate over those present instead of all known ones.
  for (const keyword of Object.keys(schema)) {
    const value: unknown = schema[keyword as keyof JsonSchemaObject];
    if (keyword === '$ref') {
      const name = typeof value === 'string' ? sharedName(value) : undefined;
      if (name !== undefined) names.add(name);
      continue;
    }
    const form = SUBSCHEMAS.get(keyword);
    if (form === 'one') collect(value, names);
    else if (form === 'list' && Array.isArray(value)) for (const part of value) collect(part, names);
    else if (form === 'map' && isSchemaObject(value)) for (const part of Object.values(value)) collect(part, names);
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

/** Values of the wrong type, which schemas of other servers may have, are returned unchanged. */
function mapKeyword(keyword: string, value: unknown, change: (part: JsonSchema) => JsonSchema): unknown {
  switch (SUBSCHEMAS.get(keyword)) {
    case 'one':
      return isSchema(value) ? change(value) : value;
    case 'list':
      return Array.isArray(value) ? mapList(value, change) : value;
    case 'map':
      return isSchemaObject(value) ? mapValues(value as Readonly<Record<string, unknown>>, change) : value;
    default:
      return value;
  }
}

function mapList(list: readonly unknown[], change: (part: JsonSchema) => JsonSchema): readonly unknown[] {
  const made = list.map((part) => (isSchema(part) ? change(part) : part));
  return made.some((part, index) => part !== list[index]) ? made : list;
}

function mapValues(
  map: Readonly<Record<string, unknown>>,
  change: (part: JsonSchema) => JsonSchema,
): Readonly<Record<string, unknown>> {
  let changed: Record<string, unknown> | undefined;
  for (const name of Object.keys(map)) {
    const part = map[name];
    const made = isSchema(part) ? change(part) : part;
    if (made === part) continue;
    // A copy has its own properties of every name, even of "__proto__", which can then be assigned.
    changed ??= { ...map };
    changed[name] = made;
  }
  return changed ?? map;
}

/** Whether a schema contains others, so that it need not be searched further. */
export function hasSubschemas(schema: JsonSchemaObject): boolean {
  for (const keyword in schema) if (SUBSCHEMAS.has(keyword)) return true;
  return false;
}
