import type { HeaderParameter, HeaderStyle, StyleFormat } from '../../../model/index.ts';
import { essenceOf, isJsonType } from '../../../model/index.ts';
import { HEADER_NAME_SYNTAX } from '../header-syntax.ts';
import { contentText } from './content.ts';
import { unsafe } from './unsafe.ts';
import { flat, variable } from './variable.ts';

/**
 * The value of a header parameter; `undefined` to omit it.
 *
 * Style `simple` (or a delimiter of Swagger 2.0), without percent-encoding or quoting: values are sent unchanged
 * (OpenAPI 3.2.0 Parameter Object, "URI percent-encoding MUST NOT be applied"; an ETag keeps its quotes). Text beyond
 * ASCII is sent as UTF-8 octets, which RFC 9110 §5.5 allows as `obs-text`, with one character of the string per octet,
 * as header interfaces expect. JSON content is escaped to ASCII.
 *
 * @throws CallError `UNSAFE_ARGUMENT` if the value contains CR, LF, NUL or another control character, or the name is
 *   not a valid header name
 */
export function writeHeader({ argument, name, format }: HeaderParameter, value: unknown): string | undefined {
  const text = format.kind === 'content' ? headerContent(format.mediaType, value) : styled(value, format);
  if (text === undefined) return undefined;
  if (!HEADER_NAME_SYNTAX.test(name)) {
    throw unsafe(argument, 'belongs to a header with an invalid name', 'Omit the argument.');
  }
  if (!isFieldText(text)) {
    throw unsafe(
      argument,
      'contains a line break or another control character, which could inject headers',
      'Pass a single line of text.',
    );
  }
  return octets(text);
}

const DELIMITERS: Readonly<Record<HeaderStyle, string>> = {
  simple: ',',
  // Swagger 2.0 `collectionFormat`.
  spaceDelimited: ' ',
  pipeDelimited: '|',
  tabDelimited: '\t',
};

function styled(value: unknown, { style, explode }: StyleFormat<HeaderStyle>): string | undefined {
  const content = variable(value);
  if (content.kind === 'undefined') return undefined;
  if (content.kind === 'text') return content.text;
  const delimiter = DELIMITERS[style];
  if (content.kind === 'map' && explode) return content.entries.map(([key, text]) => `${key}=${text}`).join(delimiter);
  return flat(content).join(delimiter);
}

function headerContent(mediaType: string, value: unknown): string | undefined {
  const text = contentText(mediaType, value);
  return text !== undefined && isJsonType(essenceOf(mediaType)) ? asciiJson(text) : text;
}

/** JSON may write any character as an escape (RFC 8259 §7). */
function asciiJson(json: string): string {
  return json.replace(BEYOND_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
const BEYOND_ASCII = /[\u007f-\uffff]/g;

/** RFC 9110 §5.5: visible characters, space, tab and anything beyond ASCII. */
function isFieldText(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return false;
  }
  return true;
}

function octets(text: string): string {
  if (text.search(BEYOND_LATIN) < 0) return text;
  return Array.from(new TextEncoder().encode(text), (octet) => String.fromCharCode(octet)).join('');
}
const BEYOND_LATIN = /[\u0080-\uffff]/;
