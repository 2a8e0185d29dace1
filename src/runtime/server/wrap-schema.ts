import type { JsonSchemaObject } from '../../model/index.ts';

/**
 * Wraps an output schema whose root is not an object: `{ result: <value> }`. Clients up to protocol 2025-11-25 reject
 * any other root.
 */
export function wrapSchema(schema: JsonSchemaObject): JsonSchemaObject & { readonly type: 'object' } {
  const result = moved(schema) as JsonSchemaObject;
  return { type: 'object', properties: { result }, required: ['result'], additionalProperties: false };
}

/** Values, not schemas: a `$ref` in them is not a reference. */
const DATA: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples']);

/** References are relative to the root (`#`, `#/$defs/x`), which has moved. */
function moved(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(moved);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      if (key === '$ref' && typeof value === 'string' && (value === '#' || value.startsWith('#/'))) {
        return [key, `#/properties/result${value.slice(1)}`];
      }
      return [key, DATA.has(key) ? value : moved(value)];
    }),
  );
}
