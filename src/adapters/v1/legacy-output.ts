import type { JsonSchemaObject } from '../../model/index.ts';
import type { Tool, ToolResult } from '../../runtime/provider.ts';
import { wrapSchema } from '../../runtime/server/wrap-schema.ts';

// Up to protocol 2025-11-25, a tool's output schema and its structured content must be objects; since 2026-07-28 any
// value is allowed. Other values are wrapped as `{ result: <value> }`, as the next SDK's server does for clients of
// that era.

/** Returns the tool unchanged if it already fits the era. */
export function legacyTool(tool: Tool): Tool {
  if (tool.outputSchema === undefined || !needsWrap(tool.outputSchema)) return tool;
  const { additionalProperties: _, ...outputSchema } = wrapSchema(tool.outputSchema);
  return { ...tool, outputSchema };
}

export function legacyResult(result: ToolResult, outputSchema: JsonSchemaObject | undefined): ToolResult {
  const { structuredContent: value, content } = result;
  if (value === undefined) return result;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isObject && (outputSchema === undefined || !needsWrap(outputSchema))) return result;
  const told = isObject || content.some(({ type }) => type === 'text');
  return {
    ...result,
    content: told ? content : [...content, { type: 'text', text: JSON.stringify(value) }],
    structuredContent: { result: value },
  };
}

const needsWrap = ({ type }: JsonSchemaObject) => type !== 'object';
