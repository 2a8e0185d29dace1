import { isSchemaObject, type JsonSchema, type JsonSchemaObject, SUBSCHEMAS } from '../../model/index.ts';
import { hasSubschemas, mapSubschemas } from '../api/schema/schema-closure.ts';
import type { Tool } from '../provider.ts';
import { remembered } from '../remembered.ts';

/** Keywords where a plain `false` is allowed, which every host accepts. */
const OPEN: ReadonlySet<string> = new Set(['additionalProperties', 'unevaluatedProperties', 'unevaluatedItems']);

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
  const copyOf = (schema: JsonSchema): JsonSchema => {
    if (typeof schema === 'boolean') return schema ? {} : { not: {} };
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
function replaceParts(copy: JsonSchemaObject, copyOf: (schema: JsonSchema) => JsonSchema): void {
  const allowed = Object.entries(copy).filter(([key, part]) => OPEN.has(key) && typeof part === 'boolean');
  Object.assign(copy, mapSubschemas(copy, copyOf), Object.fromEntries(allowed));
}

/** Schemas that hold none, with all that they are made of: many tools share them. */
const clean = new WeakSet<object>();

function holdsBoolean(root: JsonSchemaObject): boolean {
  const seen = new Set<object>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'boolean') return true;
    // A schema without others is cheaper to look at again than to remember.
    if (!isSchemaObject(next) || !hasSubschemas(next) || seen.has(next) || clean.has(next)) continue;
    seen.add(next);
    for (const key in next) addParts(open, key, (next as Readonly<Record<string, unknown>>)[key]);
  }
  for (const schema of seen) clean.add(schema);
  return false;
}

function addParts(open: unknown[], key: string, part: unknown): void {
  const form = SUBSCHEMAS.get(key);
  if (form === 'one') {
    if (typeof part !== 'boolean' || !OPEN.has(key)) open.push(part);
  } else if (form === 'list') {
    if (Array.isArray(part)) for (const schema of part) open.push(schema);
  } else if (form === 'map' && isSchemaObject(part)) {
    for (const name in part) open.push((part as Readonly<Record<string, unknown>>)[name]);
  }
}
