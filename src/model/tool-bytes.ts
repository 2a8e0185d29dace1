import type { JsonSchema, JsonSchemaObject } from './json-schema.ts';

const encoder = new TextEncoder();

/** Size of a value as JSON. */
export interface JsonSize {
  /** Number of characters (UTF-16 code units). */
  readonly length: number;
  readonly bytes: number;
}

function jsonSize(value: unknown): JsonSize {
  const text = JSON.stringify(value);
  return { length: text.length, bytes: bytesOf(text) };
}

/** Length of a text in UTF-8. */
export const bytesOf = (text: string): number =>
  /[\u0080-\uffff]/.test(text) ? encoder.encode(text).length : text.length;

/** Size of a value as JSON. */
export const jsonBytes = (value: unknown): number => bytesOf(JSON.stringify(value));

const knownSizes = new WeakMap<object, JsonSize>();
const knownByProperty = new WeakMap<object, JsonSize>();

/** Measures a schema once, and booleans each time. */
function sizeOnce(
  schema: JsonSchema,
  known: WeakMap<object, JsonSize>,
  measure: (schema: JsonSchemaObject) => JsonSize,
): JsonSize {
  if (typeof schema === 'boolean') return jsonSize(schema);
  const found = known.get(schema);
  if (found) return found;
  const size = measure(schema);
  known.set(schema, size);
  return size;
}

/** Size of a schema in which nothing changes any more: it is serialised once, however many schemas share it. */
export const schemaSize = (schema: JsonSchema): JsonSize => sizeOnce(schema, knownSizes, jsonSize);

/** A copy of a schema with its size. */
export function copyWithSize<Schema extends object>(schema: Schema, size: JsonSize): Schema {
  const copy = { ...schema };
  knownSizes.set(copy, size);
  return copy;
}

/** The same as {@link schemaSize}, for schemas that share properties. */
export const sizeByProperty = (schema: JsonSchema): JsonSize => sizeOnce(schema, knownByProperty, summedSize);

function summedSize(schema: JsonSchemaObject): JsonSize {
  if (schema.properties === undefined) return jsonSize(schema);
  let { length, bytes } = jsonSize({ ...schema, properties: {} });
  const names = Object.keys(schema.properties);
  for (const name of names) {
    const property = schemaSize(schema.properties[name] ?? true);
    // Most names are written as they are.
    const written = /^[\w$.-]*$/.test(name) ? undefined : jsonSize(name);
    length += (written?.length ?? name.length + 2) + 1 + property.length;
    bytes += (written?.bytes ?? name.length + 2) + 1 + property.bytes;
  }
  const commas = Math.max(names.length - 1, 0);
  return { length: length + commas, bytes: bytes + commas };
}

interface SizedTool {
  readonly inputSchema: object;
  readonly outputSchema?: object | undefined;
}

export interface ToolBytes {
  /** Size of a tool's entry in `tools/list`, as JSON. */
  tool(tool: SizedTool): number;
  /** Size of a complete `tools/list` response. */
  list(tools: readonly SizedTool[]): number;
}

/** Counts bytes of tools that share definitions: each definition is serialised once, however many tools use it. */
export function createToolBytes(): ToolBytes {
  const known = new WeakMap<object, number>();
  const definition = (schema: unknown): number => {
    if (typeof schema !== 'object' || schema === null) return jsonBytes(schema);
    const bytes = known.get(schema) ?? jsonBytes(schema);
    known.set(schema, bytes);
    return bytes;
  };
  const tool = (given: SizedTool): number => {
    let bytes = 0;
    const bare: Record<string, unknown> = { ...given };
    for (const key of ['inputSchema', 'outputSchema'] as const) {
      const schema: { readonly $defs?: object } | undefined = given[key];
      if (schema?.$defs === undefined) continue;
      const definitions = Object.entries(schema.$defs);
      bare[key] = { ...schema, $defs: {} };
      // Each with its name and a colon, and commas between them.
      for (const [name, each] of definitions) bytes += jsonBytes(name) + 1 + definition(each);
      bytes += Math.max(definitions.length - 1, 0);
    }
    return jsonBytes(bare) + bytes;
  };
  const list = (tools: readonly SizedTool[]): number =>
    jsonBytes({ tools: [] }) + tools.reduce((sum, each) => sum + tool(each), 0) + Math.max(tools.length - 1, 0);
  return { tool, list };
}
