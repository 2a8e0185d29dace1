import { failedResult, isProviderError, misfit } from '../errors.ts';
import { isRecord } from '../is-record.ts';
import { lackingScopes, unrestricted } from '../lacking-scopes.ts';
import { toolNamed } from '../origin-meta.ts';
import {
  type CallContext,
  type ListContext,
  type Provider,
  ProviderError,
  type Tool,
  type ToolResult,
} from '../provider.ts';
import { parsedJson } from '../text/parsed-json.ts';
import { ALWAYS_LOADED } from './always-loaded.ts';
import { argumentsForm } from './signature-form.ts';
import { unknownTool } from './unknown-tool.ts';

/**
 * Calls a tool of the provider by the arguments of `call_tool`: `{ name, arguments }`. The name is a listed one, or an
 * operationId. An unknown name, or arguments that are not an object, is a failed result that says what to do.
 */
export async function callTool(
  provider: Provider,
  args: Readonly<Record<string, unknown>>,
  context: CallContext,
): Promise<ToolResult> {
  const { name } = args;
  if (typeof name !== 'string') return misfit('"name" must be a string: the name of the tool to call.');
  try {
    const tools = await provider.listTools(context);
    const tool = toolNamed(tools, name);
    if (!tool) return failedResult(new ProviderError('TOOL_NOT_FOUND', unknownTool(name.slice(0, 128), tools)));
    const given = argumentsOf(args);
    if (typeof given === 'string') return misfit(`${given} ${hintOf(tool)}`);
    // Messages name the tool that the model called, not this one.
    return await provider.callTool({ name: tool.name, arguments: given }, { ...context, calledAs: name });
  } catch (error) {
    if (!isProviderError(error)) throw error;
    return failedResult(error);
  }
}

/** The scopes that the tool which `call_tool` would call needs, if the caller lacks some. */
export async function scopesToCall(
  provider: Provider,
  { name, arguments: given }: Readonly<Record<string, unknown>>,
  context: ListContext,
): Promise<readonly string[] | undefined> {
  if (typeof name !== 'string') return undefined;
  const tool = toolNamed(await provider.listTools(unrestricted(context)), name);
  if (!tool) return undefined;
  const params = { name: tool.name, arguments: isRecord(given) ? given : {} };
  return lackingScopes(provider, { method: 'tools/call', params }, context);
}

/** The arguments for the tool, or what is wrong with them. Models also write the object as a string of JSON. */
function argumentsOf({ name: _, arguments: given, ...others }: Readonly<Record<string, unknown>>) {
  const misplaced = Object.keys(others);
  if (given === undefined && misplaced.length > 0) {
    return `Put ${misplaced.map((name) => `"${name}"`).join(', ')} into "arguments".`;
  }
  const value = typeof given === 'string' ? parsedJson(given.trim() || '{}') : (given ?? {});
  return isRecord(value) ? value : '"arguments" must be an object.';
}

function hintOf(tool: Tool): string {
  const form = argumentsForm(tool);
  return form === '' ? `"${tool.name}" has no arguments.` : `Arguments of "${tool.name}": ${form}`;
}

export interface CallToolToolOptions {
  /** Default `call_tool`. */
  readonly name?: string;
  readonly description: string;
}

/** The tool that {@link callTool} implements. */
export function callToolTool({ name = 'call_tool', description }: CallToolToolOptions): Tool {
  return {
    name,
    description,
    inputSchema: {
      type: 'object',
      properties: { name: { type: 'string' }, arguments: { type: 'object' } },
      required: ['name'],
    },
    // It may call any tool, so it has no hint that would loosen a guard.
    annotations: { openWorldHint: true },
    _meta: ALWAYS_LOADED,
  };
}
