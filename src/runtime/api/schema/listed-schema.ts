import { type JsonSchema, type JsonSchemaObject, mayBeLarge, orDigits, type Schemas } from '../../../model/index.ts';
import { bytesOf } from '../../../model/tool-bytes.ts';
import { remembered } from '../../remembered.ts';
import { hasSubschemas, mapSubschemas, withDefs } from './schema-closure.ts';

/**
 * A tool's schema as listed to clients: with the definitions it references, and 64-bit integers also as strings of
 * digits.
 */
export function listedSchema<Schema extends JsonSchemaObject>(schema: Schema, schemas: Schemas): Schema {
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
  /** Whether it may contain 64-bit integers, apart from the definitions that it references. */
  readonly mayHoldLarge: boolean;
}

/** Measures an input schema for a list of so many tools. Most are listed as they are: a look at their JSON tells. */
export function measuredInput<Schema extends JsonSchemaObject>(schema: Schema, tools: number): MeasuredInput<Schema> {
  const longest = longestInput(tools);
  const json = JSON.stringify(schema);
  const bytes = bytesOf(json);
  const mayHoldLarge = /"u?int64"/.test(json);
  return {
    schema,
    bytes,
    longest,
    isShort: bytes <= longest && !mayHoldLarge && !json.includes('"$ref"'),
    mayHoldLarge,
  };
}

const LONGEST_INPUT = 8_000;
const SHORTEST_LIMIT = 1_000;
const LONGEST_LIST = 11_800_000;

/** Bytes of JSON of one input schema. */
function longestInput(tools: number): number {
  return Math.max(SHORTEST_LIMIT, Math.min(LONGEST_INPUT, Math.floor(LONGEST_LIST / tools)));
}

/** The same object if it has no such integers. */
export const sharedWithDigits = remembered(
  (schemas: Schemas): Schemas => mapSubschemas({ $defs: schemas }, withDigits).$defs ?? schemas,
);

export function withDigits(schema: JsonSchema): JsonSchema {
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
