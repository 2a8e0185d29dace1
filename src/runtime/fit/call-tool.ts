import { misfit } from '../errors.ts';
import { isRecord } from '../is-record.ts';
import { toolNamed } from '../origin-meta.ts';
import { outcomeMeta } from '../outcome.ts';
import type { CallContext, Provider, Tool, ToolResult } from '../provider.ts';
import { unknownTool } from './unknown-tool.ts';

/**
 * Calls a tool by the arguments of `call_tool`: `{ name, arguments }`. An unknown name, or arguments that are not an
 * object, is a failed result that says what to do.
 */
export async function callTool(
  provider: Provider,
  { name, arguments: given = {} }: Readonly<Record<string, unknown>>,
  context: CallContext,
): Promise<ToolResult> {
  if (typeof name !== 'string') return misfit('"name" must be a string: the name of the tool to call.');
  const values = objectOf(given);
  if (!values) return misfit(`"arguments" must be an object with the arguments of "${name}".`);
  const tools = await provider.listTools(context);
  const tool = toolNamed(tools, name);
  if (!tool) {
    return {
      content: [{ type: 'text', text: unknownTool(name, tools) }],
      isError: true,
      _meta: outcomeMeta({ error: 'TOOL_NOT_FOUND' }),
    };
  }
  return provider.callTool({ name: tool.name, arguments: values }, { ...context, calledAs: name });
}

/** Models also write the object as a string of JSON. */
function objectOf(given: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof given !== 'string') return isRecord(given) ? given : undefined;
  if (given.trim() === '') return {};
  try {
    const parsed: unknown = JSON.parse(given);
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** The tool that `callTool` implements. */
export function callToolTool({
  name = 'call_tool',
  description,
}: {
  readonly name?: string;
  readonly description: string;
}): Tool {
  return {
    name,
    description,
    inputSchema: {
      type: 'object',
      properties: { name: { type: 'string' }, arguments: { type: 'object' } },
      required: ['name'],
    },
    annotations: { openWorldHint: true },
    _meta: ALWAYS_LOADED,
  };
}

/** Hosts that load tools on demand load this one from the start. */
export const ALWAYS_LOADED: Readonly<Record<string, unknown>> = Object.freeze({ 'anthropic/alwaysLoad': true });
