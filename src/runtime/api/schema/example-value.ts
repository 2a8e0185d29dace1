import { type JsonSchema, type JsonSchemaObject, type JsonValue, sharedSchema } from '../../../model/index.ts';
import { patternTest } from '../../pattern/pattern-test.ts';
import { patternText } from '../../pattern/pattern-text.ts';
import { exampleNumber, exampleText, type Random } from './example-scalars.ts';
import { fitsSchema, isEqual } from './fits-schema.ts';
import { merged } from './merge-parts.ts';

/** Nesting depth at which optional parts are omitted: recursive schemas do not end by themselves. */
const DEPTH = 4;

/** After this many values optional parts are omitted too, and after twice as many, required ones. */
const MOST_VALUES = 2_000;

/** How many values may be made in vain, because they do not match after all. */
const MOST_TRIES = 4_000;

/** How many alternatives are tried for one value. */
const MOST_VARIANTS = 24;

export interface ExampleOptions {
  /** Whether objects have their optional properties too. Default: yes. */
  readonly optional?: boolean;
  /** Whether documented examples and defaults are used. Default: yes. */
  readonly documented?: boolean;
  /** Varies what the schema leaves open, and lists have several items. Default: the plainest value. */
  readonly random?: Random;
}

/**
 * A value that matches the schema: the documented example, default or constant if there is one that does, otherwise one
 * derived from the other keywords. Always the same for the same schema and `random`. If no value that matches is found,
 * because the schema contradicts itself or requires itself, it is one that comes close.
 */
export function exampleValue(
  schema: JsonSchema,
  shared: Readonly<Record<string, JsonSchema>>,
  { optional = true, documented = true, random }: ExampleOptions = {},
): JsonValue {
  return fitting(schema, {
    shared,
    documented,
    random: random ?? plainest,
    isVaried: random !== undefined,
    // Beyond the depth, optional parts are omitted.
    depth: optional ? 0 : DEPTH,
    budget: { values: MOST_VALUES, tries: MOST_TRIES },
  });
}

const plainest: Random = () => 0;

interface Place {
  readonly shared: Readonly<Record<string, JsonSchema>>;
  readonly documented: boolean;
  readonly random: Random;
  readonly isVaried: boolean;
  readonly depth: number;
  /** How many values may still be created. */
  readonly budget: { values: number; tries: number };
}

function fitting(schema: JsonSchema, place: Place): JsonValue {
  const { budget, shared } = place;
  budget.values--;
  if (typeof schema === 'boolean') return {};
  const fits = (value: JsonValue) => fitsSchema(value, schema, shared);
  const settled = settledValue(schema, fits, place);
  if (settled !== undefined) return settled;
  const start = Math.floor(place.random() * 1_000);
  let first: JsonValue | undefined;
  for (let variant = 0; variant < MOST_VARIANTS; variant++) {
    const before = budget.values;
    const alternatives = countedChoices(variant, start, place);
    const whole = merged(schema, { shared, choose: alternatives.choose });
    const value = settledValue(whole, fits, place) ?? madeValue(whole, place);
    if (fits(value)) return value;
    first ??= value;
    // What does not fit is thrown away.
    budget.values = before;
    if (--budget.tries < 0 || (alternatives.areTried() && !(place.isVaried && variant < 2))) break;
  }
  const plain = PLAIN_VALUES.find(fits);
  return plain !== undefined ? plain : (first ?? null);
}

/** For schemas that say what a value is not. */
const PLAIN_VALUES: readonly JsonValue[] = [{}, 'example', 1, true, [], null];

/** The alternatives of one merge as digits of a number, so that counting up tries each combination. */
function countedChoices(variant: number, start: number, place: Place) {
  let rest = variant;
  return {
    choose(alternatives: readonly JsonSchema[]): JsonSchema | undefined {
      const ordered = orderedAlternatives(alternatives, place);
      const index = rest % ordered.length;
      rest = Math.floor(rest / ordered.length);
      // What ends a recursion comes first, whatever the seed.
      return ordered[place.depth > DEPTH ? index : (index + start) % ordered.length];
    },
    areTried: () => rest > 0,
  };
}

/** Null last; beyond the depth, first what ends. */
function orderedAlternatives(alternatives: readonly JsonSchema[], { depth, shared }: Place): readonly JsonSchema[] {
  const others = alternatives.filter((each) => !isNull(each));
  if (depth > DEPTH) return [...alternatives].sort((a, b) => weight(a, shared) - weight(b, shared));
  return others.length === 0 ? alternatives : others;
}

