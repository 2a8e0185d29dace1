import type { JsonSchema, JsonSchemaObject, JsonTypeName, JsonValue } from '../../model/index.ts';
import { same } from './merge-schemas.ts';

/** One schema without unions that accepts everything any of the variants accepts: what they have in common. */
export function joinSchemas(variants: readonly JsonSchema[]): JsonSchemaObject {
  const schemas = variants.filter((variant) => variant !== false);
  if (!schemas.length || !schemas.every((schema) => typeof schema === 'object')) return {};
  const [first = {}, ...others] = schemas;
  if (others.every((other) => same(other, first))) return first;
  if (schemas.some(({ $ref, anyOf, oneOf, allOf }) => $ref ?? anyOf ?? oneOf ?? allOf)) return {};
  const enums = schemas.map((schema) => (schema.const !== undefined ? [schema.const] : schema.enum));
  if (enums.every((values) => values !== undefined)) return { enum: distinct(enums.flat()) };
  const types = schemas.map(({ type }) => type);
  if (types.includes(undefined)) return {};
  const [type, ...more]: readonly JsonTypeName[] = [...new Set(types.flatMap((each) => each ?? []))];
  if (type === undefined) return {};
  if (more.length) return { type: [type, ...more] };
  return type === 'object' ? { type, ...joinObjects(schemas) } : { type };
}

const distinct = (values: readonly JsonValue[]): JsonValue[] => [
  ...new Map(values.map((value) => [JSON.stringify(value), value])).values(),
];

/** A variant that does not name a key allows any value there, so the key is only mentioned. */
function joinObjects(schemas: readonly JsonSchemaObject[]): JsonSchemaObject {
  const keys = [...new Set(schemas.flatMap(({ properties }) => Object.keys(properties ?? {})))];
  const property = (key: string): JsonSchema => {
    const named = schemas.map(({ properties }) =>
      properties && Object.hasOwn(properties, key) ? properties[key] : undefined,
    );
    return named.every((schema) => schema !== undefined) ? joinSchemas(named) : describedOnly(named);
  };
  const required = keys.filter((key) => schemas.every((schema) => schema.required?.includes(key)));
  return {
    ...(keys.length && { properties: Object.fromEntries(keys.map((key) => [key, property(key)])) }),
    ...(required.length && { required }),
  };
}

function describedOnly(schemas: readonly (JsonSchema | undefined)[]): JsonSchemaObject {
  const found = schemas.find((schema) => typeof schema === 'object' && schema.description !== undefined);
  return typeof found === 'object' && found.description !== undefined ? { description: found.description } : {};
}
