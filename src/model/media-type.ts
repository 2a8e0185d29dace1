// Media types, for every stage: reading and writing follow the same rules. Pure functions of their names.

/** A media type (RFC 9110 §8.3.1), names in lower case, values as they came. */
export interface MediaType {
  /** `type/subtype` */
  readonly essence: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Parses a Content-Type; `undefined` if there is none, or it is invalid. */
export function parseMediaType(header: string | undefined): MediaType | undefined {
  const [first = '', ...rest] = splitQuoted(header ?? '', ';');
  const essence = first.trim().toLowerCase();
  if (!/^[\w!#$&^.+-]+\/[\w!#$&^.+*-]+$/.test(essence)) return undefined;
  return { essence, parameters: headerParameters(rest) };
}

/** `name=value` and `name="quoted \" value"`; if a name is repeated, the first one wins. */
export function headerParameters(parts: readonly string[]): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const part of parts) {
    const equals = part.indexOf('=');
    if (equals < 1) continue;
    const name = part.slice(0, equals).trim().toLowerCase();
    const value = part.slice(equals + 1).trim();
    if (!parameters.has(name)) parameters.set(name, unquote(value));
  }
  return parameters;
}

/** Splits at separators outside of quoted strings (RFC 9110 §5.6.4). */
export function splitQuoted(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') quoted = !quoted;
    else if (char === '\\' && quoted) at++;
    else if (char === separator && !quoted) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function unquote(value: string): string {
  if (!value.startsWith('"')) return value;
  const end = value.length > 1 && value.endsWith('"') ? -1 : undefined;
  return value.slice(1, end).replace(/\\(.)/g, '$1');
}

/** `text/plain; charset=utf-8` → `text/plain`, in lower case, even if the media type is invalid. */
export function essenceOf(mediaType: string): string {
  const end = mediaType.indexOf(';');
  return (end < 0 ? mediaType : mediaType.slice(0, end)).trim().toLowerCase();
}

export type MediaKind = 'json' | 'form' | 'multipart' | 'sequence' | 'xml' | 'text' | 'bytes';

/**
 * The kind of body, by structured suffix (RFC 6839) and name; for a range such as `image/*`, by the types it contains.
 */
export function mediaKind(mediaType: string): MediaKind {
  const essence = essenceOf(mediaType);
  const framing = sequenceFraming(essence);
  if (framing === 'lines' || framing === 'json-seq') return 'sequence';
  if (isJsonType(essence)) return 'json';
  if (essence === 'application/x-www-form-urlencoded') return 'form';
  if (essence.startsWith('multipart/')) return 'multipart';
  if (isXmlType(essence)) return 'xml';
  return isTextType(essence) ? 'text' : 'bytes';
}

/** `application/json`, its old names, and types that end in `+json` (RFC 6839 §3.1), except JSON streams. */
export function isJsonType(essence: string): boolean {
  return (essence.endsWith('+json') || JSON_TYPES.has(essence)) && !LINE_TYPES.has(essence);
}
const JSON_TYPES = new Set(['application/json', 'text/json', 'text/x-json', 'application/x-json']);

/** True where one of the media types of an Accept header is JSON. */
export function acceptsJson(accept: string): boolean {
  return splitQuoted(accept, ',').some((range) => isJsonType(parseMediaType(range)?.essence ?? ''));
}

/** Readable text, whatever the bytes are. Includes `image/svg+xml`, which is XML. */
export function isTextType(essence: string): boolean {
  return essence.startsWith('text/') || /\+(xml|yaml|json-seq|csv)$/.test(essence) || TEXT_TYPES.has(essence);
}
const TEXT_TYPES = new Set([
  'application/xml',
  'application/xml-dtd',
  'application/yaml',
  'application/x-yaml',
  'application/toml',
  'application/javascript',
  'application/x-javascript',
  'application/ecmascript',
  'application/x-www-form-urlencoded',
  'application/graphql',
  'application/sql',
  'application/csv',
  'application/rtf',
  'application/x-sh',
  'application/pem-certificate-chain',
  'application/x-pem-file',
  'application/jwt',
]);

export function isXmlType(essence: string): boolean {
  return essence.endsWith('+xml') || essence === 'application/xml' || essence === 'text/xml';
}

export function isHtmlType(essence: string): boolean {
  return essence === 'text/html' || essence === 'application/xhtml+xml';
}

export function isPictureOrSound(essence: string): boolean {
  return /^(image|audio|video|font)\//.test(essence) && !isXmlType(essence);
}

export type Framing = 'lines' | 'json-seq' | 'events';

/** How the items of a stream are separated; `undefined` for any other media type. */
export function sequenceFraming(essence: string): Framing | undefined {
  if (essence === 'text/event-stream') return 'events';
  // RFC 8091: the structured suffix.
  if (essence === 'application/json-seq' || essence.endsWith('+json-seq')) return 'json-seq';
  return LINE_TYPES.has(essence) ? 'lines' : undefined;
}
/** JSON Lines and NDJSON have no registered name, so many spellings are in use. */
const LINE_TYPES = new Set([
  'application/json-lines',
  'application/json-stream',
  'application/jsonl',
  'application/jsonlines',
  'application/ndjson',
  'application/stream+json',
  'application/x-json-lines',
  'application/x-json-stream',
  'application/x-jsonl',
  'application/x-jsonlines',
  'application/x-ldjson',
  'application/x-ndjson',
  'text/json-lines',
  'text/jsonl',
  'text/ndjson',
  'text/x-jsonl',
  'text/x-ndjson',
]);

/** A media range (RFC 9110 §12.5.1), such as `image/*`. */
export function isRange(mediaType: string): boolean {
  return mediaType.includes('*');
}

/**
 * The type to send: the declared type that the content's own type equals, or a declared range that contains it;
 * otherwise the first exact type that is declared; otherwise the content's own type, or `application/octet-stream` (RFC
 * 9110 §8.3: for unknown content).
 */
export function settleMediaType(declared: readonly string[], own: string | undefined): string {
  if (own !== undefined) {
    const exact = declared.find((type) => essenceOf(type) === essenceOf(own));
    if (exact !== undefined) return exact;
    if (declared.some((type) => covers(type, own))) return own;
  }
  return declared.find((type) => !isRange(type)) ?? own ?? 'application/octet-stream';
}

/** Whether a type equals the declared type, or is in the declared range (RFC 9110 §12.5.1). */
export function covers(range: string, mediaType: string): boolean {
  const type = essenceOf(range);
  if (type === '*/*' || type === '*' || type === essenceOf(mediaType)) return true;
  return type.endsWith('/*') && essenceOf(mediaType).startsWith(type.slice(0, -1));
}

/**
 * Adds `charset=utf-8` if needed: for a `text/*` type without `charset`, and text beyond ASCII. Without it,
 * `text/plain` is US-ASCII (RFC 2046 §4.1.2); for ASCII text the document's media type is unchanged.
 */
export function withCharset(mediaType: string, text: string): string {
  if (!essenceOf(mediaType).startsWith('text/') || mediaType.toLowerCase().includes('charset=')) return mediaType;
  return isAscii(text) ? mediaType : `${mediaType}; charset=utf-8`;
}

export function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}

/** A media type that is valid in a header: type, subtype, and parameters of visible characters (RFC 9110 §8.3.1). */
export function isMediaType(text: string): boolean {
  return MEDIA_TYPE.test(text);
}
const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+(?:[ \t]*;[\x20-\x7e\t]*)?$/;

/** Of two extensions for the same type, the later one is used for files without a name. */
const TYPES_BY_EXTENSION: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  bmp: 'image/bmp',
  csv: 'text/csv',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  gif: 'image/gif',
  gz: 'application/gzip',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  md: 'text/markdown',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  pdf: 'application/pdf',
  png: 'image/png',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  svg: 'image/svg+xml',
  tar: 'application/x-tar',
  tiff: 'image/tiff',
  txt: 'text/plain',
  wav: 'audio/wav',
  webm: 'video/webm',
  webp: 'image/webp',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  xml: 'application/xml',
  yml: 'application/yaml',
  yaml: 'application/yaml',
  zip: 'application/zip',
};
const EXTENSIONS_BY_TYPE = new Map(Object.entries(TYPES_BY_EXTENSION).map(([extension, type]) => [type, extension]));

/** The media type for an extension; `undefined` if it is not a common one. */
export function mediaTypeOfFile(filename: string): string | undefined {
  const extension = filename.slice(filename.lastIndexOf('.') + 1).toLowerCase();
  return Object.hasOwn(TYPES_BY_EXTENSION, extension) ? TYPES_BY_EXTENSION[extension] : undefined;
}

/** `image/png` → `png`; `bin` for uncommon types. */
export function extensionOf(mediaType: string): string {
  return EXTENSIONS_BY_TYPE.get(essenceOf(mediaType)) ?? 'bin';
}
