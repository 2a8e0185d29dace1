/** A media type (RFC 9110 §8.3.1), names in lower case, values as they came. */
export interface MediaType {
  /** `type/subtype` */
  readonly essence: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Reads a Content-Type; `undefined` where there is none, or nothing that could be one. */
export function parseMediaType(header: string | undefined): MediaType | undefined {
  const [first = '', ...rest] = splitQuoted(header ?? '', ';');
  const essence = first.trim().toLowerCase();
  if (!/^[\w!#$&^.+-]+\/[\w!#$&^.+*-]+$/.test(essence)) return undefined;
  return { essence, parameters: headerParameters(rest) };
}

/** `name=value` and `name="quoted \" value"`; of a repeated name the first counts. */
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

/** Splits at a separator that stands outside of quoted strings (RFC 9110 §5.6.4). */
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

export function isJsonType(essence: string): boolean {
  return essence.endsWith('+json') || JSON_TYPES.has(essence);
}
const JSON_TYPES = new Set(['application/json', 'text/json', 'text/x-json', 'application/x-json']);

/** True where one of the media types of an Accept header is JSON. */
export function acceptsJson(accept: string): boolean {
  return splitQuoted(accept, ',').some((range) => isJsonType(parseMediaType(range)?.essence ?? ''));
}

/** Text for a reader, whatever the bytes are. `image/svg+xml` is among them: it is XML. */
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

/** How the items of a streamed sequence are told apart; `undefined` for any other media type. */
export function sequenceFraming(essence: string): Framing | undefined {
  if (essence === 'text/event-stream') return 'events';
  // RFC 8091: the structured suffix.
  if (essence === 'application/json-seq' || essence.endsWith('+json-seq')) return 'json-seq';
  return LINE_TYPES.has(essence) ? 'lines' : undefined;
}
const LINE_TYPES = new Set([
  'application/jsonl',
  'application/x-jsonl',
  'application/jsonlines',
  'application/x-jsonlines',
  'application/json-lines',
  'application/ndjson',
  'application/x-ndjson',
  'application/x-json-stream',
  'application/stream+json',
  'application/json-stream',
  'text/jsonl',
  'text/x-ndjson',
]);
