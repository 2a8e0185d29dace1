import { type JsonSchema, type JsonSchemaObject, mayBeLarge, orDigits } from '../../../model/index.ts';
import { mapSubschemas, withDefs } from './schema-closure.ts';

/**
 * A tool's schema as listed to clients: with the definitions it references, and 64-bit integers also as strings of
 * digits.
 */
export function listedSchema<Schema extends JsonSchemaObject>(
  schema: Schema,
  schemas: Readonly<Record<string, JsonSchema>>,
): Schema {
  return withDigits(withDefs(schema, schemas)) as Schema; // an object stays an object
}

/** Many tools share a schema. */
const known = new WeakMap<JsonSchemaObject, JsonSchemaObject>();

function withDigits(schema: JsonSchema): JsonSchema {
  if (typeof schema === 'boolean') return schema;
  const listed = known.get(schema) ?? listedOne(schema);
  known.set(schema, listed);
  return listed;
}

function listedOne(schema: JsonSchemaObject): JsonSchemaObject {
  const listed = mapSubschemas(mayBeLarge(schema) ? orDigits(schema) : schema, withDigits);
  if (!schema.oneOf || listed.oneOf === schema.oneOf) return listed;
  // Another alternative may be a string: digits would match both.
  return {
    ...listed,
    oneOf: schema.oneOf.map((part) => (part === true || part === false ? part : mapSubschemas(part, withDigits))),
  };
}
