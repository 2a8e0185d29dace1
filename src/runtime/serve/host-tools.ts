import type { JsonSchema, JsonSchemaObject } from '../../model/index.ts';
import type { Tool } from '../provider.ts';
import { remembered } from '../remembered.ts';

/** Where a schema contains schemas: directly, in a list, or by name. */
const ONE = ['items', 'contains', 'propertyNames', 'not', 'if', 'then', 'else'] as const;
const LIST = ['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const;
const NAMED = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'] as const;
/** Keywords where a plain `false` is allowed, which every host accepts. */
const OPEN = ['additionalProperties', 'unevaluatedProperties', 'unevaluatedItems'] as const;

/**
 * Tools for strict hosts, where every subschema must be an object. `true` becomes `{}`, `false` `{ not: {} }`. A list
 * without any is returned unchanged.
 */
export const hostTools = remembered((tools: readonly Tool[]): readonly Tool[] => {
  const shown = tools.map(hostTool);
  return shown.some((tool, index) => tool !== tools[index]) ? Object.freeze(shown) : tools;
});

function hostTool(tool: Tool): Tool {
  const inputSchema = withoutBooleans(tool.inputSchema);
  const outputSchema = tool.outputSchema && withoutBooleans(tool.outputSchema);
  if (inputSchema === tool.inputSchema && outputSchema === tool.outputSchema) return tool;
  return { ...tool, inputSchema, ...(outputSchema && { outputSchema }) };
}

function withoutBooleans<Schema extends JsonSchemaObject>(root: Schema): Schema {
  if (!holdsBoolean(root)) return root;
  const copies = new Map<JsonSchemaObject, JsonSchemaObject>();
  const open: JsonSchemaObject[] = [];
  // Schemas may be nested at any depth: no recursion.
  const copyOf = (schema: unknown): unknown => {
    if (typeof schema === 'boolean') return schema ? {} : { not: {} };
    if (!isSchema(schema)) return schema;
    const known = copies.get(schema);
    if (known) return known;
    const copy = { ...schema };
    copies.set(schema, copy);
    open.push(copy);
    return copy;
  };
  const copy = copyOf(root) as Schema;
  for (let next = open.pop(); next !== undefined; next = open.pop()) replaceParts(next, copyOf);
  return copy;
}

/** @param copy a copy that may be modified */
function replaceParts(copy: JsonSchemaObject, copyOf: (schema: unknown) => unknown): void {
  const parts = copy as Record<string, unknown>;
  for (const key of ONE) if (key in parts) parts[key] = copyOf(parts[key]);
  for (const key of OPEN) if (isSchema(parts[key])) parts[key] = copyOf(parts[key]);
  for (const key of LIST) if (Array.isArray(parts[key])) parts[key] = parts[key].map(copyOf);
  for (const key of NAMED) {
    const named = parts[key];
    if (!isSchema(named)) continue;
    parts[key] = Object.fromEntries(Object.entries(named).map(([name, schema]) => [name, copyOf(schema)]));
  }
}

function holdsBoolean(root: JsonSchemaObject): boolean {
  const seen = new Set<unknown>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'boolean') return true;
    if (!isSchema(next) || seen.has(next)) continue;
    seen.add(next);
    const parts: Readonly<Record<string, unknown>> = { ...next };
    for (const key of ONE) open.push(parts[key]);
    for (const key of OPEN) if (isSchema(parts[key])) open.push(parts[key]);
    for (const key of LIST) if (Array.isArray(parts[key])) open.push(...parts[key]);
    for (const key of NAMED) if (isSchema(parts[key])) open.push(...Object.values(parts[key]));
  }
  return false;
}

const isSchema = (value: unknown): value is Exclude<JsonSchema, boolean> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
