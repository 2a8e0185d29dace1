import { type JsonSchemaObject, typesOf } from './json-schema.ts';

/** A decimal integer, as in JSON. */
const DIGITS_PATTERN = '^-?(0|[1-9]\\d*)$';

/**
 * Whether values may exceed 2^53, where clients that parse JSON into doubles round them. A value with a lower maximum
 * is a count or a page, whatever its format.
 */
export function mayBeLarge(schema: JsonSchemaObject): boolean {
  const { format, maximum, enum: listed, const: only } = schema;
  if (format !== 'int64' && format !== 'uint64') return false;
  if (listed !== undefined || only !== undefined) return false;
  const types = typesOf(schema);
  if (types.includes('string') || !(types.includes('integer') || types.includes('number'))) return false;
  return maximum === undefined || maximum > Number.MAX_SAFE_INTEGER;
}

/** The same schema for clients: an integer, or a string of its digits, which no client rounds. */
export function orDigits<Schema extends JsonSchemaObject>(schema: Schema): Schema {
  return { ...schema, type: [...typesOf(schema), 'string'], pattern: DIGITS_PATTERN };
}

/** The schema before {@link orDigits}. */
export function withoutDigits(schema: JsonSchemaObject): JsonSchemaObject {
  const { pattern, ...rest } = schema;
  const types = typesOf(schema);
  if (pattern !== DIGITS_PATTERN || !(types.includes('integer') || types.includes('number'))) return schema;
  return { ...rest, type: types.filter((type) => type !== 'string') };
}
