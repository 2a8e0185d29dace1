import {
  getOwn,
  type PathParameter,
  type PathStyle,
  type RequestPlan,
  type StyleFormat,
} from '../../../model/index.ts';
import { contentText } from './content.ts';
import { type Encode, encodeComponent, encodeReservedPath } from './percent-encoding.ts';
import { unsafe } from './unsafe.ts';
import { flat, type Variable, variable } from './variable.ts';

/**
 * The path of a request, percent-encoded, starting with `/`.
 *
 * No argument can change which operation is called. A segment that contains an argument is never empty, and never `.`
 * or `..`, even percent-encoded, because the URL Standard also resolves `%2E%2E` (WHATWG URL, "double-dot URL path
 * segment"). It is never `../admin` either, because many servers and proxies decode `..%2Fadmin` before they resolve
 * it.
 *
 * @throws CallError `UNSAFE_ARGUMENT`
 */
export function writePath(path: RequestPlan['path'], args: Readonly<Record<string, unknown>>): string {
  if (path.every((part) => typeof part === 'string')) return path.join('');
  const segments: Segment[] = [{ text: '' }];
  for (const part of path) {
    if (typeof part === 'string') append(segments, part);
    else append(segments, writePathParameter(part, getOwn(args, part.argument)), part);
  }
  for (const segment of segments) checkSegment(segment);
  return segments.map(({ text }) => text).join('/');
}

/** One parameter in the path: the tables of OpenAPI 3.1.1 "Style Examples". */
export function writePathParameter(parameter: PathParameter, value: unknown): string {
  const encode = parameter.allowReserved ? encodeReservedPath : encodeComponent;
  const { format } = parameter;
  if (value === undefined) {
    throw unsafe(parameter.argument, 'is missing, but the path requires it', 'Pass the argument.');
  }
  if (format.kind === 'content') return encode(contentText(format.mediaType, value) ?? '');
  return expand({ format, name: encodeComponent(parameter.name), encode }, variable(value));
}

interface Expression {
  readonly format: StyleFormat<PathStyle>;
  /** Encoded. */
  readonly name: string;
  readonly encode: Encode;
}

/**
 * RFC 6570 Appendix A: the prefix, the separator of exploded members, and whether they are named. The delimited styles
 * (Swagger 2.0 `collectionFormat`) always use their delimiter between members.
 */
const OPERATORS = {
  simple: { first: '', separator: ',', named: false },
  label: { first: '.', separator: '.', named: false },
  matrix: { first: ';', separator: ';', named: true },
  spaceDelimited: { first: '', separator: '%20', named: false },
  pipeDelimited: { first: '', separator: '%7C', named: false },
  tabDelimited: { first: '', separator: '%09', named: false },
} as const satisfies Record<PathStyle, unknown>;

/** RFC 6570 §3.2.2 (simple), §3.2.5 (label), §3.2.7 (matrix). */
function expand({ format, name, encode }: Expression, value: Variable): string {
  const { first, separator, named } = OPERATORS[format.style];
  // The `undefined` column of the table; RFC 6570 would write nothing, but a path cannot omit a parameter.
  if (value.kind === 'undefined') return named ? `${first}${name}` : first;
  if (value.kind === 'text') return first + whole(encode(value.text));
  if (!format.explode) {
    const between = DELIMITED.has(format.style) ? separator : ',';
    return first + whole(flat(value).map(encode).join(between));
  }
  if (value.kind === 'list') return first + value.items.map((item) => whole(encode(item))).join(separator);
  return first + value.entries.map(([key, text]) => member(encode(key), encode(text))).join(separator);

  function whole(text: string): string {
    return named ? member(name, text) : text;
  }
  function member(key: string, text: string): string {
    // Matrix writes an empty value without "=" (RFC 6570 §3.2.7).
    return named && text === '' ? key : `${key}=${text}`;
  }
}

const DELIMITED: ReadonlySet<PathStyle> = new Set(['spaceDelimited', 'pipeDelimited', 'tabDelimited']);

interface Segment {
  readonly text: string;
  /** The parameter that contributed to the segment. */
  readonly by?: PathParameter;
  /** Inside a value whose slashes are kept, where an empty segment belongs to the value: `a//b`. */
  readonly inner?: boolean;
}

function append(segments: Segment[], text: string, by?: PathParameter): void {
  const [head = '', ...rest] = text.split('/');
  const last = segments.pop();
  const parameter = by ?? last?.by;
  segments.push({ ...last, text: `${last?.text ?? ''}${head}`, ...(parameter && { by: parameter }) });
  for (const piece of rest) segments.push(by ? { text: piece, by, inner: true } : { text: piece });
}

function checkSegment({ text, by, inner }: Segment): void {
  if (!by) return;
  if (text === '' && !inner) {
    throw unsafe(
      by.argument,
      'is empty, so a path segment would be missing and another operation would be called',
      'Pass a non-empty value.',
    );
  }
  if (decoded(text).split(STEP_ENDS).some(isDots)) {
    throw unsafe(
      by.argument,
      'makes a path segment "." or "..", which would lead to another path',
      'Pass a value without "." or ".." alone or between slashes.',
    );
  }
}

/** Anything that some server treats as the end of a segment: `..;` for servlet containers, `\` for others. */
const STEP_ENDS = /[/\\;]/;
const isDots = (step: string): boolean => step === '.' || step === '..';

/** Only dots and segment ends matter, and other triplets may not be UTF-8. */
const decoded = (text: string): string =>
  text.replace(ENCODED_STEP, (triplet) => String.fromCharCode(Number.parseInt(triplet.slice(1), 16)));
const ENCODED_STEP = /%(?:2[EF]|5C|3B)/gi;
