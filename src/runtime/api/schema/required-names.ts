import { type JsonSchema, type JsonSchemaObject, schemaParts, sharedSchema } from '../../../model/index.ts';

type Shared = Readonly<Record<string, JsonSchema>>;
type NamesOf = (schema: JsonSchemaObject) => readonly string[];

/** The properties that a schema requires: in any case (`certain`), or at least in one of its branches (`possible`). */
export function requiredNames(shared: Shared): { readonly certain: NamesOf; readonly possible: NamesOf } {
  return {
    certain: namesThrough(({ $ref, allOf = [] }) => {
      const target = $ref === undefined ? undefined : sharedSchema($ref, shared);
      return target === undefined ? allOf : [target, ...allOf];
    }),
    possible: namesThrough((schema) => schemaParts(schema, shared)),
  };
}

function namesThrough(partsOf: (schema: JsonSchemaObject) => readonly JsonSchema[]): NamesOf {
  const known = new WeakMap<JsonSchemaObject, readonly string[]>();
  const open = new Set<JsonSchemaObject>();
  /** Counts references back to an open schema: what was found meanwhile is not complete. */
  let circles = 0;

  return namesOf;

  function namesOf(schema: JsonSchemaObject): readonly string[] {
    const { $ref, allOf, anyOf, oneOf, required = NONE } = schema;
    if ($ref === undefined && !allOf && !anyOf && !oneOf) return required;
    const found = known.get(schema);
    if (found) return found;
    if (open.has(schema)) {
      circles += 1;
      return NONE;
    }
    const before = circles;
    open.add(schema);
    const names = new Set(required);
    for (const part of partsOf(schema)) {
      if (typeof part === 'object') for (const name of namesOf(part)) names.add(name);
    }
    open.delete(schema);
    const result = [...names];
    // The schema where the circle began has met all of it.
    if (circles === before || open.size === 0) known.set(schema, result);
    return result;
  }
}

const NONE: readonly string[] = [];