const isNull = (schema: JsonSchema): boolean =>
  typeof schema === 'object' && (schema.type === 'null' || schema.const === null);

function weight(schema: JsonSchema, shared: Place['shared']): number {
  if (typeof schema === 'boolean') return schema ? 2 : 4;
  if (isNull(schema)) return 0;
  const target = schema.$ref === undefined ? schema : sharedSchema(schema.$ref, shared);
  if (typeof target !== 'object') return 2;
  if (target.enum !== undefined || target.const !== undefined) return 1;
  const types = [target.type ?? []].flat();
  if (types.length === 0) return 3;
  if (types.includes('object')) return (target.required ?? []).length === 0 ? 2 : 3;
  return 1;
}

/** Documented examples are often shortened, or JSON in a string: one that does not match is skipped. */
function settledValue(
  schema: JsonSchemaObject,
  fits: (value: JsonValue) => boolean,
  { documented, random, isVaried }: Place,
): JsonValue | undefined {
  if (schema.const !== undefined) return schema.const;
  const fitsToo = (value: JsonValue | undefined): value is JsonValue => value !== undefined && fits(value);
  if (documented) {
    const found = picked((schema.examples ?? []).filter(fitsToo), random);
    if (found !== undefined) return found;
    if (fitsToo(schema.default)) return schema.default;
  }
  const listed = (schema.enum ?? []).filter(fitsToo);
  // Null is listed for what may be missing.
  const others = isVaried ? listed.filter((value) => value !== null) : listed;
  return picked(others.length > 0 ? others : listed, random);
}

const picked = <T>(values: readonly T[], random: Random): T | undefined => values[Math.floor(random() * values.length)];

function madeValue(schema: JsonSchemaObject, place: Place): JsonValue {
  const { random } = place;
  const type = typeOf(schema);
  switch (type) {
    case 'null':
      return null;
    case 'boolean':
      return random() < 0.5;
    case 'integer':
    case 'number':
      return exampleNumber(schema, type === 'integer', random);
    case 'string':
      return exampleText(schema, random);
    case 'array':
      return arrayValue(schema, { ...place, depth: place.depth + 1 });
    case 'object':
      return objectValue(schema, { ...place, depth: place.depth + 1 });
  }
}

function typeOf({ type, properties, items, prefixItems, ...rest }: JsonSchemaObject) {
  const stated = typeof type === 'string' ? type : (type?.find((name) => name !== 'null') ?? type?.[0]);
  if (stated !== undefined) return stated;
  if (items !== undefined || prefixItems !== undefined || rest.minItems !== undefined) return 'array';
  if (properties !== undefined) return 'object';
  if (rest.format !== undefined || rest.minLength !== undefined || rest.pattern !== undefined) return 'string';
  return rest.minimum !== undefined || rest.multipleOf !== undefined ? 'number' : 'object';
}

function objectValue(written: JsonSchemaObject, place: Place): JsonValue {
  const { budget, depth, shared } = place;
  const schema = withDependents(written, place);
  const required = new Set(schema.required);
  const { properties = {}, maxProperties = Infinity } = schema;
  // A required property may not be described.
  const undescribed = [...required].filter((key) => !Object.hasOwn(properties, key));
  const described: [string, JsonSchema][] = [
    ...Object.entries(properties),
    ...undescribed.map((key): [string, JsonSchema] => [key, schemaOfOther(key, schema)]),
  ];
  const made: [string, JsonValue][] = [];
  let optional = maxProperties - required.size;
  for (const [key, property] of described) {
    // Beyond the depth even required parts are omitted: a schema that requires itself has no finite value.
    const wanted = depth <= DEPTH && budget.values > 0 && optional > 0 && property !== false;
    const needed = depth <= 4 * DEPTH && budget.values > -MOST_VALUES && required.has(key);
    if (!wanted && !needed) continue;
    const value = fitting(property, place);
    // An optional property that can have no value is left out.
    if (!required.has(key) && !fitsSchema(value, property, shared)) continue;
    if (!required.has(key)) optional--;
    made.push([key, value]);
  }
  return Object.fromEntries([...made, ...furtherEntries(schema, made.length, place)]);
}

