import type { Tool } from './provider.ts';

// Where the complete schema of a tool's arguments is, if the list shows a shortened one: a URI that ends the tool's
// description. A mark in `_meta` tells that text from the document's own.

/** The key in `_meta`: `true` for a tool with such a description, and for the template of such URIs. */
const FULL_SCHEMA_KEY = 'openapi-mcp/fullSchema';
export const FULL_SCHEMA_META: NonNullable<Tool['_meta']> = Object.freeze({ [FULL_SCHEMA_KEY]: true });

export const FULL_SCHEMA_SCHEME = 'schema://';

/** The URI of a tool's complete schema; `undefined` if the list shows it, or somebody has replaced the description. */
export function fullSchemaUri(tool: Tool): string | undefined {
  const uri = isMarked(tool) ? /\S+$/.exec(tool.description ?? '')?.[0] : undefined;
  return uri?.startsWith(FULL_SCHEMA_SCHEME) ? uri : undefined;
}

/** The end of the description of a tool whose listed schema is shortened. */
export const shortenedNote = (uri: string): string => `Optional parts are shortened; full input schema: ${uri}`;

/** A tool's description without that note, and the note. */
export function splitNote(tool: Tool): { readonly description: string; readonly note: string | undefined } {
  const { description = '' } = tool;
  const uri = fullSchemaUri(tool);
  const note = uri === undefined ? undefined : shortenedNote(uri);
  if (note === undefined || !description.endsWith(note)) return { description, note: undefined };
  return { description: description.slice(0, -note.length).trimEnd(), note };
}

/** Whether a resource template is that of complete schemas. */
export const isFullSchemaTemplate = (item: object): boolean => isMarked(item);

/** The same tool with the URI as it is outside of a namespace. */
export function withFullSchemaMoved(tool: Tool, move: (uri: string) => string): Tool {
  const uri = fullSchemaUri(tool);
  return uri === undefined ? tool : { ...tool, description: `${tool.description?.slice(0, -uri.length)}${move(uri)}` };
}

const isMarked = (item: Pick<Tool, '_meta'>): boolean => item._meta?.[FULL_SCHEMA_KEY] === true;
