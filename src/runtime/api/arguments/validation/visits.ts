import type { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonSchema, JsonSchemaObject } from '../../../../model/index.ts';

/** The value cannot be validated in bounded time, because it nests recursive alternatives. */
export class TooManyVisits extends Error {}

/**
 * Counts how often definitions are applied. If a definition has recursive alternatives, each of them is tried at every
 * level: 2 alternatives and 40 levels are 10^12 visits. Every cycle of a schema goes through `$defs`.
 */
export function visitCounter() {
  let left = 0;
  const visit = () => {
    if (--left < 0) throw new TooManyVisits();
  };
  return {
    /** A definition is applied. */
    visit,
    register(ajv: Ajv2020): Ajv2020 {
      return ajv.addKeyword({
        keyword: VISIT,
        schema: false,
        errors: false,
        validate() {
          visit();
          return true;
        },
      });
    },
    /** Starts a validation of a value with this many parts. */
    start(parts: number): void {
      left = SOME_VISITS + VISITS_OF_A_PART * parts;
    },
  };
}

const VISIT = 'x-counted-visit';
const SOME_VISITS = 100_000;
const VISITS_OF_A_PART = 100;

/** The schema with counted definitions; each is counted before anything else in it is applied. */
export function counted(schema: JsonSchemaObject): JsonSchemaObject {
  if (!schema.$defs) return schema;
  const visit = { [VISIT]: true } as JsonSchemaObject;
  const definitions = Object.entries(schema.$defs).map(([name, definition]): [string, JsonSchema] => [
    name,
    { allOf: [visit, definition] },
  ]);
  return { ...schema, $defs: Object.fromEntries(definitions) };
}
