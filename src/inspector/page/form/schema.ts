import type { JsonSchema, JsonSchemaObject, JsonTypeName } from '../../../model/index.ts';

/** What a form shows for a schema. */
export type Shape =
  | { readonly kind: 'fixed'; readonly value: unknown }
  | { readonly kind: 'listed'; readonly values: readonly unknown[] }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'number'; readonly isInteger: boolean }
  | { readonly kind: 'text'; readonly isLong: boolean }
  | { readonly kind: 'list'; readonly items: JsonSchema }
  | { readonly kind: 'object'; readonly properties: readonly Property[] }
  | { readonly kind: 'choice'; readonly options: readonly Option[] }
  /** A value of this schema, or `null`. */
  | { readonly kind: 'nullable'; readonly schema: JsonSchema }
  /** Anything that fields cannot express. */
  | { readonly kind: 'json' };

export interface Property {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}
export interface Option {
  readonly label: string;
  readonly schema: JsonSchema;
}

/** The definitions that references of a schema lead to. */
export type Definitions = Readonly<Record<string, JsonSchema>>;

export function shapeOf(schema: JsonSchema, definitions: Definitions): Shape {
  const full = resolved(schema, definitions);
  if (full === undefined) return JSON_FIELD;
  if (full.const !== undefined) return { kind: 'fixed', value: full.const };
  if (full.enum) return { kind: 'listed', values: full.enum };
  const alternatives = full.oneOf ?? full.anyOf;
  if (alternatives) return choiceOf(full, alternatives, definitions);
  const types = full.type === undefined ? [] : [full.type].flat();
  // An integer, or a string of its digits: large integers cannot be numbers in JavaScript.
  if (types.length === 2 && types.includes('integer') && types.includes('string') && full.pattern !== undefined)
    return { kind: 'number', isInteger: true };
  const [first, ...others] = types.filter((type) => type !== 'null');
  if (types.length > 1 && first !== undefined && others.length === 0)
    return { kind: 'nullable', schema: { ...full, type: first } };
  if (types.length > 1)
    return { kind: 'choice', options: types.map((type) => ({ label: NAMES[type], schema: { ...full, type } })) };
  return shapeOfType(types[0] ?? impliedType(full), full);
}

const JSON_FIELD = { kind: 'json' } as const;

const NAMES: Readonly<Record<JsonTypeName, string>> = {
  null: 'null',
  boolean: 'true or false',
  integer: 'integer',
  number: 'number',
  string: 'text',
  array: 'list',
  object: 'object',
};

function impliedType({ properties, items }: JsonSchemaObject): JsonTypeName | undefined {
  if (properties) return 'object';
  return items === undefined ? undefined : 'array';
}

/** Longer texts get several lines. */
const LONG_TEXT = 200;

function shapeOfType(type: JsonTypeName | undefined, schema: JsonSchemaObject): Shape {
  switch (type) {
    case 'null':
      return { kind: 'fixed', value: null };
    case 'boolean':
      return { kind: 'boolean' };
    case 'integer':
    case 'number':
      return { kind: 'number', isInteger: type === 'integer' };
    case 'string':
      return { kind: 'text', isLong: (schema.maxLength ?? 0) >= LONG_TEXT };
    case 'array':
      return schema.items === undefined || schema.prefixItems ? JSON_FIELD : { kind: 'list', items: schema.items };
    case 'object':
      return objectShape(schema);
    case undefined:
      return JSON_FIELD;
  }
}

function objectShape({ properties = {}, required = [], additionalProperties }: JsonSchemaObject): Shape {
  const listed = Object.entries(properties);
  // Without known names.
  if (listed.length === 0 && additionalProperties !== false) return JSON_FIELD;
  return {
    kind: 'object',
    properties: listed
      .filter(([, schema]) => schema !== false)
      .map(([name, schema]) => ({ name, schema, isRequired: required.includes(name) })),
  };
}

function choiceOf(schema: JsonSchemaObject, alternatives: readonly JsonSchema[], definitions: Definitions): Shape {
  const { oneOf: _, anyOf: __, ...rest } = schema;
  // `anyOf` that only says which properties are required describes no alternatives to choose from.
  const isObject = rest.properties !== undefined;
  if (isObject && alternatives.every((each) => typeof each === 'object' && Object.keys(each).join() === 'required'))
    return shapeOf(rest, definitions);
  const [only, ...others] = alternatives.filter((each) => !isNull(each));
  if (alternatives.length > 1 && only !== undefined && others.length === 0)
    return { kind: 'nullable', schema: withTexts(only, rest) };
  const options = alternatives.map((alternative, index) => ({
    label: labelOf(alternative, definitions) ?? `option ${index + 1}`,
    schema: isObject ? merged([rest, alternative], definitions) : alternative,
  }));
  return options.every((option): option is Option => option.schema !== undefined)
    ? { kind: 'choice', options }
    : JSON_FIELD;
}