/** With what other properties need, and what those need in turn. */
function withDependents(schema: JsonSchemaObject, place: Place, round = 0): JsonSchemaObject {
  const { dependentRequired, dependentSchemas, properties = {}, required = [] } = schema;
  if (round > DEPTH || (dependentRequired ?? dependentSchemas) === undefined) return schema;
  const present = new Set(place.depth <= DEPTH ? [...Object.keys(properties), ...required] : required);
  const ofPresent = <T>(map: Readonly<Record<string, T>> = {}): T[] =>
    Object.entries(map).flatMap(([name, value]) => (present.has(name) ? [value] : []));
  const all = { ...schema, required: [...new Set([...required, ...ofPresent(dependentRequired).flat()])] };
  const parts = ofPresent(dependentSchemas);
  // Each is merged once.
  const left = Object.entries(dependentSchemas ?? {}).filter(([name]) => !present.has(name));
  const rest = { ...all, dependentSchemas: Object.fromEntries(left) };
  const whole = merged({ ...rest, allOf: parts }, { shared: place.shared, choose: ([first]) => first });
  const isSettled = parts.length === 0 && all.required.length === required.length;
  return isSettled ? whole : withDependents(whole, place, round + 1);
}

/** The schema of a property that is not described by its name. */
function schemaOfOther(
  key: string,
  { patternProperties = {}, additionalProperties = true }: JsonSchemaObject,
): JsonSchema {
  const pattern = Object.keys(patternProperties).find((each) => patternTest(each)?.(key) ?? false);
  return pattern === undefined ? additionalProperties : (patternProperties[pattern] ?? true);
}

/** Properties of a map: as many as it must have; one if values are varied, because that shows what it is. */
function furtherEntries(schema: JsonSchemaObject, present: number, place: Place): readonly [string, JsonValue][] {
  const { minProperties = 0, maxProperties = Infinity, properties = {}, propertyNames = true } = schema;
  const isMap = typeof schema.additionalProperties === 'object' && Object.keys(properties).length === 0;
  const shown = place.isVaried && isMap && place.depth <= DEPTH && place.budget.values > 0 ? 1 : 0;
  const count = Math.min(Math.max(minProperties - present, present === 0 ? shown : 0), maxProperties - present, 20);
  const entries = new Map<string, JsonValue>();
  for (let round = 0; round < 2 * count && entries.size < count; round++) {
    const [pattern] = Object.keys(schema.patternProperties ?? {});
    const name =
      propertyNames === true
        ? pattern === undefined
          ? `key${round === 0 ? '' : round + 1}`
          : (patternText(pattern, { longer: round }) ?? 'key')
        : String(fitting(propertyNames, { ...place, random: shifted(round) }));
    if (Object.hasOwn(properties, name)) continue;
    const value = fitting(schemaOfOther(name, schema), place);
    if (minProperties > present || fitsSchema(value, schemaOfOther(name, schema), place.shared))
      entries.set(name, value);
  }
  return [...entries];
}

/** Another value in each round, also without a seed. */
const shifted = (round: number): Random => {
  let at = round;
  return () => (at++ * 0.618_034) % 1;
};

function arrayValue(schema: JsonSchemaObject, place: Place): JsonValue {
  const { items = true, prefixItems = [], minItems = 0, maxItems = Infinity, uniqueItems, contains } = schema;
  const length = lengthOf(schema, place);
  const made: JsonValue[] = [];
  const add = (part: JsonSchema, round: number) => {
    // Further items differ from the first one, which has the documented values.
    const further = place.isVaried ? { ...place, documented: false } : { ...place, random: shifted(round) };
    const value = fitting(part, round === 0 ? place : further);
    const isRepeated = uniqueItems && made.some((other) => isEqual(other, value));
    if (!isRepeated) made.push(value);
  };
  for (const part of prefixItems.slice(0, maxItems)) add(part, 0);
  if (contains !== undefined) {
    const wanted = typeof items === 'object' ? { allOf: [contains, items] } : contains;
    for (let index = 0; index < (schema.minContains ?? 1); index++) add(wanted, index);
  }
  if (items === false || (schema.items === undefined && minItems <= made.length)) return made;
  for (let round = 0; made.length < length && round < length + 20; round++)
    add(items, uniqueItems || place.isVaried ? round : 0);
  const fitted = made.filter((value, at) => at < prefixItems.length || fitsSchema(value, items, place.shared));
  // An item that cannot be made is left out, as long as the list need not have it.
  return fitted.length >= minItems ? fitted : made;
}

const LONGEST_LIST = 200;

function lengthOf({ prefixItems = [], minItems = 0, maxItems = Infinity }: JsonSchemaObject, place: Place): number {
  const usual = place.isVaried ? Math.max(1, 4 - place.depth) : 1;
  const wanted = place.depth > DEPTH || place.budget.values <= 0 ? 0 : prefixItems.length === 0 ? usual : 0;
  return Math.min(Math.max(minItems, wanted, prefixItems.length), maxItems, Math.max(LONGEST_LIST, prefixItems.length));
}
