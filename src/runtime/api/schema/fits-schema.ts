import { isOfType, type JsonSchema, type JsonSchemaObject, sharedSchema } from '../../../model/index.ts';
import { isRecord } from '../../is-record.ts';
import { patternTest } from '../../pattern/pattern-test.ts';
import { hasFormat } from './text-formats.ts';

type Shared = Readonly<Record<string, JsonSchema>>;

/**
 * Whether a value matches a schema: all keywords of the model, and formats. For values that are made from schemas, which
 * are small; requests and responses are validated by Ajv, which says what is wrong.
 */
export function fitsSchema(value: unknown, schema: JsonSchema, shared: Shared, depth = 0): boolean {
  if (typeof schema === 'boolean') return schema;
  // A schema that only refers to itself constrains nothing.
  if (depth > DEEPEST) return true;
  const at: Checking = {
    shared,
    value,
    schema,
    same: (part) => part === undefined || fitsSchema(value, part, shared, depth + 1),
    inner: (inner, part) => part === undefined || fitsSchema(inner, part, shared, depth + 1),
  };
  return fitsAny(at) && fitsParts(at) && fitsByType(at);
}

const DEEPEST = 120;

interface Checking {
  readonly shared: Shared;
  readonly value: unknown;
  readonly schema: JsonSchemaObject;
  /** Whether the value also fits another schema. */
  readonly same: (part: JsonSchema | undefined) => boolean;
  /** Whether a part of the value fits a schema. */
  readonly inner: (inner: unknown, part: JsonSchema | undefined) => boolean;
}

function fitsAny({ value, schema }: Checking): boolean {
  const { type, enum: listed, const: only } = schema;
  if (type !== undefined && ![type].flat().some((name) => isOfType(value, name))) return false;
  if (listed !== undefined && !listed.some((one) => isEqual(one, value))) return false;
  return only === undefined || isEqual(only, value);
}

export function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => isEqual(item, other[index]));
  if (!isRecord(one) || !isRecord(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isEqual(one[key], other[key]))
  );
}

/** Schemas of the value itself. */
function fitsParts({ schema, shared, same }: Checking): boolean {
  const { $ref, allOf = [], anyOf, oneOf, not, if: condition, then, else: otherwise } = schema;
  if ($ref !== undefined && !same(sharedSchema($ref, shared) ?? true)) return false;
  if (!allOf.every(same)) return false;
  if (anyOf !== undefined && !anyOf.some(same)) return false;
  if (oneOf !== undefined && oneOf.filter(same).length !== 1) return false;
  if (not !== undefined && same(not)) return false;
  return condition === undefined || same(same(condition) ? then : otherwise);
}

function fitsByType(at: Checking): boolean {
  const { value, schema } = at;
  if (typeof value === 'string') return fitsText(value, schema);
  if (typeof value === 'number') return fitsNumber(value, schema);
  if (Array.isArray(value)) return fitsList(value, at);
  return !isRecord(value) || fitsObject(value, at);
}

function fitsText(value: string, { minLength = 0, maxLength = Infinity, pattern, format }: JsonSchemaObject): boolean {
  const length = [...value].length;
  if (length < minLength || length > maxLength) return false;
  if (pattern !== undefined && patternTest(pattern)?.(value) === false) return false;
  return format === undefined || hasFormat(value, format);
}

function fitsNumber(value: number, schema: JsonSchemaObject): boolean {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, format } = schema;
  if (minimum !== undefined && value < minimum) return false;
  if (maximum !== undefined && value > maximum) return false;
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) return false;
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) return false;
  if (format === 'int32' && (!Number.isInteger(value) || Math.abs(value + 0.5) > 2 ** 31)) return false;
  if (format === 'int64' && !Number.isInteger(value)) return false;
  return multipleOf === undefined || isMultiple(value, multipleOf);
}

/** Close enough: `0.3` is a multiple of `0.1`. */
function isMultiple(value: number, factor: number): boolean {
  if (factor <= 0) return true;
  const times = value / factor;
  return Math.abs(times - Math.round(times)) < 1e-9 * Math.max(1, Math.abs(times));
}

