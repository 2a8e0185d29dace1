import {
  essenceOf,
  extensionOf,
  getOwn,
  isJsonType,
  isRange,
  type MultipartEncoding,
  type PartPlan,
  settleMediaType,
  withCharset,
} from '../../../../model/index.ts';
import { isRecord } from '../../../is-record.ts';
import { contentText } from '../content.ts';
import { type FileContent, fileMediaType } from '../files.ts';
import { writeHeader } from '../header.ts';
import { isPrimitive } from '../primitive.ts';
import { RAW_ALPHABET, styledPairs } from '../query.ts';
import { notAnObject } from './not-an-object.ts';

export interface MultipartInput {
  /** The media type of the body, such as `multipart/form-data`. */
  readonly mediaType: string;
  readonly encoding: MultipartEncoding;
  /** An object, whose members are the parts; for a list, each item is a part (OpenAPI 3.2.0 "Encoding By Position"). */
  readonly value: unknown;
  /** The operation's headers, including part headers. */
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly readFile: (value: unknown) => Promise<FileContent>;
}

/**
 * Encodes `multipart/form-data` (RFC 7578), and other multipart types (RFC 2046 §5.1), whose parts have no names.
 *
 * The boundary is random, and does not occur in any part. Text is sent unchanged, in UTF-8; `null` omits its part.
 *
 * @throws CallError `INVALID_ARGUMENTS` for a value without parts; `FILE_REFUSED`, `UNSAFE_ARGUMENT`
 */
export async function multipartBody(input: MultipartInput): Promise<{ body: Uint8Array; contentType: string }> {
  const parts: Part[] = [];
  for (const [key, value] of partValues(input)) parts.push(...(await partsOf(input, key, value)));
  const boundary = newBoundary(parts);
  const named = essenceOf(input.mediaType) === 'multipart/form-data';
  const pieces = parts.flatMap((part) => [utf8(`--${boundary}\r\n${head(part, named)}\r\n`), part.bytes, LINE_END]);
  return {
    body: concatenate([...pieces, utf8(`--${boundary}--\r\n`)]),
    contentType: [input.mediaType, ...rootType(input.mediaType, parts), `boundary=${boundary}`].join('; '),
  };
}

interface Part {
  readonly name: string;
  readonly filename?: string;
  readonly contentType: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly bytes: Uint8Array;
}

/** First the parts in the document, in its order, which matters if parts have no names; then the others. */
function partValues({ encoding, value }: MultipartInput): (readonly [key: string, value: unknown])[] {
  if (Array.isArray(value)) return value.map((item, index) => [String(index), item] as const);
  if (!isRecord(value)) throw notAnObject('multipart');
  const declared = Object.keys(encoding.parts).filter((name) => Object.hasOwn(value, name));
  return [...new Set([...declared, ...Object.keys(value)])].map((name) => [name, value[name]] as const);
}

async function partsOf(input: MultipartInput, key: string, value: unknown): Promise<Part[]> {
  const plan = getOwn(input.encoding.parts, key) ?? input.encoding.other;
  // A part identified by position has no name.
  const name = Array.isArray(input.value) ? '' : key;
  const headers = partHeaders(plan, input.arguments);
  if (plan.format) {
    return styledPairs(plan.format, { name, value, alphabet: RAW_ALPHABET }).map(([key, text]) => ({
      name: key,
      contentType: withCharset('text/plain', text),
      headers,
      bytes: utf8(text),
    }));
  }
  // If the body is a list, each item is one part, even if the item is a list (OpenAPI 3.2.0 "Encoding By Name").
  const repeat = plan.repeat && !Array.isArray(input.value);
  const values: readonly unknown[] = repeat && Array.isArray(value) ? value : [value];
  const parts: Part[] = [];
  for (const item of values) {
    if (item === null || item === undefined) continue;
    const content = plan.bytes ? filePart(plan, name, await input.readFile(item)) : textPart(plan, item);
    parts.push({ name, headers, ...content });
  }
  return parts;
}

function partHeaders(plan: PartPlan, args: Readonly<Record<string, unknown>>): Part['headers'] {
  return plan.headers.flatMap((header): [string, string][] => {
    const text = writeHeader(header, getOwn(args, header.argument));
    return text === undefined ? [] : [[header.name, text]];
  });
}

type Content = Pick<Part, 'contentType' | 'bytes' | 'filename'>;

/** A file always has a name: without one, many servers treat the part as a text field. */
function filePart(plan: PartPlan, name: string, file: FileContent): Content {
  const contentType = settleMediaType(plan.mediaTypes, fileMediaType(file));
  return { contentType, filename: file.filename ?? `${name || 'file'}.${extensionOf(contentType)}`, bytes: file.bytes };
}

/** Default type: `text/plain` for primitives, JSON for anything else (OpenAPI 3.1.1 Encoding Object). */
function textPart({ mediaTypes }: PartPlan, value: unknown): Content {
  const exact = mediaTypes.filter((type) => !isRange(type));
  const primitive = isPrimitive(value);
  const chosen = primitive ? exact[0] : (exact.find((type) => isJsonType(essenceOf(type))) ?? exact[0]);
  const mediaType = chosen ?? (primitive ? 'text/plain' : 'application/json');
  const text = contentText(mediaType, value) ?? '';
  return { contentType: withCharset(mediaType, text), bytes: utf8(text) };
}

function head({ name, filename, contentType, headers }: Part, named: boolean): string {
  const file = filename === undefined ? '' : `; filename="${quoted(filename)}"`;
  const disposition = named ? `form-data; name="${quoted(name)}"${file}` : file && `attachment${file}`;
  return [
    ...(disposition ? [`Content-Disposition: ${disposition}\r\n`] : []),
    `Content-Type: ${contentType}\r\n`,
    ...headers.map(([key, value]) => `${key}: ${fromOctets(value)}\r\n`),
  ].join('');
}

/** As browsers do (HTML Standard, "multipart/form-data encoding algorithm"). */
function quoted(text: string): string {
  return text.replace(NOT_IN_QUOTES, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}
// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what must not get through.
const NOT_IN_QUOTES = /[\r\n"\u0000]/g;

/** Header values have one character per octet, but the body is encoded as UTF-8 again. */
function fromOctets(value: string): string {
  return new TextDecoder().decode(Uint8Array.from(value, (character) => character.charCodeAt(0)));
}

/** `multipart/related` declares the type of its root, the first part (RFC 2387 §3.1). */
function rootType(mediaType: string, [root]: readonly Part[]): string[] {
  if (essenceOf(mediaType) !== 'multipart/related' || !root || mediaType.includes('type=')) return [];
  return [`type="${essenceOf(root.contentType)}"`];
}

function newBoundary(parts: readonly Part[]): string {
  const contents = parts.map(({ bytes }) => LATIN.decode(bytes));
  for (;;) {
    const boundary = `----${crypto.randomUUID().replaceAll('-', '')}`;
    if (!contents.some((content) => content.includes(boundary))) return boundary;
  }
}
const LATIN = new TextDecoder('latin1');

const LINE_END = utf8('\r\n');

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
