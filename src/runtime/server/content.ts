import type { ContentAnnotations, ContentBlock } from '../provider.ts';
import { toBase64 } from '../text/base64.ts';

type Block<Type extends ContentBlock['type']> = Extract<ContentBlock, { readonly type: Type }>;
type MediaBlock = Extract<ContentBlock, { readonly data: string }>;

/** Text for the model. */
export function text(text: string, annotations?: ContentAnnotations): Block<'text'> {
  return { type: 'text', text, ...(annotations && { annotations }) };
}

/** An image that the model sees. @param mimeType for example `image/png` */
export function image(bytes: Uint8Array, mimeType: string, annotations?: ContentAnnotations): MediaBlock {
  return { type: 'image', data: toBase64(bytes), mimeType, ...(annotations && { annotations }) };
}

/** Audio that the model hears. @param mimeType for example `audio/wav` */
export function audio(bytes: Uint8Array, mimeType: string, annotations?: ContentAnnotations): MediaBlock {
  return { type: 'audio', data: toBase64(bytes), mimeType, ...(annotations && { annotations }) };
}

/** A file in the result: text as text, bytes as base64. Its URI is `file:///<name>` by default. */
export function file(
  data: Uint8Array | string,
  { name, mimeType, uri }: { readonly name: string; readonly mimeType: string; readonly uri?: string },
): Block<'resource'> {
  const contents = { uri: uri ?? `file:///${encodeURIComponent(name)}`, mimeType };
  const resource = typeof data === 'string' ? { ...contents, text: data } : { ...contents, blob: toBase64(data) };
  return { type: 'resource', resource };
}

/** A link to a resource that the client may read. */
export function resourceLink(link: Omit<Block<'resource_link'>, 'type'>): Block<'resource_link'> {
  return { type: 'resource_link', ...link };
}

/** Distinguishes a content block from data that happens to have a `type`. */
export function isContentBlock(value: unknown): value is ContentBlock {
  if (typeof value !== 'object' || value === null) return false;
  const block = value as Readonly<Record<string, unknown>>;
  const strings = (...keys: string[]) => keys.every((key) => typeof block[key] === 'string');
  switch (block.type) {
    case 'text':
      return strings('text');
    case 'image':
    case 'audio':
      return strings('data', 'mimeType');
    case 'resource':
      return typeof (block.resource as { uri?: unknown } | null | undefined)?.uri === 'string';
    case 'resource_link':
      return strings('uri', 'name');
    default:
      return false;
  }
}
