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

/** Schemas that hold none, with all that they are made of: many tools share them. */
const clean = new WeakSet<object>();

function holdsBoolean(root: JsonSchemaObject): boolean {
  const seen = new Set<object>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'boolean') return true;
    if (!isSchema(next) || seen.has(next) || clean.has(next)) continue;
    seen.add(next);
    for (const key in next) addParts(open, KIND.get(key), (next as Readonly<Record<string, unknown>>)[key]);
  }
  for (const schema of seen) clean.add(schema);
  return false;
}

function addParts(open: unknown[], kind: 'one' | 'open' | 'list' | 'named' | undefined, part: unknown): void {
  if (kind === undefined) return;
  if (kind === 'one') open.push(part);
  else if (kind === 'list') {
    if (Array.isArray(part)) for (const schema of part) open.push(schema);
  } else if (isSchema(part)) {
    if (kind === 'open') open.push(part);
    else for (const name in part) open.push((part as Readonly<Record<string, unknown>>)[name]);
  }
}

const KIND = new Map([
  ...ONE.map((key) => [key as string, 'one'] as const),
  ...OPEN.map((key) => [key as string, 'open'] as const),
  ...LIST.map((key) => [key as string, 'list'] as const),
  ...NAMED.map((key) => [key as string, 'named'] as const),
]);

const isSchema = (value: unknown): value is Exclude<JsonSchema, boolean> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
