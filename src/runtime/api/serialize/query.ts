import type { DelimitedStyle, QueryParameter, QueryStyle, StyleFormat } from '../../../model/index.ts';
import { contentText } from './content.ts';
import { deepObjectPairs } from './deep-object.ts';
import { type Encode, encodeComponent, encodeReservedQuery } from './percent-encoding.ts';
import { flat, variable } from './variable.ts';

export type Pair = readonly [name: string, value: string];

/** How names, values and delimiters are written in one position. */
export interface PairAlphabet {
  readonly name: Encode;
  readonly value: Encode;
  readonly delimiters: Readonly<Record<JoinedStyle, string>>;
}
type JoinedStyle = 'form' | DelimitedStyle;

/**
 * Space, pipe and tab are not allowed in a URI, even as delimiters (OpenAPI 3.2.0 Appendix E), so the same character
 * inside an item is indistinguishable from a delimiter: a consequence of the document's style. A comma is allowed, so
 * one inside an item is encoded.
 */
const ENCODED = { form: ',', spaceDelimited: '%20', pipeDelimited: '%7C', tabDelimited: '%09' } as const;
const PLAIN: PairAlphabet = { name: encodeComponent, value: encodeComponent, delimiters: ENCODED };
const RESERVED: PairAlphabet = { name: encodeComponent, value: encodeReservedQuery, delimiters: ENCODED };

/** The encoding of a query and of a form body. */
export const queryAlphabet = (allowReserved: boolean): PairAlphabet => (allowReserved ? RESERVED : PLAIN);

/** Unencoded names and values: for parts of `multipart/form-data`, where nothing is percent-encoded (Appendix C). */
export const RAW_ALPHABET: PairAlphabet = {
  name: (text) => text,
  value: (text) => text,
  delimiters: { form: ',', spaceDelimited: ' ', pipeDelimited: '|', tabDelimited: '\t' },
};

/** A query parameter as encoded `name=value` pairs; empty if there is nothing to send. */
export function writeQueryParameter(parameter: QueryParameter, value: unknown): string[] {
  if (value === undefined) return [];
  const { name, format } = parameter;
  const alphabet = queryAlphabet(parameter.allowReserved);
  if (format.kind === 'content') {
    const text = contentText(format.mediaType, value);
    return text === undefined ? [] : [`${alphabet.name(name)}=${alphabet.value(text)}`];
  }
  const pairs = styledPairs(format, { name, value, alphabet });
  // allowEmptyValue: "a zero-length string value in place of parameters that would otherwise be omitted". It is ignored
  // for the styles that cannot write an undefined value (OpenAPI 3.1.1 Parameter Object).
  if (!pairs.length && parameter.allowEmptyValue && format.style === 'form') return [`${alphabet.name(name)}=`];
  return pairs.map(([key, text]) => `${key}=${text}`);
}

interface Named {
  readonly name: string;
  readonly value: unknown;
  readonly alphabet: PairAlphabet;
}

/**
 * The members of an object as separate parameters. RFC 6570 §2.3 does not define a list inside a map; web frameworks
 * read it from repeated parameters, such as `sort=name,asc&sort=id` of a Spring `Pageable`. Deeper members are JSON
 * text.
 */
function explodedPairs(value: unknown, alphabet: PairAlphabet): Pair[] {
  return Object.entries(value as Readonly<Record<string, unknown>>).flatMap(([key, member]) => {
    const content = variable(Array.isArray(member) ? member : [member]);
    const texts = content.kind === 'list' ? content.items : [];
    return texts.map((text): Pair => [alphabet.name(key), alphabet.value(text)]);
  });
}

/**
 * A named value by its style: OpenAPI 3.1.1 "Style Examples", RFC 6570 §3.2.8 (form). Empty if the value is undefined.
 */
export function styledPairs({ style, explode }: StyleFormat<QueryStyle>, { name, value, alphabet }: Named): Pair[] {
  if (style === 'deepObject') {
    return deepObjectPairs(name, value).map(([key, text]) => [alphabet.name(key), alphabet.value(text)]);
  }
  const content = variable(value);
  const key = alphabet.name(name);
  switch (content.kind) {
    case 'undefined':
      return [];
    case 'text':
      return [[key, alphabet.value(content.text)]];
    case 'list':
      return explode ? content.items.map((item) => [key, alphabet.value(item)]) : [[key, joined(content)]];
    case 'map':
      // Delimited styles are not defined when exploded; they are written as `form`, as OpenAPI 3.0 describes.
      return explode ? explodedPairs(value, alphabet) : [[key, joined(content)]];
  }

  function joined(members: Parameters<typeof flat>[0]): string {
    return flat(members)
      .map(alphabet.value)
      .join(alphabet.delimiters[style as JoinedStyle]);
  }
}
