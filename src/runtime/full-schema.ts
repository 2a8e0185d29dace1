import type { ResourceTemplate, Tool } from './provider.ts';

// Where the complete schema of a tool's arguments is, if the list shows a shortened one. The URI is in the tool's
// description, for the model, and in its `_meta`, so that a namespace can move both.

/** The key in `_meta`: the URI in that of a tool, `true` in that of the template of such URIs. */
const FULL_SCHEMA_KEY = 'openapi-mcp/fullSchema';

export const fullSchemaMeta = (uri: string): NonNullable<Tool['_meta']> => ({ [FULL_SCHEMA_KEY]: uri });
export const FULL_SCHEMA_TEMPLATE_META: NonNullable<ResourceTemplate['_meta']> = { [FULL_SCHEMA_KEY]: true };

/** The URI of a tool's complete schema; `undefined` if the list shows it. */
export function fullSchemaUri({ _meta }: Pick<Tool, '_meta'>): string | undefined {
  const uri = _meta?.[FULL_SCHEMA_KEY];
  return typeof uri === 'string' ? uri : undefined;
}

export const isFullSchemaTemplate = (item: object): boolean =>
  '_meta' in item && (item as Pick<ResourceTemplate, '_meta'>)._meta?.[FULL_SCHEMA_KEY] === true;

/** The same tool with the URI as it is outside of a namespace. */
export function withFullSchemaMoved(tool: Tool, move: (uri: string) => string): Tool {
  const uri = fullSchemaUri(tool);
  if (uri === undefined) return tool;
  const moved = move(uri);
  const { description } = tool;
  return {
    ...tool,
    ...(description !== undefined && { description: replaceLast(description, uri, moved) }),
    _meta: { ...tool._meta, ...fullSchemaMeta(moved) },
  };
}

/** It ends the description. What stands before it is the document's. */
function replaceLast(text: string, part: string, other: string): string {
  const at = text.lastIndexOf(part);
  return at < 0 ? text : text.slice(0, at) + other + text.slice(at + part.length);
}
