import type { ContentBlock, ResourceContents } from './provider.ts';

/** Where it stands in `_meta` that a text is not of the answer, but about it. */
const NOTE_KEY = 'openapi-mcp/note';

/** A text of ours beside what was answered: a model reads both, programs can tell them apart. */
export function note(text: string): ContentBlock {
  return { type: 'text', text, _meta: { [NOTE_KEY]: true } };
}

/** As {@link note}, for what is read. */
export function resourceNote(uri: string, text: string): ResourceContents {
  return { uri, mimeType: 'text/plain', text, _meta: { [NOTE_KEY]: true } };
}

/** The text of a note, of another copy of this runtime too; `undefined` for what was answered. */
export function noteText(part: ContentBlock | ResourceContents): string | undefined {
  return '_meta' in part && 'text' in part && part._meta?.[NOTE_KEY] === true ? part.text : undefined;
}
