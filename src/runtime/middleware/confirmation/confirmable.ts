import type { JsonSchemaObject } from '../../../model/index.ts';
import type { Tool } from '../../provider.ts';

/** Where `_meta` of a tool tells that it asks before it acts, and the argument that confirms a call. */
export const CONFIRM_KEY = 'openapi-mcp/confirm';

/** A tool that asks before it acts. */
export interface Confirmable {
  /** As it is listed: with the argument that confirms a call. */
  readonly tool: Tool;
  readonly argument: string;
}

/**
 * The tool with an optional argument for the token. Every client is shown it, also those that are asked otherwise:
 * MCP 2026-07-28 forbids lists that vary by connection.
 */
export function confirmable(tool: Tool): Confirmable {
  const { properties = {} } = tool.inputSchema;
  const argument = freeName(tool.inputSchema);
  const inputSchema = { ...tool.inputSchema, properties: { ...properties, [argument]: TOKEN } };
  return { argument, tool: { ...tool, inputSchema, _meta: { ...tool._meta, [CONFIRM_KEY]: argument } } };
}

/** Whether the tool asks by itself. A remote server is not believed in that: see {@link unclaimed}. */
export const isConfirmable = ({ _meta }: Tool): boolean => _meta !== undefined && CONFIRM_KEY in _meta;

/**
 * The tool of a remote server without its claim to ask by itself: who put `confirm()` round it would be overruled by
 * the server that it is to guard against.
 */
export function unclaimed(tool: Tool): Tool {
  if (!isConfirmable(tool)) return tool;
  const { [CONFIRM_KEY]: _, ...meta } = tool._meta ?? {};
  return { ...tool, _meta: meta };
}

const TOKEN: JsonSchemaObject = {
  type: 'string',
  description:
    'Confirmation token. Omit it in the first call: the result describes what would be done and contains the token for the second call.',
};

/** The tool may have an argument of that name itself, which may stand anywhere: `allOf`, `required`, behind a `$ref`. */
function freeName(schema: JsonSchemaObject): string {
  const text = JSON.stringify(schema);
  const names = ['confirm', 'confirm_token'];
  for (let number = 2; ; number++) {
    const free = names.find((name) => !text.includes(`"${name}"`));
    if (free !== undefined) return free;
    names.push(`confirm_token_${number}`);
  }
}
