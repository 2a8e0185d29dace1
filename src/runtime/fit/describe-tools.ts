import { misfit } from '../errors.ts';
import { toolNamed } from '../origin-meta.ts';
import type { CallContext, Provider, Tool, ToolResult } from '../provider.ts';
import { ALWAYS_LOADED } from './call-tool.ts';
import { compactTool } from './compact.ts';
import { unknownTool } from './unknown-tool.ts';

/** The most tools that one call describes. */
const MOST_NAMES = 10;

/** The descriptions and input schemas of up to ten tools, as JSON. */
export async function describeTools(
  provider: Provider,
  { names }: Readonly<Record<string, unknown>>,
  context: CallContext,
): Promise<ToolResult> {
  const wanted = typeof names === 'string' ? [names] : names;
  if (!Array.isArray(wanted) || !wanted.every((name) => typeof name === 'string') || wanted.length === 0) {
    return misfit('"names" must be a list of tool names.');
  }
  const tools = await provider.listTools(context);
  const texts = wanted.slice(0, MOST_NAMES).map((name: string) => {
    const tool = toolNamed(tools, name);
    if (!tool) return unknownTool(name, tools);
    const { inputSchema } = compactTool(tool);
    return JSON.stringify({ name: tool.name, description: tool.description, inputSchema });
  });
  return { content: [{ type: 'text', text: texts.join('\n') }] };
}

/** The tool that `describeTools` implements. */
export function describeToolsTool({ name = 'describe_tools' }: { readonly name?: string } = {}): Tool {
  return {
    name,
    description: `Returns the description and input schema of up to ${MOST_NAMES} tools. Use it before a call whose arguments you are not sure of.`,
    inputSchema: {
      type: 'object',
      properties: { names: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: MOST_NAMES } },
      required: ['names'],
    },
    annotations: { readOnlyHint: true, openWorldHint: false },
    _meta: ALWAYS_LOADED,
  };
}
