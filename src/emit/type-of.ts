import {
  FILE_INPUT_SCHEMA,
  type JsonSchema,
  type JsonSchemaObject,
  type JsonValue,
  mayBeLarge,
  sharedName,
} from '../model/index.ts';
import { INHERITED } from './names.ts';

/** A TypeScript type, before it is written. */
export type Type =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  /** A shared schema, by its name in the model. */
  | { readonly kind: 'shared'; readonly name: string }
  | { readonly kind: 'object'; readonly members: readonly Member[]; readonly rest?: Type }
  | { readonly kind: 'array'; readonly items: Type }
  | { readonly kind: 'tuple'; readonly items: readonly Type[]; readonly required: number; readonly rest?: Type }
  | { readonly kind: 'union' | 'intersection'; readonly of: readonly Type[] };

export interface Member {
  readonly name: string;
  readonly type: Type;
  readonly optional: boolean;
  readonly description?: string;
  readonly deprecated: boolean;
}

export const UNKNOWN: Type = { kind: 'word', text: 'unknown' };
const NEVER: Type = { kind: 'word', text: 'never' };
const NUMBER: Type = { kind: 'word', text: 'number' };
/** A number is exact up to 2^53 in TypeScript; a string holds all digits of a larger integer. */
const NUMBER_OR_DIGITS: Type = { kind: 'union', of: [NUMBER, { kind: 'word', text: 'string' }] };
const FILE_INPUT: Type = { kind: 'word', text: 'FileInput' };

/**
 * The type of a schema's values, as far as TypeScript can express it: the rest (patterns, bounds, `not`) is left out,
 * so that the type is never narrower than the schema.
 */
export function typeOf(schema: JsonSchema): Type {
  if (schema === true) return UNKNOWN;
  if (schema === false) return NEVER;
  if (isFileInput(schema)) return FILE_INPUT;
  return intersection([
    ...(schema.$ref === undefined ? [] : [sharedType(schema.$ref)]),
    ownType(schema),
    ...(schema.allOf ?? []).map(typeOf),
    ...(schema.anyOf ? [union(schema.anyOf.map(typeOf))] : []),
    ...(schema.oneOf ? [union(schema.oneOf.map(typeOf))] : []),
  ]);
}

/** Removes duplicates, and members that neither narrow nor widen the type. */
export function union(types: readonly Type[]): Type {
  const flat = types.flatMap((type) => (type.kind === 'union' ? type.of : [type]));
  if (flat.some((type) => isWord(type, 'unknown'))) return UNKNOWN;
  const kept = distinct(flat.filter((type) => !isWord(type, 'never')));
  return oneOr(kept, NEVER, (of) => ({ kind: 'union', of }));
}

export function intersection(types: readonly Type[]): Type {
  const flat = types.flatMap((type) => (type.kind === 'intersection' ? type.of : [type]));
  if (flat.some((type) => isWord(type, 'never'))) return NEVER;
  const kept = distinct(flat.filter((type) => !isWord(type, 'unknown')));
  // An object with any members adds nothing to one with certain members.
  const certain = kept.filter((type) => !isAnyObject(type));
  const known = certain.some(({ kind }) => kind === 'object' || kind === 'shared') ? certain : kept;
  return oneOr(known, UNKNOWN, (of) => ({ kind: 'intersection', of }));
}

function oneOr(types: readonly Type[], none: Type, several: (types: readonly Type[]) => Type): Type {
  const [first, ...others] = types;
  if (first === undefined) return none;
  return others.length === 0 ? first : several(types);
}

function distinct(types: readonly Type[]): readonly Type[] {
  if (types.length < 2) return types;
  return [...new Map(types.map((type) => [JSON.stringify(type), type])).values()];
}

const isAnyObject = (type: Type): boolean =>
  type.kind === 'object' && type.members.length === 0 && type.rest !== undefined && isWord(type.rest, 'unknown');

const isWord = (type: Type, text: string): boolean => type.kind === 'word' && type.text === text;

function sharedType(ref: string): Type {
  const name = sharedName(ref);
  return name === undefined ? UNKNOWN : { kind: 'shared', name };
}

