import { fullSchemaUri, splitNote } from './full-schema.ts';
import { isRecord } from './is-record.ts';
import type { CallContext, Provider, Tool } from './provider.ts';

/** The tool with its complete input schema, which is a resource if the list shows a shortened one. */
export async function wholeTool(provider: Provider, tool: Tool, context: CallContext): Promise<Tool> {
  const uri = fullSchemaUri(tool);
  if (uri === undefined) return tool;
  const { contents } = await provider.readResource({ uri }, context);
  const [content] = contents;
  const inputSchema: unknown = content && 'text' in content ? JSON.parse(content.text) : undefined;
  if (!isRecord(inputSchema)) return tool;
  // It is the schema of the arguments, whose root is an object.
  return {
    ...tool,
    description: splitNote(tool).description,
    inputSchema: inputSchema as unknown as Tool['inputSchema'],
  };
}
