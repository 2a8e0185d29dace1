import { extensionOf } from '../../../model/index.ts';
import { noteText } from '../../../runtime/note.ts';
import { outcomeOf } from '../../../runtime/outcome.ts';
import type { ContentBlock, ResourceContents, ToolResult } from '../../../runtime/provider.ts';
import { indentedJson, isJson } from './indented-json.ts';
import { safeFileName } from './safe-file-name.ts';

/** A result for people: text to read, and files. */
export type Part = TextPart | FilePart;

export interface TextPart {
  readonly kind: 'text';
  readonly text: string;
}

export interface FilePart {
  readonly kind: 'file';
  /** Safe as a file name, whatever the server sent. */
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/**
 * The parts of a tool's result, in order: JSON indented, images and blobs as files. Adds structured content if the
 * server wrote no text for it. Excludes notes: see {@link notesIn}.
 *
 * @param name the name for files without one
 */
export function resultParts({ content, structuredContent, _meta }: ToolResult, name: string): readonly Part[] {
  const answered = content.filter((block) => noteText(block) === undefined);
  const parts = answered.map((block, index) => blockPart(block, `${name}-${index + 1}`));
  const isSaid = answered.some((block) => block.type === 'text' && isJson(block.text));
  // Our own text is always complete. Structured content leaves out what does not match its schema.
  if (structuredContent === undefined || isSaid || outcomeOf({ _meta })?.flaw !== undefined) return parts;
  return [...parts, { kind: 'text', text: JSON.stringify(structuredContent, null, 2) }];
}

/** The parts of a resource that was read. */
export function contentsParts(contents: readonly ResourceContents[]): readonly Part[] {
  return contents.filter((each) => noteText(each) === undefined).map(contentsPart);
}

/** Notes about a result, outside its content. */
export function notesIn(parts: readonly (ContentBlock | ResourceContents)[]): readonly string[] {
  return parts.flatMap((part) => noteText(part) ?? []);
}

export function blockPart(block: ContentBlock, name: string): Part {
  switch (block.type) {
    case 'text':
      return { kind: 'text', text: indentedJson(block.text) ?? block.text };
    case 'image':
    case 'audio':
      return filePart(name, block.mimeType, block.data);
    case 'resource':
      return contentsPart(block.resource);
    case 'resource_link': {
      const about = [block.mimeType, block.size === undefined ? undefined : `${block.size} bytes`].filter(Boolean);
      return { kind: 'text', text: `${block.name}: ${block.uri}${about.length ? ` (${about.join(', ')})` : ''}` };
    }
  }
}

function contentsPart(contents: ResourceContents): Part {
  if ('text' in contents) return { kind: 'text', text: indentedJson(contents.text) ?? contents.text };
  const { uri, mimeType = 'application/octet-stream', blob } = contents;
  return filePart(lastSegment(uri), mimeType, blob);
}

function filePart(name: string, mediaType: string, base64: string): FilePart {
  const safe = safeFileName(name);
  const named = /\.[a-z0-9]{1,5}$/i.test(safe) ? safe : `${safe}.${extensionOf(mediaType)}`;
  return { kind: 'file', name: named, mediaType, bytes: Buffer.from(base64, 'base64') };
}

/** `api://shop/photos/1%20a.png?size=2` → `1 a.png` */
function lastSegment(uri: string): string {
  const path = uri.replace(/[?#].*$/s, '').replace(/\/+$/, '');
  const segment = path.slice(path.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
