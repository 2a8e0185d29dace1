import type { JsonSchema, JsonSchemaObject } from '../../model/index.ts';
import { FILE_INPUT_SCHEMA, schemaParts } from '../../model/index.ts';
import { itemsOf } from '../../runtime/api/text-arguments.ts';
import { oneLine } from '../for-terminal.ts';
import { isFileArgument } from './file-argument.ts';
import { kindText } from './kind-text.ts';

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
    const kind = `${kindText(property, schemas)}${required.has(name) ? ', required' : ''}`;
    const row = [`${'  '.repeat(depth)}${name}`, kind, aboutText(property, schemas)];
    const kinds = depth >= MOST_DEPTH ? [] : kindsIn(property, schemas).filter(({ $ref = '' }) => !shown.has($ref));
    if (kinds.length > 1) {
      const below = kinds.flatMap((kind, index) => [
        ...(index === 0 ? [] : [[`${'  '.repeat(depth + 1)}or`, '', '']]),
        ...rowsOf(kind, { schemas, depth: depth + 1, shown: new Set([...shown, kind.$ref ?? '']) }),
      ]);
      return [row, ...below];
    }
    const inner = objectIn(property, schemas);
    const key = inner && (inner.$ref ?? Object.keys(inner.properties ?? {}).join());
    if (!inner || key === undefined || shown.has(key) || depth >= MOST_DEPTH) return [row];
    return [row, ...rowsOf(inner, { schemas, depth: depth + 1, shown: new Set([...shown, key]) })];
  });
}

const MOST_DEPTH = 2;
const MOST_KINDS = 8;

/** The kinds of an object that one property tells apart: each fixes its value. */
function kindsIn(schema: JsonSchema, schemas: Schemas, depth = 0): readonly JsonSchemaObject[] {
  if (typeof schema === 'boolean' || depth > 8) return [];
  const forms = (schema.anyOf ?? []).filter((form): form is JsonSchemaObject => typeof form === 'object');
  const kinds = forms.filter(
    ({ $ref, properties = {} }) => $ref !== undefined && Object.values(properties).some(isFixed),
  );
  if (kinds.length > 1) return kinds.slice(0, MOST_KINDS);
  const items = itemsOf(schema, schemas);
  const parts = [
    ...schemaParts({ ...schema, anyOf: [], oneOf: [] }, schemas),
    ...(typeof items === 'object' ? [items] : []),
  ];
  return parts.map((part) => kindsIn(part, schemas, depth + 1)).find((found) => found.length > 1) ?? [];
}

const isFixed = (property: JsonSchema): boolean => typeof property === 'object' && property.const !== undefined;

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

/** The object that the schema describes, or that the items of its list are; of several forms the only one that is one. */
function objectIn(schema: JsonSchema, schemas: Schemas, depth = 0): JsonSchemaObject | undefined {
  if (typeof schema === 'boolean' || depth > 8 || isFileArgument(schema, schemas)) return undefined;
  const items = itemsOf(schema, schemas);
  const held = typeof items === 'object' ? items : schema;
  if (Object.keys(members(held, schemas).properties).length > 0) return held;
  const forms = [...(held.anyOf ?? []), ...(held.oneOf ?? [])].map((form) => objectIn(form, schemas, depth + 1));
  const [only, ...more] = forms.filter((form) => form !== undefined);
  return more.length === 0 ? only : undefined;
}

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
