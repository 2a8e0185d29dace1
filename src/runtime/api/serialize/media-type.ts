/** `text/plain; charset=utf-8` → `text/plain`, in lower case (RFC 9110 §8.3.1). */
export function essence(mediaType: string): string {
  const end = mediaType.indexOf(';');
  return (end < 0 ? mediaType : mediaType.slice(0, end)).trim().toLowerCase();
}

/** `application/json`, `text/json` and whatever ends in `+json` (RFC 6839 §3.1). */
export function isJson(mediaType: string): boolean {
  const type = essence(mediaType);
  return type === 'application/json' || type === 'text/json' || type.endsWith('+json');
}

/** A media range (RFC 9110 §12.5.1), such as `image/*`. */
export function isRange(mediaType: string): boolean {
  return mediaType.includes('*');
}

/**
 * The type to announce: the declared one that the content's own type is, or lies in; else the first that is declared
 * exactly; else the content's own type, else `application/octet-stream` (RFC 9110 §8.3: what nothing is known of).
 */
export function settleMediaType(declared: readonly string[], own: string | undefined): string {
  if (own !== undefined) {
    const exact = declared.find((type) => essence(type) === essence(own));
    if (exact !== undefined) return exact;
    if (declared.some((type) => covers(type, own))) return own;
  }
  return declared.find((type) => !isRange(type)) ?? own ?? 'application/octet-stream';
}

function covers(range: string, mediaType: string): boolean {
  const type = essence(range);
  if (type === '*/*' || type === '*') return true;
  return type.endsWith('/*') && essence(mediaType).startsWith(type.slice(0, -1));
}

/**
 * Says that text is UTF-8 where it has to be said: a `text/*` type without `charset`, and text that is more than ASCII.
 * Without it `text/plain` is US-ASCII (RFC 2046 §4.1.2); ASCII text keeps the media type of the document to the letter.
 */
export function withCharset(mediaType: string, text: string): string {
  if (!essence(mediaType).startsWith('text/') || mediaType.toLowerCase().includes('charset=')) return mediaType;
  return isAscii(text) ? mediaType : `${mediaType}; charset=utf-8`;
}

export function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}

/** A media type that may stand in a header: type, subtype, and parameters of visible characters (RFC 9110 §8.3.1). */
export function isMediaType(text: string): boolean {
  return MEDIA_TYPE.test(text);
}
const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+(?:[ \t]*;[\x20-\x7e\t]*)?$/;

/** Of two extensions of one type, the later one is what a nameless file gets. */
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

/** By its extension; `undefined` where that is none of the common ones. */
export function mediaTypeOfFile(filename: string): string | undefined {
  const extension = filename.slice(filename.lastIndexOf('.') + 1).toLowerCase();
  return Object.hasOwn(TYPES_BY_EXTENSION, extension) ? TYPES_BY_EXTENSION[extension] : undefined;
}

/** `image/png` → `png`; `bin` for a type that is not common. */
export function extensionOf(mediaType: string): string {
  return EXTENSIONS_BY_TYPE.get(essence(mediaType)) ?? 'bin';
}