const isNull = (schema: JsonSchema): boolean => typeof schema === 'object' && schema.type === 'null';

/** What is said of the choice applies to its only alternative. */
function withTexts(schema: JsonSchema, { title, description }: JsonSchemaObject): JsonSchema {
  if (typeof schema === 'boolean') return schema;
  return { ...schema, ...(title !== undefined && { title }), ...(description !== undefined && { description }) };
}

function labelOf(schema: JsonSchema, definitions: Definitions): string | undefined {
  if (typeof schema === 'boolean') return undefined;
  if (schema.title !== undefined) return schema.title;
  const name = schema.$ref?.replace(/^.*\//, '');
  const full = resolved(schema, definitions);
  if (full?.title !== undefined) return full.title;
  if (name !== undefined) return name;
  const fixed = Object.values(full?.properties ?? {}).find(
    (each) => typeof each === 'object' && typeof each.const === 'string',
  );
  if (typeof fixed === 'object') return String(fixed.const);
  if (full?.const !== undefined) return JSON.stringify(full.const);
  const type = full?.type === undefined ? undefined : [full.type].flat();
  return type?.map((each) => NAMES[each]).join(' or ');
}

/** The schema without references and `allOf`; `undefined` if it is a boolean, or has parts that cannot be merged. */
export function resolved(schema: JsonSchema, definitions: Definitions): JsonSchemaObject | undefined {
  if (typeof schema === 'boolean') return undefined;
  const { $ref, allOf = [], ...rest } = schema;
  if ($ref === undefined && schema.allOf === undefined) return schema;
  const known = RESOLVED.get(schema);
  if (known !== undefined) return known ?? undefined;
  // A reference that leads back here finds nothing.
  RESOLVED.set(schema, null);
  const target = $ref === undefined ? true : (definitionOf($ref, definitions) ?? false);
  const full = merged([target, ...allOf, rest], definitions);
  if (full) RESOLVED.set(schema, full);
  return full;
}

/** Each schema once: parts may share parts, many times over. `null`: not possible. */
const RESOLVED = new WeakMap<JsonSchemaObject, JsonSchemaObject | null>();

function definitionOf(reference: string, definitions: Definitions): JsonSchema | undefined {
  const name = reference.startsWith('#/$defs/') ? reference.slice('#/$defs/'.length) : '';
  return Object.hasOwn(definitions, name) ? definitions[name] : undefined;
}

/** Schemas that all apply to one value, as one. Later keywords win; properties and required names are united. */
function merged(schemas: readonly JsonSchema[], definitions: Definitions): JsonSchemaObject | undefined {
  let union: JsonSchemaObject = {};
  for (const schema of schemas) {
    const part = schema === true ? {} : resolved(schema, definitions);
    if (part === undefined) return undefined;
    // Two sets of alternatives cannot be shown as one choice.
    if ((union.oneOf ?? union.anyOf) && (part.oneOf ?? part.anyOf)) return undefined;
    union = {
      ...union,
      ...part,
      ...((union.properties || part.properties) && { properties: { ...union.properties, ...part.properties } }),
      ...((union.required || part.required) && { required: [...(union.required ?? []), ...(part.required ?? [])] }),
    };
  }
  return union;
}

/** The alternative that a value was probably made for. */
export function chosenOption(options: readonly Option[], value: unknown, definitions: Definitions): number {
  if (value === undefined) return -1;
  return options.findIndex(({ schema }) => fits(schema, value, definitions));
}

function fits(schema: JsonSchema, value: unknown, definitions: Definitions): boolean {
  const full = resolved(schema, definitions);
  if (full === undefined) return true;
  if (full.const !== undefined) return JSON.stringify(full.const) === JSON.stringify(value);
  if (full.enum) return full.enum.some((each) => JSON.stringify(each) === JSON.stringify(value));
  const types = full.type === undefined ? [] : [full.type].flat();
  if (types.length > 0 && !types.some((type) => isOfType(type, value))) return false;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return true;
  return Object.entries(value).every(([name, inner]) => {
    const property = full.properties?.[name];
    if (property === undefined) return full.additionalProperties !== false;
    const { const: only } = (typeof property === 'object' && resolved(property, definitions)) || {};
    return only === undefined || JSON.stringify(only) === JSON.stringify(inner);
  });
}

function isOfType(type: JsonTypeName, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

/** What a field starts with: only what has no other value. */
export function startValue(schema: JsonSchema, definitions: Definitions): unknown {
  const shape = shapeOf(schema, definitions);
  switch (shape.kind) {
    case 'fixed':
      return shape.value;
    case 'list':
      return [];
    case 'object':
      return Object.fromEntries(
        shape.properties.flatMap((property) => {
          if (!property.isRequired || shapeOf(property.schema, definitions).kind !== 'fixed') return [];
          return [[property.name, startValue(property.schema, definitions)]];
        }),
      );
    default:
      return undefined;
  }
}
