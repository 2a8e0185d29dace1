import { type JsonSchema, type Operation, schemaParts } from '../../model/index.ts';
import { given } from './serialize/given.ts';

/** Values as a URI carries them: text, a list of texts, or pairs. */
export type TextValues = Readonly<Record<string, string | readonly string[] | Readonly<Record<string, string>>>>;

/**
 * The arguments that the variables of a resource URI stand for: text becomes what the schema asks for (`"42"` → 42 for
 * an integer). What does not convert stays text, so that validation names it.
 */
export function argumentsFromText(
  operation: Pick<Operation, 'arguments'>,
  schemas: Readonly<Record<string, JsonSchema>>,
  values: TextValues,
): Record<string, unknown> {
  const { properties } = operation.arguments;
  // Not by assignment, which would take a variable called `__proto__` for the prototype.
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, convert(value, given(properties, name) ?? true, schemas)]),
  );
}

function convert(
  value: TextValues[string],
  schema: JsonSchema,
  schemas: Readonly<Record<string, JsonSchema>>,
): unknown {
  const types = typesOf(schema, schemas);
  const items = itemsOf(schema, schemas);
  if (types.has('array')) {
    const list = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : Object.values(value);
    return list.map((item) => primitive(item, typesOf(items, schemas)));
  }
  return typeof value === 'string' ? primitive(value, types) : value;
}

/** Text as one of the types it may be; as it is where it fits none. A type of `string` takes any. */
export function primitive(text: string, types: ReadonlySet<string>): unknown {
  if (types.has('string') || types.size === 0) return text;
  if ((types.has('integer') || types.has('number')) && text.trim() !== '' && Number.isFinite(Number(text)))
    return Number(text);
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (types.has('null') && (text === 'null' || text === '')) return null;
  return text;
}

/** Every type a value may have, through references and composition. */
export function typesOf(
  schema: JsonSchema,
  schemas: Readonly<Record<string, JsonSchema>>,
  depth = 0,
): ReadonlySet<string> {
  if (typeof schema === 'boolean' || depth > 8) return new Set();
  const types = new Set<string>(
    schema.type === undefined ? [] : typeof schema.type === 'string' ? [schema.type] : schema.type,
  );
  const values = schema.const === undefined ? (schema.enum ?? []) : [schema.const];
  for (const value of values) types.add(value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
  for (const inner of schemaParts(schema, schemas))
    for (const type of typesOf(inner, schemas, depth + 1)) types.add(type);
  return types;
}

/** What the items of a list are. */
export function itemsOf(schema: JsonSchema, schemas: Readonly<Record<string, JsonSchema>>, depth = 0): JsonSchema {
  if (typeof schema === 'boolean' || depth > 8) return true;
  if (schema.items !== undefined) return schema.items;
  return (
    schemaParts(schema, schemas)
      .map((inner) => itemsOf(inner, schemas, depth + 1))
      .find((items) => items !== true) ?? true
  );
}

/** The values an argument may have where the document lists them, as text: for completion. */
export function listedValues(
  schema: JsonSchema,
  schemas: Readonly<Record<string, JsonSchema>>,
  depth = 0,
): readonly string[] {
  if (typeof schema === 'boolean' || depth > 8) return [];
  if (schema.const !== undefined) return [String(schema.const)];
  if (schema.enum) return schema.enum.filter((value) => value !== null).map(String);
  const types = typesOf(schema, schemas);
  if (types.size === 1 && types.has('boolean')) return ['true', 'false'];
  if (schema.items !== undefined) return listedValues(schema.items, schemas, depth + 1);
  return [...new Set(schemaParts(schema, schemas).flatMap((inner) => listedValues(inner, schemas, depth + 1)))];
}
