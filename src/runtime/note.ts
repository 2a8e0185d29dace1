import type { ContentBlock, ResourceContents } from './provider.ts';

/** The key in `_meta` that marks a text as a note about the result. */
const NOTE_KEY = 'openapi-mcp/note';

/** A note of ours in addition to the API's content: models read both, programs can distinguish them. */
export function note(text: string): ContentBlock {
  return { type: 'text', text, _meta: { [NOTE_KEY]: true } };
}

/** Like {@link note}, for resource contents. */
export function resourceNote(uri: string, text: string): ResourceContents {
  return { uri, mimeType: 'text/plain', text, _meta: { [NOTE_KEY]: true } };
}

/** The text of a note, also from another copy of this runtime; `undefined` for other content. */
export function noteText(part: ContentBlock | ResourceContents): string | undefined {
  return '_meta' in part && 'text' in part && part._meta?.[NOTE_KEY] === true ? part.text : undefined;
}
