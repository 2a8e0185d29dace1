/**
 * JSON Schema 2020-12 in the model: rebuilt from known, type-checked keywords, so that it compiles.
 *
 * A reference is always `#/$defs/<name>`; `<name>` is a key of {@link ApiModel.schemas}. A schema that is listed or
 * compiled separately gets the `$defs` it references, see `runtime/api/schema/schema-closure.ts`.
 */
export type JsonSchema = boolean | JsonSchemaObject;

export type JsonTypeName = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export interface JsonSchemaObject {
  readonly $ref?: string;
  readonly $defs?: Schemas;
  readonly title?: string;
  readonly description?: string;
  readonly deprecated?: boolean;
  readonly default?: JsonValue;
  readonly examples?: readonly JsonValue[];
  readonly type?: JsonTypeName | readonly JsonTypeName[];
  readonly enum?: readonly JsonValue[];
  readonly const?: JsonValue;
  readonly format?: string;
  readonly contentEncoding?: string;
  readonly contentMediaType?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly contains?: JsonSchema;
  readonly minContains?: number;
  readonly maxContains?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly unevaluatedItems?: JsonSchema;
  readonly properties?: Schemas;
  readonly patternProperties?: Schemas;
  readonly additionalProperties?: JsonSchema;
  readonly unevaluatedProperties?: JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly required?: readonly string[];
  readonly dependentRequired?: Readonly<Record<string, readonly string[]>>;
  readonly dependentSchemas?: Schemas;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  readonly if?: JsonSchema;
  readonly then?: JsonSchema;
  readonly else?: JsonSchema;
  /**
   * In the schema of a property whose name in the document is not safe for every model provider: the name to send
   * (`filter[x]` for `filter_x`). `runtime/api/request/wire-names.ts` uses it to rename arguments.
   */
  readonly 'x-sent-as'?: string;
}

/** The types in a schema; empty if it allows all. */
export const typesOf = ({ type }: JsonSchemaObject): readonly JsonTypeName[] =>
  type === undefined ? [] : [type].flat();

/** Whether a JSON value has a type. */
export function isOfType(value: unknown, type: JsonTypeName): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

/** Schemas by name. */
export type Schemas = Readonly<Record<string, JsonSchema>>;

/** The `$ref` of a shared schema. */
export const sharedRef = (name: string): string => `#/$defs/${name}`;

/** The name in `#/$defs/<name>`; `undefined` for any other reference. */
export function sharedName(ref: string): string | undefined {
  return ref.startsWith('#/$defs/') ? ref.slice('#/$defs/'.length) : undefined;
}

/** The target of `#/$defs/<name>`; `undefined` if there is none. `constructor` is an ordinary name. */
export function sharedSchema(ref: string, shared: Schemas): JsonSchema | undefined {
  const name = sharedName(ref);
  return name !== undefined && Object.hasOwn(shared, name) ? shared[name] : undefined;
}

/** The schemas that this one consists of: its reference, and the members of `allOf`, `anyOf` and `oneOf`. */
export function schemaParts(
  { $ref, allOf = [], anyOf = [], oneOf = [] }: JsonSchemaObject,
  shared: Schemas,
): readonly JsonSchema[] {
  const target =
    $ref === undefined || sharedName($ref) === undefined ? undefined : (sharedSchema($ref, shared) ?? true);
  return [...(target === undefined ? [] : [target]), ...allOf, ...anyOf, ...oneOf];
}

/**
 * The schema and everything it consists of, each once, in reading order: alternatives may be recursive. With `items`,
 * also the schemas of list items.
 */
export function* composition(
  schema: JsonSchema,
  shared: Schemas,
  { items = false } = {},
): Generator<JsonSchemaObject, undefined> {
  const met = new Set<JsonSchema>();
  const waiting: JsonSchema[] = [schema];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === 'boolean' || met.has(next)) continue;
    met.add(next);
    yield next;
    if (items && next.items !== undefined) waiting.push(next.items);
    waiting.push(...schemaParts(next, shared).toReversed());
  }
}