function fitsList(value: readonly unknown[], { schema, inner, shared }: Checking): boolean {
  const { items, prefixItems = [], minItems = 0, maxItems = Infinity, uniqueItems, contains } = schema;
  if (value.length < minItems || value.length > maxItems) return false;
  if (!value.every((item, index) => inner(item, index < prefixItems.length ? prefixItems[index] : items))) return false;
  if (uniqueItems && value.some((item, index) => value.slice(0, index).some((other) => isEqual(item, other))))
    return false;
  if (contains !== undefined) {
    const count = value.filter((item) => inner(item, contains)).length;
    if (count < (schema.minContains ?? 1) || count > (schema.maxContains ?? Infinity)) return false;
  }
  if (schema.unevaluatedItems === undefined) return true;
  const known = evaluatedItems(value, schema, shared);
  return value.slice(known).every((item) => inner(item, schema.unevaluatedItems));
}

function fitsObject(value: Readonly<Record<string, unknown>>, at: Checking): boolean {
  const { schema, inner, same, shared } = at;
  const { properties = {}, patternProperties = {}, additionalProperties, propertyNames, required = [] } = schema;
  const keys = Object.keys(value);
  if (required.some((name) => !Object.hasOwn(value, name))) return false;
  if (keys.length < (schema.minProperties ?? 0) || keys.length > (schema.maxProperties ?? Infinity)) return false;
  const patterns = Object.entries(patternProperties);
  for (const key of keys) {
    const isDescribed = Object.hasOwn(properties, key);
    if (isDescribed && !inner(value[key], properties[key])) return false;
    const matching = patterns.filter(([pattern]) => patternTest(pattern)?.(key) ?? false);
    if (!matching.every(([, part]) => inner(value[key], part))) return false;
    if (!isDescribed && matching.length === 0 && !inner(value[key], additionalProperties)) return false;
    if (!inner(key, propertyNames)) return false;
  }
  for (const [name, needs] of Object.entries(schema.dependentRequired ?? {}))
    if (Object.hasOwn(value, name) && needs.some((need) => !Object.hasOwn(value, need))) return false;
  for (const [name, part] of Object.entries(schema.dependentSchemas ?? {}))
    if (Object.hasOwn(value, name) && !same(part)) return false;
  if (schema.unevaluatedProperties === undefined) return true;
  const known = evaluatedNames(value, schema, shared);
  return known === 'all' || keys.every((key) => known.has(key) || inner(value[key], schema.unevaluatedProperties));
}

/** The parts of a schema that apply to a value, itself included (JSON Schema 2020-12 Core §11). */
function* applying(
  value: unknown,
  schema: JsonSchema,
  shared: Shared,
  depth = 0,
): Generator<JsonSchemaObject, undefined> {
  if (typeof schema === 'boolean' || depth > DEEPEST) return;
  yield schema;
  const {
    $ref,
    allOf = [],
    anyOf = [],
    oneOf = [],
    if: condition,
    then,
    else: otherwise,
    dependentSchemas = {},
  } = schema;
  const fits = (part: JsonSchema) => fitsSchema(value, part, shared, depth + 1);
  const dependent = isRecord(value) ? Object.keys(dependentSchemas).filter((name) => Object.hasOwn(value, name)) : [];
  const parts = [
    ...($ref === undefined ? [] : [sharedSchema($ref, shared) ?? true]),
    ...allOf,
    ...[...anyOf, ...oneOf].filter(fits),
    ...(condition === undefined ? [] : fits(condition) ? [condition, then ?? true] : [otherwise ?? true]),
    ...dependent.map((name) => dependentSchemas[name] ?? true),
  ];
  for (const part of parts) yield* applying(value, part, shared, depth + 1);
}

function evaluatedNames(
  value: Readonly<Record<string, unknown>>,
  schema: JsonSchemaObject,
  shared: Shared,
): ReadonlySet<string> | 'all' {
  const names = new Set<string>();
  for (const part of applying(value, schema, shared)) {
    if (part.additionalProperties !== undefined) return 'all';
    if (part !== schema && part.unevaluatedProperties !== undefined) return 'all';
    for (const name of Object.keys(part.properties ?? {})) names.add(name);
    for (const pattern of Object.keys(part.patternProperties ?? {}))
      for (const key of Object.keys(value)) if (patternTest(pattern)?.(key)) names.add(key);
  }
  return names;
}

function evaluatedItems(value: readonly unknown[], schema: JsonSchemaObject, shared: Shared): number {
  let known = 0;
  for (const part of applying(value, schema, shared)) {
    if (part.items !== undefined || (part !== schema && part.unevaluatedItems !== undefined)) return value.length;
    known = Math.max(known, part.prefixItems?.length ?? 0);
  }
  return known;
}
