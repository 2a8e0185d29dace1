import {
  composition,
  getOwn,
  type JsonSchema,
  type Operation,
  type Schemas,
  schemaParts,
  withoutDigits,
} from '../../../model/index.ts';
import { DIGITS } from './exact-json.ts';

/** Values in a URI: text, a list of texts, or pairs. */
export type TextValues = Readonly<Record<string, string | readonly string[] | Readonly<Record<string, string>>>>;

/**
 * The arguments for the variables of a resource URI: text is converted to the schema's type (`"42"` → 42 for an
 * integer). Text that cannot be converted stays text, so validation reports it.
 */
export function argumentsFromText(
  operation: Pick<Operation, 'arguments'>,
  schemas: Schemas,
  values: TextValues,
): Record<string, unknown> {
  const { properties } = operation.arguments;
  // Not by assignment, which would treat a variable called `__proto__` as the prototype.
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, convert(value, getOwn(properties, name) ?? true, schemas)]),
  );
}

function convert(value: TextValues[string], schema: JsonSchema, schemas: Schemas): unknown {
  const types = typesOf(schema, schemas);
  const items = itemsOf(schema, schemas);
  if (types.has('array')) {
    const list = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : Object.values(value);
    const itemTypes = typesOf(items, schemas);
    return list.map((item) => primitive(item, itemTypes));
  }
  return typeof value === 'string' ? primitive(value, types) : value;
}

/**
 * Converts text to one of the allowed types, or returns it unchanged. `string` accepts any text. An integer beyond 2^53
 * also stays text: it is accepted as a string of digits, and a number would be rounded.
 */
export function primitive(text: string, types: ReadonlySet<string>): unknown {
  if (types.has('string') || types.size === 0) return text;
  const isNumber = types.has('integer') || types.has('number');
  if (isNumber && text.trim() !== '' && Number.isFinite(Number(text))) {
    return DIGITS.test(text) && !Number.isSafeInteger(Number(text)) ? text : Number(text);
  }
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (types.has('null') && (text === 'null' || text === '')) return null;
  return text;
}

/** All types that a value may have, through references and composition. */
export function typesOf(schema: JsonSchema, schemas: Schemas): ReadonlySet<string> {
  const types = new Set<string>();
  for (const part of composition(schema, schemas)) {
    const { type, const: only, enum: listed = [] } = withoutDigits(part);
    for (const name of type === undefined ? [] : [type].flat()) types.add(name);
    for (const value of only === undefined ? listed : [only])
      types.add(value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
  }
  return types;
}

/** The schemas of the list's items. */
export function itemsOf(schema: JsonSchema, schemas: Schemas): JsonSchema {
  for (const { items } of composition(schema, schemas)) if (items !== undefined && items !== true) return items;
  return true;
}

/** The allowed values of an argument, as text, if the document lists them: for completion. */
export function listedValues(schema: JsonSchema, schemas: Schemas): readonly string[] {
  const values = new Set<string>();
  const open = [schema];
  const seen = new Set<JsonSchema>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'boolean' || seen.has(next)) continue;
    seen.add(next);
    if (next.const !== undefined) values.add(String(next.const));
    else if (next.enum) for (const value of next.enum) if (value !== null) values.add(String(value));
    if (next.const !== undefined || next.enum) continue;
    const types = typesOf(next, schemas);
    if (types.size === 1 && types.has('boolean')) for (const value of ['true', 'false']) values.add(value);
    else if (next.items !== undefined) open.push(next.items);
    else open.push(...schemaParts(next, schemas).toReversed());
  }
  return [...values];
}
