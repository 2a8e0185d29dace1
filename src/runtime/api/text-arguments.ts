import { composition, type JsonSchema, type Operation, schemaParts, withoutDigits } from '../../model/index.ts';
import { DIGITS } from './exact-integers.ts';
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
    const itemTypes = typesOf(items, schemas);
    return list.map((item) => primitive(item, itemTypes));
  }
  return typeof value === 'string' ? primitive(value, types) : value;
}

/**
 * Text as one of the types it may be; as it is where it fits none. A type of `string` takes any. An integer beyond 2^53
 * stays text too: it is taken as a string of digits, and a number would be another one.
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

/** Every type a value may have, through references and composition. */
export function typesOf(schema: JsonSchema, schemas: Readonly<Record<string, JsonSchema>>): ReadonlySet<string> {
  const types = new Set<string>();
  for (const part of composition(schema, schemas)) {
    const { type, const: only, enum: listed = [] } = withoutDigits(part);
    for (const name of type === undefined ? [] : [type].flat()) types.add(name);
    for (const value of only === undefined ? listed : [only])
      types.add(value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
  }
  return types;
}

/** What the items of a list are. */
export function itemsOf(schema: JsonSchema, schemas: Readonly<Record<string, JsonSchema>>): JsonSchema {
  for (const { items } of composition(schema, schemas)) if (items !== undefined && items !== true) return items;
  return true;
}

/** The values an argument may have where the document lists them, as text: for completion. */
export function listedValues(schema: JsonSchema, schemas: Readonly<Record<string, JsonSchema>>): readonly string[] {
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
