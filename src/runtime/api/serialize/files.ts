import { defined, isMediaType, mediaTypeOfFile } from '../../../model/index.ts';
import { CallError } from '../../call-error.ts';
import { isRecord } from '../../is-record.ts';
import { decodeBase64 } from './base64.ts';

export interface FileContent {
  readonly bytes: Uint8Array;
  readonly filename?: string;
  /** From the caller or the file's source; {@link fileMediaType} also considers the name. */
  readonly contentType?: string;
}

/**
 * File sources besides inline content. A missing reader means the source is not allowed. Both throw CallError
 * `FILE_REFUSED`, and stop when the signal aborts.
 */
export interface FileAccess {
  readonly readPath?: (path: string, signal: AbortSignal) => Promise<FileContent>;
  readonly readUrl?: (url: string, signal: AbortSignal) => Promise<FileContent>;
}

/**
 * Reads a file argument, `FileInput` of `model/file-input.ts`.
 *
 * @throws CallError `FILE_REFUSED` if it is invalid, cannot be read, or is not allowed
 */
export async function readFile(value: unknown, access: FileAccess, signal: AbortSignal): Promise<FileContent> {
  if (typeof value === 'string') return fromText(value);
  if (!isRecord(value)) throw refused('A file must be base64, a data: URI or an object.', SOURCES_HINT);
  const [source, ...more] = SOURCES.filter((name) => value[name] !== undefined);
  if (source === undefined || more.length) {
    throw refused(`A file needs exactly one of ${SOURCES.join(', ')}.`, SOURCES_HINT);
  }
  const content = await readSource(source, textOf(value, source), { access, signal });
  const filename = value.filename === undefined ? content.filename : textOf(value, 'filename');
  // The name decides the type of text (`a.csv`); the default is plain.
  const told = source === 'text' && filename !== undefined ? mediaTypeOfFile(filename) : undefined;
  const contentType = value.contentType === undefined ? (told ?? content.contentType) : textOf(value, 'contentType');
  if (contentType !== undefined && !isMediaType(contentType)) {
    throw refused('The contentType of the file is not a media type.', 'Write it like image/png.');
  }
  return { bytes: content.bytes, ...defined({ filename, contentType }) };
}

/** The given media type, otherwise the one implied by the name, otherwise `undefined`. */
export function fileMediaType({ contentType, filename }: Pick<FileContent, 'contentType' | 'filename'>) {
  return contentType ?? (filename === undefined ? undefined : mediaTypeOfFile(filename));
}

const SOURCES = ['base64', 'text', 'path', 'url'] as const;
const SOURCES_HINT = 'Pass base64, or { "text": … } for text.';

interface ReadOptions {
  readonly access: FileAccess;
  readonly signal: AbortSignal;
}

async function readSource(source: (typeof SOURCES)[number], text: string, { access, signal }: ReadOptions) {
  switch (source) {
    case 'base64':
      return fromText(text);
    case 'text':
      return { bytes: new TextEncoder().encode(text), contentType: 'text/plain; charset=utf-8' };
    case 'path':
      if (!access.readPath) throw notAllowed('Files by path', '--allow-files <dir>');
      return access.readPath(text, signal);
    case 'url':
      if (!access.readUrl) throw notAllowed('Files by URL', '--allow-file-urls <origin>');
      return access.readUrl(text, signal);
  }
}

function textOf(value: Readonly<Record<string, unknown>>, key: string): string {
  const text = value[key];
  if (typeof text === 'string') return text;
  throw refused(`"${key}" of a file must be a string.`, SOURCES_HINT);
}

function fromText(text: string): FileContent {
  if (/^data:/i.test(text)) return fromDataUri(text);
  const bytes = decodeBase64(text);
  if (!bytes) throw refused('The file is not base64.', SOURCES_HINT);
  return { bytes };
}

/** RFC 2397: `data:[<media type>][;base64],<data>`. */
function fromDataUri(uri: string): FileContent {
  const comma = uri.indexOf(',');
  if (comma < 0) throw refused('The data: URI has no comma before its data.', 'Write data:<media type>;base64,<data>.');
  const header = uri.slice('data:'.length, comma);
  const base64 = /;[ ]*base64[ ]*$/i.test(header);
  const mediaType = (base64 ? header.slice(0, header.lastIndexOf(';')) : header).trim();
  const bytes = base64 ? decodeBase64(percentDecoded(uri.slice(comma + 1))) : octets(uri.slice(comma + 1));
  if (!bytes) throw refused('The data: URI is not base64.', SOURCES_HINT);
  return isMediaType(mediaType) ? { bytes, contentType: mediaType } : { bytes };
}

function percentDecoded(text: string): string {
  return text.includes('%') ? new TextDecoder('latin1').decode(octets(text)) : text;
}

/** Percent-decodes to bytes, which may not be UTF-8. */
function octets(text: string): Uint8Array {
  const encoded = new TextEncoder().encode(text);
  const bytes = new Uint8Array(encoded.length);
  let length = 0;
  for (let index = 0; index < encoded.length; index++) {
    const triplet = encoded[index] === PERCENT ? String.fromCharCode(...encoded.subarray(index + 1, index + 3)) : '';
    const isTriplet = HEX_PAIR.test(triplet);
    bytes[length++] = isTriplet ? Number.parseInt(triplet, 16) : (encoded[index] ?? 0);
    if (isTriplet) index += 2;
  }
  return bytes.subarray(0, length);
}
const PERCENT = 0x25;
const HEX_PAIR = /^[0-9A-Fa-f]{2}$/;

function notAllowed(what: string, flag: string): CallError {
  return refused(`${what} are not allowed here.`, `Send the content in base64, or start the server with ${flag}.`);
}

function refused(message: string, hint: string): CallError {
  return new CallError('FILE_REFUSED', message, { hint });
}
