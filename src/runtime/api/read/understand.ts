import {
  isHtmlType,
  isJsonType,
  isPictureOrSound,
  isTextType,
  isXmlType,
  type MediaType,
} from '../../../model/index.ts';
import type { Answer, BinaryAnswer, Item } from './answer.ts';
import { declaredCharset, decodeText, isUtf8 } from './charset.ts';
import { dispositionFilename } from './content-disposition.ts';
import { parseJson } from './json.ts';

interface Body {
  readonly bytes: Uint8Array;
  /** The bytes are only the beginning of the body. */
  readonly cut: boolean;
  readonly type: MediaType | undefined;
  readonly promisesJson: boolean;
  /** The Content-Disposition header. */
  readonly disposition: string | undefined;
}

/** Parses the bytes of a body by media type, and by content if the type is missing or wrong. */
export function understand(body: Body): Answer {
  const { bytes, type } = body;
  const mediaType = type?.essence;
  if (bytes.length === 0) return { kind: 'empty', notes: [] };
  if (mediaType && isPictureOrSound(mediaType)) return binary(body, mediaType);
  if (mediaType && isJsonType(mediaType)) return json(body, mediaType);
  if (mediaType && isTextType(mediaType))
    return isBinaryAfterAll(body) ? binary(body, mediaType) : text(body, mediaType);
  if (!isReadable(bytes, body.cut)) return binary(body, mediaType ?? 'application/octet-stream');
  return text(body, mediaType ?? 'text/plain');
}

function json(body: Body, mediaType: string): Answer {
  const { text, notes } = decodeText(body.bytes, body.type, body);
  if (!text.trim()) return { kind: 'empty', notes };
  if (body.cut) return { kind: 'text', text, mediaType, notes };
  const parsed = parseJson(text);
  if (parsed) {
    return { kind: 'json', value: parsed.value, text: parsed.text, mediaType, notes: [...notes, ...parsed.notes] };
  }
  const items = unlabelledLines(text);
  if (items) return { kind: 'items', items, mediaType, notes };
  const note = `The response is declared as ${mediaType}, but it is not JSON.`;
  return { kind: 'text', text, mediaType, notes: [...notes, note], flaw: 'MISFIT' };
}

/** Several JSON texts, one per line, under `application/json`: how Docker and others stream. */
function unlabelledLines(text: string): readonly Item[] | undefined {
  const lines = text.split('\n').filter((line) => line.trim());
  if (lines.length < 2) return undefined;
  const items: Item[] = [];
  for (const line of lines) {
    const parsed = parseJson(line.trim());
    if (!parsed) return undefined;
    items.push({ value: parsed.value, text: parsed.text });
  }
  return items;
}

function text(body: Body, mediaType: string): Answer {
  const { text, notes } = decodeText(body.bytes, body.type, body);
  const parsed = !body.cut && mayBeJson(text, mediaType, body.promisesJson) ? parseJson(text) : undefined;
  if (parsed) {
    return { kind: 'json', value: parsed.value, text: parsed.text, mediaType, notes: [...notes, ...parsed.notes] };
  }
  return { kind: 'text', text, mediaType, notes };
}

/**
 * JSON with another label is common. If the document declares JSON, anything that parses is JSON; otherwise only what
 * starts like a list or an object, so that a plain `7` stays text.
 */
function mayBeJson(text: string, mediaType: string, promised: boolean): boolean {
  if (isXmlType(mediaType) || !(UNTRUSTED.has(mediaType) || isHtmlType(mediaType))) return false;
  return promised || /^[\s\uFEFF]*(?:[{[]|\)\]\}'|while\s*\(1\);|for\s*\(;;\);)/.test(text);
}
const UNTRUSTED: ReadonlySet<string> = new Set([
  'text/plain',
  'text/javascript',
  'application/javascript',
  'application/x-javascript',
  'application/octet-stream',
  'binary/octet-stream',
]);

function binary({ bytes, disposition }: Body, mediaType: string): BinaryAnswer {
  const filename = dispositionFilename(disposition);
  return { kind: 'binary', bytes, mediaType, notes: [], ...(filename === undefined ? {} : { filename }) };
}

/** Servers send `text/plain` for files of unknown type (WHATWG MIME Sniffing §5.1). */
function isBinaryAfterAll({ bytes, type, cut }: Body): boolean {
  if (declaredCharset(type) || hasByteOrderMark(bytes)) return false;
  return type?.essence === 'text/plain' && hasControlBytes(bytes) && !isReadable(bytes, cut);
}

function isReadable(bytes: Uint8Array, cut: boolean): boolean {
  return !hasControlBytes(bytes) && isUtf8(bytes, cut);
}

/** WHATWG MIME Sniffing §3 "binary data byte". */
function hasControlBytes(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte < 0x20 && !TEXT_CONTROLS.has(byte));
}
const TEXT_CONTROLS: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1b]);

function hasByteOrderMark([first, second]: Uint8Array): boolean {
  return (first === 0xfe && second === 0xff) || (first === 0xff && second === 0xfe);
}
