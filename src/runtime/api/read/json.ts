/** Parsed JSON: `value` for programs, `text` for the reader. */
export interface ParsedJson {
  /** Numbers are doubles, the nearest to the text, which has all the digits. */
  readonly value: unknown;
  /** The JSON text, without any prefix. */
  readonly text: string;
  readonly notes: readonly string[];
}

/**
 * Parses JSON as APIs write it; `undefined` if it is not JSON. Tolerates a byte order mark, the prefix `)]}'` against
 * script inclusion, and `NaN`, `Infinity`, `-Infinity` (written by Python), which become strings. Of duplicate keys the
 * last one wins, as in ECMAScript (RFC 8259 §4 leaves it open); the text has both.
 */
export function parseJson(source: string): ParsedJson | undefined {
  const text = withoutPrefix(source);
  const value = tryParse(text);
  if (value !== undefined) {
    return { value: HUGE.test(text) ? nearestDoubles(text, value) : value, text, notes: [] };
  }
  if (!/\b(?:NaN|Infinity)\b/.test(text)) return undefined;
  const named = tryParse(replaceNumbers(text, (number) => (/\d/.test(number) ? number : `"${number}"`)));
  if (named === undefined) return undefined;
  return { value: named, text, notes: ['The response contains NaN or Infinity, which JSON does not allow.'] };
}

/** `)]}'`, `)]}',` or `while(1);`, on its own line or directly in front. */
function withoutPrefix(source: string): string {
  return source.replace(/^\uFEFF?(?:\)\]\}'?,?\s*\n|\)\]\}',?|while\s*\(1\);|for\s*\(;;\);)?/, '');
}

/** JSON has no `undefined`, so it can mean "not JSON". */
function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A cheap test for numbers that may exceed any double: a three-digit exponent, or some 300 digits in a row. */
const HUGE = /\d[eE]\+?\d{3}|\d{300}/;

/** `JSON.parse` turns such a number into Infinity, which JSON cannot represent. */
const isFiniteNumber = (number: string): boolean => Number.isFinite(Number(number));

function nearestDoubles(text: string, value: unknown): unknown {
  const marked = replaceNumbers(text, (number) => (isFiniteNumber(number) ? number : largest(number)));
  return marked === text ? value : JSON.parse(marked);
}

const largest = (number: string): string => `${number.startsWith('-') ? '-' : ''}${Number.MAX_VALUE}`;

/** Replaces the numbers (including `NaN` and `Infinity`) outside of strings. */
export function replaceNumbers(text: string, replace: (number: string) => string): string {
  return replaceLiterals(text, { number: replace });
}

/**
 * Replaces numbers, and strings by their value. One pass, however long the strings are; everything else is kept
 * unchanged.
 */
export function replaceLiterals(
  text: string,
  replace: {
    readonly number: (number: string) => string;
    readonly string?: (value: string, isKey: boolean) => string;
  },
): string {
  const token = /"|-?(?:\d[\d.eE+-]*|NaN|Infinity)/g;
  const parts: string[] = [];
  let copied = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const isString = match[0] === '"';
    if (isString) token.lastIndex = endOfString(text, match.index);
    if (isString && !replace.string) continue;
    const written = isString ? text.slice(match.index, token.lastIndex) : match[0];
    const replaced = isString
      ? replaceString(written, (value) => replace.string?.(value, isKeyBefore(text, token.lastIndex)) ?? value)
      : replace.number(written);
    if (replaced === written) continue;
    parts.push(text.slice(copied, match.index), replaced);
    copied = token.lastIndex;
  }
  parts.push(text.slice(copied));
  return parts.join('');
}

function replaceString(written: string, replace: (value: string) => string): string {
  // An unterminated string, or one with a raw line break, is kept as written.
  const value = written.includes('\\') ? tryParse(written) : undefined;
  const said = typeof value === 'string' ? value : written.replace(/^"|"$/g, '');
  const replaced = replace(said);
  return replaced === said ? written : JSON.stringify(replaced);
}

const isKeyBefore = (text: string, end: number): boolean => /^\s*:/.test(text.slice(end, end + 16));

/** The index after the closing quote of the string that starts at `start`. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
  return text.length;
}
