import type { DelimitedStyle, StyleFormat } from '../model/index.ts';
import { joinPointer, type Located, type Reader } from './reader.ts';

/**
 * Only Swagger 2.0 defines these for paths and headers, but documents of other versions use them with the same meaning.
 */
const DELIMITED = ['spaceDelimited', 'pipeDelimited', 'tabDelimited'] as const satisfies readonly DelimitedStyle[];
/** By location; the first is the default (OpenAPI 3.1.1 §4.8.12.2). */
export const PATH_STYLES = ['simple', 'label', 'matrix', ...DELIMITED] as const;
export const QUERY_STYLES = ['form', ...DELIMITED, 'deepObject'] as const;
export const HEADER_STYLES = ['simple', ...DELIMITED] as const;
export const COOKIE_STYLES = ['form', 'cookie'] as const;

/**
 * `style` and `explode` with the defaults of OpenAPI 3.1.1 §4.8.12.2: `explode` is true for `form` (and 3.2's
 * `cookie`).
 */
export function style<Style extends string>(
  { value, pointer }: Located,
  reader: Reader,
  allowed: readonly [Style, ...Style[]],
  owner = ` of a ${value.in} parameter`,
): StyleFormat<Style> {
  const [fallback] = allowed;
  const known = allowed.find((each) => each === value.style);
  if (known === undefined && value.style !== undefined) {
    const message = `"style"${owner} must be ${allowed.join(', ')}, not ${JSON.stringify(value.style)}. "${fallback}" is used.`;
    reader.report('BAD_STYLE', joinPointer(pointer, 'style'), message);
  }
  const chosen = known ?? fallback;
  const explode = typeof value.explode === 'boolean' ? value.explode : chosen === 'form' || chosen === 'cookie';
  return formatOf(chosen, explode);
}

const formats = new Map<string, StyleFormat<string>>();

/** The same object for all parameters with that format. */
function formatOf<Style extends string>(style: Style, explode: boolean): StyleFormat<Style> {
  const key = `${style} ${explode}`;
  const format = formats.get(key) ?? { kind: 'style', style, explode };
  formats.set(key, format);
  return format as StyleFormat<Style>;
}
