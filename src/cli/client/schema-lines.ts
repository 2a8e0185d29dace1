import type { JsonSchema, JsonSchemaObject } from '../../model/index.ts';
import { FILE_INPUT_SCHEMA, schemaParts } from '../../model/index.ts';
import { itemsOf, listedValues, typesOf } from '../../runtime/api/text-arguments.ts';
import { isFileArgument } from './file-argument.ts';
import { oneLine } from './one-line.ts';

type Schemas = Readonly<Record<string, JsonSchema>>;

/**
 * The members of an object, as rows of name, kind and description; those of objects in it stand under them, each kind of
 * object once.
 */
export function schemaRows(schema: JsonSchemaObject): readonly string[][] {
  return rowsOf(schema, { schemas: schema.$defs ?? {}, depth: 0, shown: new Set() });
}

interface Place {
  readonly schemas: Schemas;
  readonly depth: number;
  /** Shared schemas that this one stands in. */
  readonly shown: ReadonlySet<string>;
}

function rowsOf(schema: JsonSchemaObject, { schemas, depth, shown }: Place): readonly string[][] {
  const { properties, required } = members(schema, schemas);
  return Object.entries(properties).flatMap(([name, property]) => {
    const kind = kindText(property, schemas, required.has(name));
    const row = [`${'  '.repeat(depth)}${name}`, kind, aboutText(property, schemas)];
    const inner = objectIn(property, schemas);
    const key = inner && (inner.$ref ?? Object.keys(inner.properties ?? {}).join());
    if (!inner || key === undefined || shown.has(key) || depth >= MOST_DEPTH) return [row];
    return [row, ...rowsOf(inner, { schemas, depth: depth + 1, shown: new Set([...shown, key]) })];
  });
}

const MOST_DEPTH = 2;

function members(
  schema: JsonSchemaObject,
  schemas: Schemas,
  depth = 0,
): { properties: Schemas; required: ReadonlySet<string> } {
  if (depth > 8) return { properties: {}, required: new Set() };
  const parts = schemaParts({ ...schema, anyOf: [], oneOf: [] }, schemas).filter((part) => typeof part === 'object');
  const inner = parts.map((part) => members(part, schemas, depth + 1));
  return {
    properties: Object.assign({}, ...inner.map(({ properties }) => properties), schema.properties),
    required: new Set([...inner.flatMap(({ required }) => [...required]), ...(schema.required ?? [])]),
  };
}

/** The object that the schema describes, or that the items of its list are. */
function objectIn(schema: JsonSchema, schemas: Schemas): JsonSchemaObject | undefined {
  if (typeof schema === 'boolean' || isFileArgument(schema, schemas)) return undefined;
  const types = typesOf(schema, schemas);
  const held = types.has('array') ? itemsOf(schema, schemas) : schema;
  if (typeof held === 'boolean') return undefined;
  return Object.keys(members(held, schemas).properties).length > 0 ? held : undefined;
}

function kindText(schema: JsonSchema, schemas: Schemas, isRequired: boolean): string {
  return isRequired ? `${kindOf(schema, schemas)}, required` : kindOf(schema, schemas);
}

function kindOf(schema: JsonSchema, schemas: Schemas): string {
  if (isFileArgument(schema, schemas)) return 'file (@path)';
  const types = typesOf(schema, schemas);
  if (types.has('array')) return `list of ${kindOf(itemsOf(schema, schemas), schemas)}`;
  const values = typeof schema === 'object' ? listedValues(schema, schemas) : [];
  if (values.length > 0 && !types.has('boolean')) return shownValues(values);
  const kinds = [...types].filter((type) => type !== 'null');
  const format = typeof schema === 'object' && schema.format !== undefined ? ` (${schema.format})` : '';
  return kinds.length === 0 ? 'any' : `${kinds.join(' or ')}${format}`;
}

function shownValues(values: readonly string[]): string {
  const shown = values.slice(0, MOST_VALUES);
  const more = values.length - shown.length;
  return `${shown.join(' | ')}${more > 0 ? ` | … ${more} more` : ''}`;
}

const MOST_VALUES = 8;

function aboutText(schema: JsonSchema, schemas: Schemas): string {
  if (typeof schema === 'boolean') return '';
  const words = schema.description ?? described(schema, schemas) ?? schema.title ?? '';
  // The words for a model: a person writes `@path`.
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
