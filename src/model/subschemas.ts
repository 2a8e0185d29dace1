import type { JsonSchema, JsonSchemaObject } from './json-schema.ts';

/** How the value of a keyword contains schemas: it is one, a list of them, or an object of them by name. */
export type SubschemaForm = 'one' | 'list' | 'map';

/** Where a schema contains schemas (JSON Schema 2020-12 §10 and §11), with `definitions` of older drafts. */
export const SUBSCHEMAS: ReadonlyMap<string, SubschemaForm> = new Map<string, SubschemaForm>([
  ['items', 'one'],
  ['contains', 'one'],
  ['unevaluatedItems', 'one'],
  ['additionalProperties', 'one'],
  ['unevaluatedProperties', 'one'],
  ['propertyNames', 'one'],
  ['not', 'one'],
  ['if', 'one'],
  ['then', 'one'],
  ['else', 'one'],
  ['prefixItems', 'list'],
  ['allOf', 'list'],
  ['anyOf', 'list'],
  ['oneOf', 'list'],
  ['properties', 'map'],
  ['patternProperties', 'map'],
  ['dependentSchemas', 'map'],
  ['$defs', 'map'],
  ['definitions', 'map'],
]);

/** Keywords whose values contain schemas by name. */
export const SCHEMA_MAPS: readonly string[] = [...SUBSCHEMAS].flatMap(([keyword, form]) =>
  form === 'map' ? [keyword] : [],
);

/** Only by its type: schemas of other servers may be malformed inside. */
export const isSchemaObject = (value: unknown): value is JsonSchemaObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isSchema = (value: unknown): value is JsonSchema => typeof value === 'boolean' || isSchemaObject(value);
