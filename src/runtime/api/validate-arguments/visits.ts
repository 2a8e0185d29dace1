import type { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonSchema, JsonSchemaObject } from '../../../model/index.ts';

/** The value cannot be validated in bounded time: it nests alternatives that refer to themselves. */
export class TooManyVisits extends Error {}

/**
 * Counts how often definitions are applied. Where a definition holds alternatives that lead back to it, each of them is
 * tried at every level: 2 alternatives and 40 levels are 10^12 visits. Every cycle of a schema leads through `$defs`.
 */
export function visitCounter() {
  let left = 0;
  return {
    register(ajv: Ajv2020): Ajv2020 {
      return ajv.addKeyword({
        keyword: VISIT,
        schema: false,
        errors: false,
        validate() {
          if (--left < 0) throw new TooManyVisits();
          return true;
        },
      });
    },
    /** Begins a validation of a value with so many parts. */
    start(parts: number): void {
      left = SOME_VISITS + VISITS_OF_A_PART * parts;
    },
  };
}

const VISIT = 'x-counted-visit';
const SOME_VISITS = 100_000;
const VISITS_OF_A_PART = 100;

/** The schema with definitions that are counted, each before anything else of it is applied. */
export function counted(schema: JsonSchemaObject): JsonSchemaObject {
  if (!schema.$defs) return schema;
  const visit = { [VISIT]: true } as JsonSchemaObject;
  const definitions = Object.entries(schema.$defs).map(([name, definition]): [string, JsonSchema] => [
    name,
    { allOf: [visit, definition] },
  ]);
  return { ...schema, $defs: Object.fromEntries(definitions) };
}
