import { essenceOf, type JsonValue, mediaKind, sequenceFraming } from '../../model/index.ts';

/** How many items a stream has before it ends. */
const STREAM_ITEMS = 3;

interface Written {
  readonly mediaType: string;
  readonly written: string | Uint8Array;
}

/** Writes a value as its media type. `make`: the value, or one item of a stream; `undefined` if nothing describes it. */
export function bodyOf(mediaType: string, make: (isItem: boolean) => JsonValue | undefined): Written {
  const essence = essenceOf(mediaType);
  const framing = sequenceFraming(essence);
  if (framing) return { mediaType, written: streamOf(framing, make) };
  const value = make(false);
  switch (mediaKind(mediaType)) {
    case 'json':
      return { mediaType, written: JSON.stringify(value ?? {}) };
    case 'form':
      return { mediaType, written: String(new URLSearchParams(pairsOf(value))) };
    case 'multipart':
      return { mediaType: `${essence}; boundary=${BOUNDARY}`, written: multipartOf(value) };
    case 'xml':
      return { mediaType, written: typeof value === 'string' ? value : element('root', value ?? '') };
    case 'bytes':
      return { mediaType, written: essence === 'image/png' ? fromBase64(PNG) : textOf(value) };
    default:
      return { mediaType, written: textOf(value) };
  }
}

function streamOf(framing: 'lines' | 'json-seq' | 'events', make: (isItem: boolean) => JsonValue | undefined): string {
  const given = make(true);
  // A documented example of the complete stream.
  if (typeof given === 'string') return given;
  const items = Array.isArray(given) ? given : Array.from({ length: STREAM_ITEMS }, () => make(true) ?? {});
  const lines = items.map((item) => JSON.stringify(item));
  if (framing === 'events') return lines.map((line) => `data: ${line}\n\n`).join('');
  return lines.map((line) => (framing === 'lines' ? `${line}\n` : `\u001e${line}\n`)).join('');
}

const textOf = (value: JsonValue | undefined): string =>
  value === undefined ? 'example' : typeof value === 'string' ? value : JSON.stringify(value);

function pairsOf(value: JsonValue | undefined): Record<string, string> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [['value', value ?? '']];
  return Object.fromEntries(entries.map(([name, part]) => [name, textOf(part as JsonValue)]));
}

const BOUNDARY = 'mock-response';

function multipartOf(value: JsonValue | undefined): string {
  const parts = Object.entries(pairsOf(value)).map(
    ([name, text]) =>
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name.replace(/["\r\n]/g, '_')}"\r\n\r\n${text}\r\n`,
  );
  return `${parts.join('')}--${BOUNDARY}--\r\n`;
}

/** XML without the hints of a schema, which the model has only for requests. */
function element(name: string, value: JsonValue): string {
  const tag = name.replace(/[^\w.-]/g, '_').replace(/^(?![A-Za-z_])/, '_');
  if (Array.isArray(value)) return `<${tag}>${value.map((item) => element('item', item)).join('')}</${tag}>`;
  if (typeof value !== 'object' || value === null) return `<${tag}>${escaped(String(value ?? ''))}</${tag}>`;
  const members = Object.entries(value).map(([key, part]) =>
    Array.isArray(part) ? part.map((item) => element(key, item)).join('') : element(key, part),
  );
  return `<${tag}>${members.join('')}</${tag}>`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** One transparent pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
