import { type JsonSchema, type JsonSchemaObject, mayBeLarge, orDigits } from '../../../model/index.ts';
import { bytesOf } from '../../../model/tool-bytes.ts';
import { hasSubschemas, mapSubschemas, withDefs } from './schema-closure.ts';

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

/** The input schema of a tool that is going to be listed. */
export interface MeasuredInput<Schema extends JsonSchemaObject> {
  readonly schema: Schema;
  /** Its size as JSON. */
  readonly bytes: number;
  /** How many bytes it may take. */
  readonly longest: number;
  /** Whether it is listed as it is. */
  readonly isShort: boolean;
}

/** Measures an input schema for a list of so many tools. Most are listed as they are: a look at their JSON tells. */
export function measuredInput<Schema extends JsonSchemaObject>(schema: Schema, tools: number): MeasuredInput<Schema> {
  const longest = longestInput(tools);
  const json = JSON.stringify(schema);
  const bytes = bytesOf(json);
  return { schema, bytes, longest, isShort: bytes <= longest && !/"(?:\$ref|u?int64)"/.test(json) };
}

const LONGEST_INPUT = 8_000;
const SHORTEST_LIMIT = 1_000;
const LONGEST_LIST = 11_800_000;

/** Bytes of JSON of one input schema. */
function longestInput(tools: number): number {
  return Math.max(SHORTEST_LIMIT, Math.min(LONGEST_INPUT, Math.floor(LONGEST_LIST / tools)));
}

const knownShared = new WeakMap<Readonly<Record<string, JsonSchema>>, Readonly<Record<string, JsonSchema>>>();

/** The same object if it has no such integers. */
export function sharedWithDigits(schemas: Readonly<Record<string, JsonSchema>>): Readonly<Record<string, JsonSchema>> {
  const listed = knownShared.get(schemas) ?? mapSubschemas({ $defs: schemas }, withDigits).$defs ?? schemas;
  knownShared.set(schemas, listed);
  return listed;
}

/** Many tools share a schema. */
const known = new WeakMap<JsonSchemaObject, JsonSchemaObject>();

export function withDigits(schema: JsonSchema): JsonSchema {
  if (typeof schema === 'boolean') return schema;
  // Most schemas: cheaper to look at again than to remember.
  if (!mayBeLarge(schema) && !hasSubschemas(schema)) return schema;
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
