import { failedResult, misfit } from '../errors.ts';
import { toolNamed } from '../origin-meta.ts';
import { type CallContext, type Provider, ProviderError, type Tool, type ToolResult } from '../provider.ts';
import { byteLength } from '../text/byte-length.ts';
import { cutText } from '../text/cut-text.ts';
import { wholeTool } from '../whole-tool.ts';
import { ALWAYS_LOADED } from './always-loaded.ts';
import { compactTool } from './compact-tool.ts';
import { argumentsForm, signatureOf } from './signature-form.ts';
import { unknownTool } from './unknown-tool.ts';

/** The most tools that one call describes. */
const MOST_NAMES = 10;
/** The most bytes of a result. */
const MOST_BYTES = 32_000;
/** Names of tools are shorter. */
const LONGEST_NAME = 128;
/** Longer than in a list: the model asks for one tool. */
const ARGUMENT_TEXT = 300;

/**
 * Describes up to ten tools by the arguments of `describe_tools`, `{ names }`: for each its full description and input
 * schema, one line of JSON. What exceeds 32 kB is left out, and a note says so.
 */
export async function describeTools(
  provider: Provider,
  { names }: Readonly<Record<string, unknown>>,
  context: CallContext,
): Promise<ToolResult> {
  const wanted = namesOf(names);
  if (!wanted) return misfit('"names" must be a list of tool names, such as ["getPet"].');
  const tools = await provider.listTools(context);
  const found = new Map<string, Tool>();
  const unknown: string[] = [];
  for (const name of wanted.slice(0, MOST_NAMES)) {
    const tool = toolNamed(tools, name);
    if (tool) found.set(tool.name, tool);
    else unknown.push(unknownTool(name.slice(0, LONGEST_NAME), tools));
  }
  if (found.size === 0) return failedResult(new ProviderError('TOOL_NOT_FOUND', unknown.join('\n')));
  const whole = await Promise.all([...found.values()].map((tool) => wholeTool(provider, tool, context)));
  const { lines, leftOut } = within(MOST_BYTES, whole);
  const more = [...leftOut, ...wanted.slice(MOST_NAMES, 2 * MOST_NAMES).map((name) => name.slice(0, LONGEST_NAME))];
  const note =
    more.length === 0 ? [] : [`Left out to keep this result short: ${more.join(', ')}. Describe them in another call.`];
  return { content: [{ type: 'text', text: [...lines, ...unknown, ...note].join('\n') }] };
}

/** A list, or one name. */
function namesOf(given: unknown): readonly string[] | undefined {
  const names = typeof given === 'string' ? [given] : given;
  if (!Array.isArray(names) || names.length === 0) return undefined;
  return names.every((name) => typeof name === 'string') ? [...new Set<string>(names)] : undefined;
}

function within(bytes: number, tools: readonly Tool[]) {
  const lines: string[] = [];
  const leftOut: string[] = [];
  let left = bytes;
  for (const tool of tools) {
    const line = lines.length === 0 ? firstLine(tool, bytes) : described(tool);
    const size = byteLength(line) + 1;
    if (leftOut.length > 0 || (size > left && lines.length > 0)) leftOut.push(tool.name);
    else lines.push(line);
    left -= size;
  }
  return { lines, leftOut };
}

function described(tool: Tool): string {
  const { inputSchema } = compactTool(tool, { argumentText: ARGUMENT_TEXT });
  return JSON.stringify({ name: tool.name, description: tool.description, inputSchema });
}

/** A tool that is too large alone is written as a signature, with all types if they fit. */
function firstLine(tool: Tool, bytes: number): string {
  const line = described(tool);
  if (byteLength(line) <= bytes) return line;
  const { name, description = '' } = tool;
  const note = `The schema of ${name} is too large to show, so these are the signatures of its arguments.`;
  const { types, lines } = signatureOf([tool]);
  const complete = [description, note, ...types, ...lines].join('\n');
  if (byteLength(complete) <= bytes) return complete;
  const short = [description, note, `${name}(${argumentsForm(tool)})`].join('\n');
  return byteLength(short) <= bytes ? short : `${cutText(short, bytes - CUT.length)}${CUT}`;
}

const CUT = ' (cut: there are more arguments)';

export interface DescribeToolsToolOptions {
  /** Default `describe_tools`. */
  readonly name?: string;
  /** The name of the tool that calls them. Default `call_tool`. */
  readonly call?: string;
}

/** The tool that {@link describeTools} implements. */
export function describeToolsTool({
  name = 'describe_tools',
  call = 'call_tool',
}: DescribeToolsToolOptions = {}): Tool {
  return {
    name,
    description: `Returns the description and input schema of up to ${MOST_NAMES} tools. Use it if you do not know the exact arguments of a tool, then call it with ${call}.`,
    inputSchema: {
      type: 'object',
      properties: {
        names: {
          type: 'array',
          items: { type: 'string' },
          minItems: 1,
          maxItems: MOST_NAMES,
          description: 'Names of tools.',
        },
      },
      required: ['names'],
    },
    annotations: { readOnlyHint: true, openWorldHint: false },
    _meta: ALWAYS_LOADED,
  };
}
