import { essenceOf, type FormEncoding, type FormField, getOwn, isJsonType } from '../../../../model/index.ts';
import { isRecord } from '../../../is-record.ts';
import { contentText } from '../content.ts';
import { encodeFormComponent, encodeWholeQuery } from '../percent-encoding.ts';
import { type Pair, queryAlphabet, styledPairs } from '../query.ts';
import { notAnObject } from './not-an-object.ts';

/**
 * Encodes `application/x-www-form-urlencoded` as `name=value` pairs, in the order of the value.
 *
 * A field with a style is written like a query parameter, by RFC 6570; any other by its content, with the encoding of
 * the URL Standard (OpenAPI 3.2.0 Appendix E). `null`, which forms cannot express, omits the field, as in RFC 6570
 * §2.3: to clear a field, APIs with form bodies expect the empty string, which is sent. A string is the finished form.
 *
 * @throws CallError `INVALID_ARGUMENTS` for a value without fields
 */
export function formPairs(encoding: FormEncoding, value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [encodeWholeQuery(value)];
  if (!isRecord(value)) throw notAnObject('form');
  return Object.entries(value)
    .flatMap(([name, member]) => fieldPairs(getOwn(encoding.fields, name) ?? encoding.other, name, member))
    .map(([name, text]) => `${name}=${text}`);
}

function fieldPairs(field: FormField, name: string, value: unknown): Pair[] {
  if (value === null || value === undefined) return [];
  if (field.kind === 'style') {
    return styledPairs(field, { name, value, alphabet: queryAlphabet(field.allowReserved) });
  }
  const mediaType = field.kind === 'content' ? field.mediaType : 'text/plain';
  // A list is one JSON text if the document declares JSON; otherwise each item is a field with the same name (Encoding
  // Object).
  const values: readonly unknown[] = Array.isArray(value) && !isJsonType(essenceOf(mediaType)) ? value : [value];
  return values
    .map((item) => contentText(mediaType, item))
    .filter((text) => text !== undefined)
    .map((text) => [encodeFormComponent(name), encodeFormComponent(text)]);
}