/** The type according to the keywords other than `$ref`, `allOf`, `anyOf` and `oneOf`. */
function ownType(schema: JsonSchemaObject): Type {
  if (schema.const !== undefined) return valueType(schema.const);
  if (schema.enum) return union(schema.enum.map(valueType));
  const names = schema.type === undefined ? impliedTypes(schema) : [schema.type].flat();
  return names.length === 0 ? UNKNOWN : union(names.map((name) => namedType(name, schema)));
}

/**
 * A schema without `type` that only describes properties is meant for objects, although JSON Schema would allow any
 * other value.
 */
function impliedTypes(schema: JsonSchemaObject): readonly ('object' | 'array')[] {
  if (schema.properties || schema.required?.length) return ['object'];
  return schema.items !== undefined || schema.prefixItems ? ['array'] : [];
}

function namedType(name: string, schema: JsonSchemaObject): Type {
  switch (name) {
    case 'integer':
    case 'number':
      return mayBeLarge(schema) ? NUMBER_OR_DIGITS : NUMBER;
    case 'array':
      return arrayType(schema);
    case 'object':
      return objectType(schema);
    default:
      return { kind: 'word', text: name };
  }
}

function arrayType({ items, prefixItems, minItems = 0 }: JsonSchemaObject): Type {
  if (!prefixItems?.length) return { kind: 'array', items: typeOf(items ?? true) };
  return {
    kind: 'tuple',
    items: prefixItems.map(typeOf),
    required: Math.min(minItems, prefixItems.length),
    ...(items !== false && { rest: typeOf(items ?? true) }),
  };
}

function objectType(schema: JsonSchemaObject): Type {
  const { properties = {}, required = [], additionalProperties, patternProperties } = schema;
  const named = Object.entries(properties).map(([name, property]) => member(name, property, required.includes(name)));
  const unnamed = required.filter((name) => !Object.hasOwn(properties, name)).map((name) => member(name, true, true));
  const members = [...named, ...unnamed];
  if (members.length > 0) {
    // An index signature must allow the types of the named properties.
    const open = isOpen(additionalProperties) || patternProperties !== undefined;
    return { kind: 'object', members, ...(open && { rest: UNKNOWN }) };
  }
  if (patternProperties) return { kind: 'object', members, rest: UNKNOWN };
  return { kind: 'object', members, rest: typeOf(additionalProperties ?? true) };
}

/**
 * Additional properties are typed only if the document mentions them: if they are merely not forbidden, allowing them
 * would hide every typo.
 */
const isOpen = (additional: JsonSchema | undefined): boolean => additional !== undefined && additional !== false;

/** `{}` has an inherited `toString`, so an optional property with that name may always be the inherited one. */
function optionalType(name: string, schema: JsonSchema): Type {
  const type = typeOf(schema);
  if (!INHERITED.has(name) || isWord(type, 'unknown')) return type;
  return union([type, { kind: 'word', text: `typeof Object.prototype.${name}` }]);
}

function member(name: string, schema: JsonSchema, required: boolean): Member {
  const { description, deprecated = false } = typeof schema === 'object' ? schema : {};
  return {
    name,
    type: required ? typeOf(schema) : optionalType(name, schema),
    optional: !required,
    ...(description !== undefined && { description }),
    deprecated,
  };
}

function valueType(value: JsonValue): Type {
  if (Array.isArray(value)) return { kind: 'array', items: UNKNOWN };
  if (typeof value === 'object' && value !== null) return { kind: 'object', members: [], rest: UNKNOWN };
  // JSON has only these literals. Numbers that cannot be written as a literal are typed as number.
  const primitive = value as string | number | boolean | null;
  return typeof primitive === 'number' && !Number.isFinite(primitive)
    ? { kind: 'word', text: 'number' }
    : { kind: 'literal', value: primitive };
}

const FILE_INPUT_FORMS = JSON.stringify(FILE_INPUT_SCHEMA.anyOf);

const isFileInput = ({ anyOf }: JsonSchemaObject): boolean =>
  anyOf?.length === FILE_INPUT_SCHEMA.anyOf.length && JSON.stringify(anyOf) === FILE_INPUT_FORMS;
