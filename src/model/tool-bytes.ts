import type { JsonSchema } from './json-schema.ts';

const encoder = new TextEncoder();

/** Size of a value as JSON. */
export function jsonBytes(value: unknown): number {
  const text = JSON.stringify(value);
  return /[\u0080-\uffff]/.test(text) ? encoder.encode(text).length : text.length;
}

const propertyBytes = new WeakMap<object, number>();

/**
 * The same for a schema, if nothing in it changes any more: each property is serialised once, however many schemas
 * share it.
 */
export function bytesByProperty(schema: JsonSchema): number {
  if (typeof schema === 'boolean' || schema.properties === undefined) return jsonBytes(schema);
  let bytes = jsonBytes({ ...schema, properties: {} });
  const names = Object.keys(schema.properties);
  for (const name of names) bytes += nameBytes(name) + 1 + bytesOfProperty(schema.properties[name]);
  return bytes + Math.max(names.length - 1, 0);
}

/** Most names are written as they are. */
const nameBytes = (name: string): number => (/^[\w$.-]*$/.test(name) ? name.length + 2 : jsonBytes(name));

function bytesOfProperty(schema: JsonSchema | undefined): number {
  if (typeof schema !== 'object') return jsonBytes(schema ?? true);
  const bytes = propertyBytes.get(schema) ?? jsonBytes(schema);
  propertyBytes.set(schema, bytes);
  return bytes;
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
