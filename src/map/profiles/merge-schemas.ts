import type { JsonSchema, JsonSchemaObject, JsonTypeName, JsonValue } from '../../model/index.ts';

/**
 * One schema for the conjunction of two (`allOf`): it accepts everything that both accept. What one schema cannot
 * express (two patterns, two `anyOf`) is left out and passed to `lost`. Descriptive keywords (title, description …) are
 * those of `first`.
 */
export function mergeSchemas(first: JsonSchemaObject, second: JsonSchemaObject, lost: () => void): JsonSchemaObject {
  const result: Record<string, unknown> = { ...first };
  for (const group of GROUPS) {
    if (!group.some((keyword) => second[keyword] !== undefined)) continue;
    // Keywords that depend on each other are taken from the same side.
    if (group.every((keyword) => first[keyword] === undefined)) for (const keyword of group) copy(keyword);
    else if (group.some((keyword) => !same(first[keyword], second[keyword]))) lost();
  }
  for (const keyword of Object.keys(second) as (keyof JsonSchemaObject)[]) {
    if (GROUPED.has(keyword) || second[keyword] === undefined || same(first[keyword], second[keyword])) continue;
    if (first[keyword] === undefined) copy(keyword);
    else if (!WORDS.has(keyword)) mergeKeyword(keyword);
  }
  return result;

  function copy(keyword: keyof JsonSchemaObject): void {
    if (second[keyword] !== undefined) result[keyword] = second[keyword];
  }

  function mergeKeyword(keyword: keyof JsonSchemaObject): void {
    const merger = MERGERS[keyword];
    // A value without common ground must be dropped, because half of it could be stricter.
    if (merger)
      result[keyword] = merger(first[keyword] as never, second[keyword] as never); // both values of this keyword
    else lost();
    if (result[keyword] === undefined) delete result[keyword];
  }
}

const GROUPS = [
  ['prefixItems', 'items'],
  ['contains', 'minContains', 'maxContains'],
  ['if', 'then', 'else'],
] as const satisfies (keyof JsonSchemaObject)[][];
const GROUPED = new Set<keyof JsonSchemaObject>(GROUPS.flat());

const WORDS = new Set<keyof JsonSchemaObject>([
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'x-sent-as',
]);

/** Whether two JSON values are written alike. */
export const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

const both = (a: JsonSchema, b: JsonSchema): JsonSchema => {
  if (a === false || b === false) return false;
  if (a === true) return b;
  return b === true ? a : { allOf: [a, b] };
};

const bothOfEach = (a: Record<string, JsonSchema>, b: Record<string, JsonSchema>): Record<string, JsonSchema> => {
  const merged = new Map(Object.entries(a));
  for (const [key, schema] of Object.entries(b)) merged.set(key, both(merged.get(key) ?? true, schema));
  return Object.fromEntries(merged);
};

const bothTypes = (a: JsonTypeName | JsonTypeName[], b: JsonTypeName | JsonTypeName[]): JsonTypeName[] | undefined => {
  const [left, right] = [[a].flat(), [b].flat()];
  const accepts = (types: JsonTypeName[], type: JsonTypeName): boolean =>
    types.includes(type) || (type === 'integer' && types.includes('number'));
  const common = new Set([
    ...left.filter((type) => accepts(right, type)),
    ...right.filter((type) => accepts(left, type)),
  ]);
  return common.size ? [...common] : undefined;
};

const bothEnums = (a: JsonValue[], b: JsonValue[]): JsonValue[] | undefined => {
  const common = a.filter((value) => b.some((other) => same(value, other)));
  return common.length ? common : undefined;
};

// Each merger gets the values of its own keyword, so the table's keys determine their types.
type Merger = (a: never, b: never) => unknown;
const larger = (a: number, b: number): number => Math.max(a, b);
const smaller = (a: number, b: number): number => Math.min(a, b);

const MERGERS: Partial<Record<keyof JsonSchemaObject, Merger>> = {
  type: bothTypes satisfies Merger,
  enum: bothEnums satisfies Merger,
  required: ((a: string[], b: string[]) => [...new Set([...a, ...b])]) satisfies Merger,
  properties: bothOfEach satisfies Merger,
  patternProperties: bothOfEach satisfies Merger,
  additionalProperties: both satisfies Merger,
  propertyNames: both satisfies Merger,
  uniqueItems: ((a: boolean, b: boolean) => a || b) satisfies Merger,
  minimum: larger,
  exclusiveMinimum: larger,
  minLength: larger,
  minItems: larger,
  minProperties: larger,
  maximum: smaller,
  exclusiveMaximum: smaller,
  maxLength: smaller,
  maxItems: smaller,
  maxProperties: smaller,
};
