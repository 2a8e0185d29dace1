import {
  getOwn,
  type JsonSchema,
  type JsonSchemaObject,
  type JsonTypeName,
  type Schemas,
  setOwn,
  sharedName,
  sharedSchema,
} from '../../../model/index.ts';

export interface Merging {
  readonly shared: Schemas;
  /** Picks one of so many alternatives. */
  readonly choose: (alternatives: readonly JsonSchema[]) => JsonSchema | undefined;
}

/**
 * The schema merged with its reference, all of `allOf`, and one alternative of `oneOf`, `anyOf` and `if`: one that a value
 * can be made from. What cannot be merged is left out, so the value has to be checked.
 */
export function merged(schema: JsonSchemaObject, merging: Merging, followed = new Set<string>()): JsonSchemaObject {
  const { $ref, allOf = [], oneOf, anyOf, if: condition, then = true, else: otherwise = true, ...own } = schema;
  const name = $ref === undefined ? undefined : sharedName($ref);
  const referred =
    $ref === undefined || name === undefined || followed.has(name) ? undefined : sharedSchema($ref, merging.shared);
  const inside = name === undefined ? followed : new Set([...followed, name]);
  const { choose } = merging;
  const parts = [
    referred,
    ...allOf,
    oneOf && choose(oneOf),
    anyOf && choose(anyOf),
    condition === undefined ? undefined : choose([{ allOf: [condition, then] }, otherwise]),
  ];
  return parts
    .filter((part): part is JsonSchemaObject => typeof part === 'object')
    .map((part) => merged(part, merging, inside))
    .reduceRight(both, own);
}

/** Merges two schemas; the first is more specific: its examples take precedence. */
function both(near: JsonSchemaObject, far: JsonSchemaObject): JsonSchemaObject {
  const joined: Record<string, unknown> = { ...far, ...near };
  for (const [keyword, join] of Object.entries(JOINED)) {
    const [a, b] = [near[keyword as keyof JsonSchemaObject], far[keyword as keyof JsonSchemaObject]];
    if (a !== undefined && b !== undefined) joined[keyword] = join(a as never, b as never);
  }
  return joined as JsonSchemaObject; // every keyword has the type that it had
}

type Join = (near: never, far: never) => unknown;

const least: Join = (near: number, far: number) => Math.min(near, far);
const most: Join = (near: number, far: number) => Math.max(near, far);
const together = (near: JsonSchema, far: JsonSchema): JsonSchema =>
  near === far || far === true ? near : near === true ? far : { allOf: [near, far] };

/** How a keyword that both have is joined. Of other keywords, the nearer one is kept. */
const JOINED: Readonly<Record<string, Join>> = {
  required: (near: readonly string[], far: readonly string[]) => [...new Set([...far, ...near])],
  properties(near: Schemas, far: Schemas) {
    const all: Record<string, JsonSchema> = { ...far };
    for (const [name, schema] of Object.entries(near)) {
      const other = getOwn(far, name);
      setOwn(all, name, other === undefined ? schema : together(schema, other));
    }
    return all;
  },
  items: together,
  contains: together,
  propertyNames: together,
  type(near: JsonSchemaObject['type'], far: JsonSchemaObject['type']) {
    const [own, others] = [[near ?? []].flat(), [far ?? []].flat()];
    const common = own.filter((type) => others.includes(type) || (type === 'integer' && others.includes('number')));
    const narrower: readonly JsonTypeName[] =
      own.includes('number') && others.includes('integer') ? [...common, 'integer'] : common;
    return narrower.length === 0 ? near : narrower.length === 1 ? narrower[0] : narrower;
  },
  enum: (near: readonly unknown[], far: readonly unknown[]) => {
    const texts = new Set(far.map((value) => JSON.stringify(value)));
    const common = near.filter((value) => texts.has(JSON.stringify(value)));
    return common.length > 0 ? common : near;
  },
  examples: (near: readonly unknown[], far: readonly unknown[]) => [...near, ...far],
  prefixItems: (near: readonly JsonSchema[], far: readonly JsonSchema[]) =>
    Array.from({ length: Math.max(near.length, far.length) }, (_, index) =>
      together(near[index] ?? true, far[index] ?? true),
    ),
  dependentRequired: (near: object, far: object) => ({ ...far, ...near }),
  dependentSchemas: (near: object, far: object) => ({ ...far, ...near }),
  patternProperties: (near: object, far: object) => ({ ...far, ...near }),
  minimum: most,
  exclusiveMinimum: most,
  maximum: least,
  exclusiveMaximum: least,
  minLength: most,
  maxLength: least,
  minItems: most,
  maxItems: least,
  minProperties: most,
  maxProperties: least,
};
