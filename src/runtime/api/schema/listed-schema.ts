import { type JsonSchema, type JsonSchemaObject, mayBeLarge, orDigits, type Schemas } from '../../../model/index.ts';
import { bytesOf } from '../../../model/tool-bytes.ts';
import { remembered } from '../../remembered.ts';
import { type FoldedSchema, foldSchema } from './fold-schema.ts';
import { hasSubschemas, mapSubschemas, withDefs } from './schema-closure.ts';

/**
 * A tool's schema as listed to clients: with the definitions it references, and 64-bit integers also as strings of
 * digits.
 */
export function listedSchema<Schema extends JsonSchemaObject>(schema: Schema, schemas: Schemas): Schema {
  return withDigits(withDefs(schema, schemas)) as Schema; // an object stays an object
}

/** The input schema of a tool in a list of so many, folded if it takes more than its share of the list. */
export function listedInput<Schema extends JsonSchemaObject>(
  schema: Schema,
  schemas: Schemas,
  tools: number,
): FoldedSchema<Schema> {
  const longest = longestInput(tools);
  const json = JSON.stringify(schema);
  const bytes = bytesOf(json);
  // Most schemas. One look at their JSON is cheaper than three at their parts.
  if (bytes <= longest && !/"(?:\$ref|u?int64)"/.test(json)) return { schema, folded: false };
  const exact = withDigits(schema) as Schema; // an object stays an object
  return foldSchema(exact, sharedWithDigits(schemas), longest, exact === schema ? bytes : undefined);
}

const LONGEST_INPUT = 8_000;
const SHORTEST_LIMIT = 1_000;
const LONGEST_LIST = 11_800_000;

/** Bytes of JSON of one input schema. */
function longestInput(tools: number): number {
  return Math.max(SHORTEST_LIMIT, Math.min(LONGEST_INPUT, Math.floor(LONGEST_LIST / tools)));
}

/** The same object if it has no such integers. */
const sharedWithDigits = remembered(
  (schemas: Schemas): Schemas => mapSubschemas({ $defs: schemas }, withDigits).$defs ?? schemas,
);

function withDigits(schema: JsonSchema): JsonSchema {
  if (typeof schema === 'boolean') return schema;
  // Most schemas: cheaper to look at again than to remember.
  return mayBeLarge(schema) || hasSubschemas(schema) ? listedOne(schema) : schema;
}

/** Many tools share a schema. */
const listedOne = remembered((schema: JsonSchemaObject): JsonSchemaObject => {
  const listed = mapSubschemas(mayBeLarge(schema) ? orDigits(schema) : schema, withDigits);
  if (!schema.oneOf || listed.oneOf === schema.oneOf) return listed;
  // Another alternative may be a string: digits would match both.
  return {
    ...listed,
    oneOf: schema.oneOf.map((part) => (part === true || part === false ? part : mapSubschemas(part, withDigits))),
  };
});
