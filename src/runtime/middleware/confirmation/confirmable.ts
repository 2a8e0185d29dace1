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
  const argument = freeName(properties);
  const inputSchema = { ...tool.inputSchema, properties: { ...properties, [argument]: TOKEN } };
  return { argument, tool: { ...tool, inputSchema, _meta: { ...tool._meta, [CONFIRM_KEY]: argument } } };
}

export const isConfirmable = ({ _meta }: Tool): boolean => _meta !== undefined && CONFIRM_KEY in _meta;

const TOKEN: JsonSchemaObject = {
  type: 'string',
  description:
    'Confirms the call. Leave it out at first: the answer tells what would be done, and the value to give here after that.',
};

/** The tool may have an argument of that name itself. */
function freeName(properties: Readonly<Record<string, unknown>>): string {
  const names = ['confirm', 'confirm_token'];
  for (let number = 2; ; number++) {
    const free = names.find((name) => !Object.hasOwn(properties, name));
    if (free !== undefined) return free;
    names.push(`confirm_token_${number}`);
  }
}
