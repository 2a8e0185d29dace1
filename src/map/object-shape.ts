import { getOwn, type JsonSchema, type JsonSchemaObject, setOwn, sharedName, sharedSchema } from '../model/index.ts';
import { same } from './profiles/merge-schemas.ts';

/** An object schema as a list of properties, with `allOf` merged. */
export interface ObjectShape {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
  /** `undefined`: the document does not mention additional properties. */
  readonly additionalProperties: JsonSchema | undefined;
  readonly description?: string;
}

/** Keywords that can be dropped from an object with only properties without changing its meaning. */
const HARMLESS = new Set([
  'type',
  'properties',
  'required',
  'additionalProperties',
  'allOf',
  '$ref',
  'title',
  'description',
  'examples',
  'default',
  'deprecated',
  'x-sent-as',
]);

/** The shape of a schema; `undefined` if its meaning is more than a list of properties (`oneOf`, `not`, bounds …). */
export function objectShape(
  schema: JsonSchema,
  shared: Readonly<Record<string, JsonSchema>>,
  visited: ReadonlySet<string> = new Set(),
): ObjectShape | undefined {
  if (typeof schema === 'boolean') return undefined;
  if (Object.keys(schema).some((keyword) => !HARMLESS.has(keyword))) return undefined;
  if (schema.type !== undefined && schema.type !== 'object') return undefined;
  const parts: ObjectShape[] = [];
  if (schema.$ref !== undefined) {
    const name = sharedName(schema.$ref);
    if (name === undefined || visited.has(name)) return undefined;
    const target = objectShape(sharedSchema(schema.$ref, shared) ?? true, shared, new Set([...visited, name]));
    if (!target) return undefined;
    parts.push(target);
  }
  for (const part of schema.allOf ?? []) {
    const shape = isAnnotation(part) ? undefined : objectShape(part, shared, visited);
    if (!shape && !isAnnotation(part)) return undefined;
    if (shape) parts.push(shape);
  }
  // A schema without properties and parts is any object, not a list of properties.
  if (!schema.properties && parts.length === 0 && schema.required === undefined) return undefined;
  parts.push(own(schema));
  return parts.reduce<ObjectShape | undefined>((merged, part) => (merged ? merge(merged, part) : undefined), {
    properties: {},
    required: [],
    additionalProperties: undefined,
  });
}

const isAnnotation = (schema: JsonSchema): boolean =>
  schema === true ||
  (typeof schema === 'object' &&
    Object.keys(schema).every((keyword) =>
      ['title', 'description', 'examples', 'default', 'deprecated'].includes(keyword),
    ));

function own(schema: JsonSchemaObject): ObjectShape {
  return {
    properties: schema.properties ?? {},
    required: schema.required ?? [],
    additionalProperties: schema.additionalProperties,
    ...(schema.description !== undefined && { description: schema.description }),
  };
}

function merge(a: ObjectShape, b: ObjectShape): ObjectShape | undefined {
  const properties: Record<string, JsonSchema> = { ...a.properties };
  for (const [name, schema] of Object.entries(b.properties)) {
    const other = getOwn(properties, name);
    setOwn(properties, name, other === undefined || same(other, schema) ? schema : both(other, schema));
  }
  if (
    a.additionalProperties !== undefined &&
    b.additionalProperties !== undefined &&
    !same(a.additionalProperties, b.additionalProperties)
  ) {
    return undefined;
  }
  const description = b.description ?? a.description;
  return {
    properties,
    required: [...new Set([...a.required, ...b.required])],
    additionalProperties: a.additionalProperties ?? b.additionalProperties,
    ...(description !== undefined && { description }),
  };
}

/** Both must hold; descriptive keywords of the later one win. */
function both(a: JsonSchema, b: JsonSchema): JsonSchema {
  if (a === true) return b;
  if (b === true) return a;
  if (typeof a === 'boolean' || typeof b === 'boolean') return false;
  const marker = a['x-sent-as'] ?? b['x-sent-as'];
  return { allOf: [a, b], ...(marker !== undefined && { 'x-sent-as': marker }) };
}
