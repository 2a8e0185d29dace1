import type { JsonSchema, JsonSchemaObject } from '../../../model/index.ts';
import { FILE_INPUT_SCHEMA, schemaParts } from '../../../model/index.ts';
import { itemsOf } from '../../../runtime/api/arguments/text-arguments.ts';
import { oneLine } from '../../output/for-terminal.ts';
import { isFileArgument } from '../arguments/file-argument.ts';
import { kindText } from './kind-text.ts';

type Schemas = Readonly<Record<string, JsonSchema>>;

/** Maximum number of rows. Users who need more can read the schema itself. */
const MOST_ROWS = 400;

/**
 * The properties of an object, as rows of name, type and description. Nested properties follow their parent, and each
 * object type is expanded once. Long lists are cut: top-level properties come first, and a last row says how many were
 * omitted.
 */
export function schemaRows(schema: JsonSchemaObject): readonly string[][] {
  const schemas = schema.$defs ?? {};
  const own = Object.keys(members(schema, schemas).properties).length;
  const budget = { inner: Math.max(MOST_ROWS - own, 0), left: 0 };
  const rows = rowsOf(schema, { schemas, depth: 0, shown: new Set(), budget });
  const kept = rows.slice(0, MOST_ROWS);
  const left = rows.length - kept.length + budget.left + Math.max(own - MOST_ROWS, 0);
  return left === 0 ? kept : [...kept, [`… ${left} more`, '', 'omitted here; --json shows the complete schema']];
}

interface Place {
  readonly schemas: Schemas;
  readonly depth: number;
  /** Shared schemas that this schema references. */
  readonly shown: ReadonlySet<string>;
  /** Rows left for nested properties, and how many did not fit. */
  readonly budget: { inner: number; left: number };
}

function rowsOf(schema: JsonSchemaObject, { schemas, depth, shown, budget }: Place): string[][] {
  const { properties, required } = members(schema, schemas);
  const all = Object.entries(properties);
  const shownHere = depth === 0 ? all.slice(0, MOST_ROWS) : all.slice(0, budget.inner);
  if (depth > 0) {
    budget.inner -= shownHere.length;
    budget.left += all.length - shownHere.length;
  }
  return shownHere.flatMap(([name, property]) => {
    const kind = `${kindText(property, schemas)}${required.has(name) ? ', required' : ''}`;
    const row = [`${'  '.repeat(depth)}${name}`, kind, aboutText(property, schemas)];
    if (depth >= MOST_DEPTH) return [row];
    const kinds = kindsIn(property, schemas).filter(({ $ref = '' }) => !shown.has($ref));
    if (kinds.length > 1) {
      const below = kinds.flatMap((kind, index) => [
        ...(index === 0 ? [] : [[`${'  '.repeat(depth + 1)}or`, '', '']]),
        ...rowsOf(kind, { schemas, depth: depth + 1, shown: new Set([...shown, kind.$ref ?? '']), budget }),
      ]);
      return [row, ...below];
    }
    const inner = objectIn(property, schemas);
    const key = inner && (inner.$ref ?? Object.keys(inner.properties ?? {}).join());
    if (!inner || key === undefined || shown.has(key)) return [row];
    return [row, ...rowsOf(inner, { schemas, depth: depth + 1, shown: new Set([...shown, key]), budget })];
  });
}

const MOST_DEPTH = 2;
const MOST_KINDS = 8;

/** Variants of an object with a discriminator property, each with its fixed value. */
function kindsIn(schema: JsonSchema, schemas: Schemas): readonly JsonSchemaObject[] {
  const met = new Set<JsonSchema>();
  const waiting: JsonSchema[] = [schema];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === 'boolean' || met.has(next)) continue;
    met.add(next);
    const forms = (next.anyOf ?? []).filter((form): form is JsonSchemaObject => typeof form === 'object');
    const kinds = forms.filter(
      ({ $ref, properties = {} }) => $ref !== undefined && Object.values(properties).some(isFixed),
    );
    if (kinds.length > 1) return kinds.slice(0, MOST_KINDS);
    const items = itemsOf(next, schemas);
    if (typeof items === 'object') waiting.push(items);
    waiting.push(...schemaParts({ ...next, anyOf: [], oneOf: [] }, schemas).toReversed());
  }
  return [];
}

const isFixed = (property: JsonSchema): boolean => typeof property === 'object' && property.const !== undefined;

/** Properties of the schema and everything in its `allOf`; each subschema is read once. */
function members(
  schema: JsonSchemaObject,
  schemas: Schemas,
): { readonly properties: Schemas; readonly required: ReadonlySet<string> } {
  const properties: Record<string, JsonSchema> = {};
  const required = new Set<string>();
  // Own properties override inherited ones.
  for (const part of wholeOf(schema, schemas).toReversed()) {
    for (const [name, property] of Object.entries(part.properties ?? {}))
      Object.defineProperty(properties, name, { ...PLAIN, value: property });
    for (const name of part.required ?? []) required.add(name);
  }
  return { properties, required };
}

/** With plain assignment, a property called `__proto__` would become the prototype. */
const PLAIN = { enumerable: true, writable: true, configurable: true } as const;

/** The schema and its `allOf` parts, inline or by reference, each once. */
function wholeOf(schema: JsonSchemaObject, schemas: Schemas): readonly JsonSchemaObject[] {
  const parts = new Set<JsonSchemaObject>([schema]);
  // Entries added to a Set during iteration are visited too.
  for (const part of parts)
    for (const next of schemaParts({ ...part, anyOf: [], oneOf: [] }, schemas))
      if (typeof next === 'object') parts.add(next);
  return [...parts];
}

/**
 * The object that the schema describes, directly or as list items. For alternatives, the only one that is an object.
 */
function objectIn(schema: JsonSchema, schemas: Schemas, met = new Set<JsonSchema>()): JsonSchemaObject | undefined {
  if (typeof schema === 'boolean' || met.has(schema)) return undefined;
  // A schema that is not a file has no subschema that is one.
  if (met.size === 0 && isFileArgument(schema, schemas)) return undefined;
  met.add(schema);
  const items = itemsOf(schema, schemas);
  const held = typeof items === 'object' ? items : schema;
  if (Object.keys(members(held, schemas).properties).length > 0) return held;
  let only: JsonSchemaObject | undefined;
  for (const form of [...(held.anyOf ?? []), ...(held.oneOf ?? [])]) {
    const found = objectIn(form, schemas, met);
    if (found && only) return undefined;
    only ??= found;
  }
  return only;
}

function aboutText(schema: JsonSchema, schemas: Schemas): string {
  if (typeof schema === 'boolean') return '';
  const words = schema.description ?? described(schema, schemas) ?? schema.title ?? '';
  // That description is for models: people write `@path`.
  const about = words === FILE_INPUT_SCHEMA.description ? '' : words;
  const notes = [
    ...(schema.default === undefined ? [] : [`default ${JSON.stringify(schema.default)}`]),
    ...(schema.minimum === undefined ? [] : [`at least ${schema.minimum}`]),
    ...(schema.maximum === undefined ? [] : [`at most ${schema.maximum}`]),
    ...(schema.deprecated ? ['deprecated'] : []),
  ];
  return [oneLine(about), notes.length > 0 ? `(${notes.join(', ')})` : ''].filter((text) => text !== '').join(' ');
}

function described(schema: JsonSchemaObject, schemas: Schemas): string | undefined {
  return schemaParts({ ...schema, anyOf: [], oneOf: [] }, schemas)
    .map((part) => (typeof part === 'object' ? part.description : undefined))
    .find((text) => text !== undefined);
}
