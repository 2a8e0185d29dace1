import type { JsonSchemaObject } from '../../../model/index.ts';
import type { Tool } from '../../provider.ts';

/** The key in a tool's `_meta` that says it asks for confirmation, with the name of its confirming argument. */
export const CONFIRM_KEY = 'openapi-mcp/confirm';

/** A tool that asks for confirmation. */
export interface Confirmable {
  /** As listed: with the argument that confirms a call, if one does. */
  readonly tool: Tool;
  readonly argument?: string;
}

/** Hosts that know it ask their user before each call of the tool, whatever was allowed before. */
const ASKING_META = { 'anthropic/requiresUserInteraction': true } as const;

/**
 * Marks the tool, and adds an optional argument for a token if one is accepted. Every client sees it, even those that support elicitation: MCP 2026-07-28
 * forbids lists that vary by connection.
 */
export function confirmable(tool: Tool, { acceptsTokens }: { readonly acceptsTokens: boolean }): Confirmable {
  if (!acceptsTokens) return { tool: { ...tool, _meta: { ...tool._meta, ...ASKING_META, [CONFIRM_KEY]: '' } } };
  const { properties = {} } = tool.inputSchema;
  const argument = freeName(tool.inputSchema);
  const inputSchema = { ...tool.inputSchema, properties: { ...properties, [argument]: TOKEN } };
  return {
    argument,
    tool: { ...tool, inputSchema, _meta: { ...tool._meta, ...ASKING_META, [CONFIRM_KEY]: argument } },
  };
}

/** The token of a call, and its other arguments. */
export function tokenOf(given: Readonly<Record<string, unknown>>, argument: string | undefined) {
  if (argument === undefined) return { token: undefined, args: given };
  const { [argument]: token, ...args } = given;
  return { token, args };
}

/** Whether the tool asks by itself. A remote server is not trusted in that: see {@link unclaimed}. */
export const isConfirmable = ({ _meta }: Tool): boolean => _meta !== undefined && CONFIRM_KEY in _meta;

/**
 * Removes a remote server's claim that its tool asks by itself: otherwise the server could bypass the `confirm()` that
 * guards against it.
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

/** The tool may already have an argument with that name, anywhere: in `allOf`, `required`, behind a `$ref`. */
function freeName(schema: JsonSchemaObject): string {
  const text = JSON.stringify(schema);
  const names = ['confirm', 'confirm_token'];
  for (let number = 2; ; number++) {
    const free = names.find((name) => !text.includes(`"${name}"`));
    if (free !== undefined) return free;
    names.push(`confirm_token_${number}`);
  }
}
