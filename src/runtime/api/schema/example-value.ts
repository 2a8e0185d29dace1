import {
  type JsonSchema,
  type JsonSchemaObject,
  type JsonTypeName,
  type JsonValue,
  sharedName,
  sharedSchema,
} from '../../../model/index.ts';

/** Nesting depth at which optional parts are omitted: recursive schemas do not end by themselves. */
const DEPTH = 4;

/** After this many values optional parts are omitted too, and after twice as many, required ones. */
const MOST_VALUES = 2_000;

/**
 * A deterministic value that matches the schema: the documented example, default or constant if there is one, otherwise
 * one derived from type, format and bounds. Ignores `pattern`.
 *
 * @param options.optional whether objects have their optional properties too
 */
export function exampleValue(
  schema: JsonSchema,
  shared: Readonly<Record<string, JsonSchema>>,
  { optional = true }: { readonly optional?: boolean } = {},
): JsonValue {
  // Beyond the depth, optional parts are omitted.
  return fitting(schema, { shared, depth: optional ? 0 : DEPTH, budget: { values: MOST_VALUES } });
}

interface Place {
  readonly shared: Readonly<Record<string, JsonSchema>>;
  readonly depth: number;
  /** How many values may still be created. */
  readonly budget: { values: number };
}

function fitting(schema: JsonSchema, place: Place): JsonValue {
  place.budget.values--;
  if (typeof schema === 'boolean') return {};
  const settled = settledValue(schema);
  if (settled !== undefined) return settled;
  const whole = merged(schema, place);
  const kept = settledValue(whole);
  if (kept !== undefined) return kept;
  switch (typeOf(whole)) {
    case 'null':
      return null;
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return numberValue(whole);
    case 'string':
      return stringValue(whole);
    case 'array':
      return arrayValue(whole, { ...place, depth: place.depth + 1 });
    case 'object':
      return objectValue(whole, { ...place, depth: place.depth + 1 });
  }
}

/** Documented examples are often shortened, or JSON in a string: one that clearly does not match is skipped. */
function settledValue(schema: JsonSchemaObject): JsonValue | undefined {
  const documented = [...(schema.examples ?? []), schema.default, ...(schema.enum ?? [])];
  return [schema.const, ...documented.filter((value) => value !== undefined && plainlyFits(value, schema))].find(
    (value) => value !== undefined,
  );
}

function plainlyFits(
  value: JsonValue,
  { type, format, minLength = 0, maxLength = Infinity }: JsonSchemaObject,
): boolean {
  if (type !== undefined && ![type].flat().some((name) => isOfType(value, name))) return false;
  if (typeof value !== 'string') return true;
  const fitsFormat = format === undefined || (FORMATS[format]?.test(value) ?? true);
  return fitsFormat && [...value].length >= minLength && [...value].length <= maxLength;
}

/** RFC 3339 §5.6. Placeholders (`@{addDays(utcNow(), 1)}`) are documented in place of these most of all. */
const FORMATS: Readonly<Record<string, RegExp>> = {
  date: /^\d{4}-\d\d-\d\d$/,
  'date-time': /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d/,
};

function isOfType(value: JsonValue, type: JsonTypeName): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

/** The schema merged with its reference, all of `allOf` and the first of `oneOf`/`anyOf`. */
function merged(schema: JsonSchemaObject, place: Place, followed = new Set<string>()): JsonSchemaObject {
  const { $ref, allOf = [], oneOf, anyOf, ...own } = schema;
  const name = $ref === undefined ? undefined : sharedName($ref);
  const referred =
    $ref === undefined || name === undefined || followed.has(name) ? undefined : sharedSchema($ref, place.shared);
  if (name !== undefined) followed.add(name);
  return [referred, ...allOf, oneOf?.[0], anyOf?.[0]]
    .filter((part): part is JsonSchemaObject => typeof part === 'object')
    .map((part) => merged(part, place, followed))
    .reduceRight(both, own);
}

/** Merges two schemas; the second is more specific, and takes precedence. */
function both(near: JsonSchemaObject, far: JsonSchemaObject): JsonSchemaObject {
  const properties = { ...far.properties, ...near.properties };
  const required = [...new Set([...(far.required ?? []), ...(near.required ?? [])])];
  return {
    ...far,
    ...near,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  };
}

function typeOf({ type, properties, items, prefixItems, ...rest }: JsonSchemaObject) {
  const stated = typeof type === 'string' ? type : (type?.find((name) => name !== 'null') ?? type?.[0]);
  if (stated !== undefined) return stated;
  if (items !== undefined || prefixItems !== undefined) return 'array';
  if (properties === undefined && (rest.format !== undefined || rest.minLength !== undefined)) return 'string';
  return 'object';
}

function objectValue(schema: JsonSchemaObject, place: Place): JsonValue {
  const required = new Set(schema.required);
  // Beyond the depth even required parts are omitted: a schema that requires itself has no finite value.
  const { budget, depth } = place;
  const { properties = {}, additionalProperties = true } = schema;
  // A required property may not be described.
  const undescribed = [...required].filter((key) => !Object.hasOwn(properties, key));
  const described: [string, JsonSchema][] = [
    ...Object.entries(properties),
    ...undescribed.map((key): [string, JsonSchema] => [key, additionalProperties]),
  ];
  const made: [string, JsonValue][] = [];
  for (const [key, property] of described) {
    const wanted = depth <= DEPTH && budget.values > 0;
    const needed = depth <= 2 * DEPTH && budget.values > -MOST_VALUES && required.has(key);
    if (wanted || needed) made.push([key, fitting(property, place)]);
  }
  return Object.fromEntries(made);
}

function arrayValue({ items, prefixItems = [], minItems = 0 }: JsonSchemaObject, place: Place): JsonValue {
  const first = prefixItems.map((item) => fitting(item, place));
  if (items === undefined || items === false) return first;
  const count = place.depth > DEPTH ? minItems : Math.max(minItems, first.length === 0 ? 1 : 0);
  const further = Math.min(Math.max(count - first.length, 0), 10);
  return [...first, ...Array.from({ length: further }, () => fitting(items, place))];
}

function numberValue(schema: JsonSchemaObject): number {
  const step = schema.multipleOf ?? 1;
  const above = schema.exclusiveMinimum === undefined ? undefined : schema.exclusiveMinimum + step;
  const least = above ?? schema.minimum ?? 1;
  const most = schema.exclusiveMaximum === undefined ? schema.maximum : schema.exclusiveMaximum - step;
  const value = most === undefined ? least : Math.min(least, most);
  return schema.multipleOf === undefined ? value : Math.ceil(value / step) * step;
}

const BY_FORMAT: Readonly<Record<string, string>> = {
  'date-time': '2024-01-31T12:00:00Z',
  date: '2024-01-31',
  time: '12:00:00Z',
  duration: 'P1D',
  email: 'someone@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  'uri-reference': '/',
  uuid: '6f1e2d3c-4b5a-4978-8a6b-5c4d3e2f1a0b',
  byte: 'ZXhhbXBsZQ==',
};

function stringValue({ format, minLength = 0, maxLength }: JsonSchemaObject): string {
  const known = format === undefined || !Object.hasOwn(BY_FORMAT, format) ? undefined : BY_FORMAT[format];
  return known ?? 'example'.padEnd(minLength, 'x').slice(0, maxLength);
}
