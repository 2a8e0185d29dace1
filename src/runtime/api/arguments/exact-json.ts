import { replaceNumbers } from '../read/json.ts';
import { decimal } from './validation/decimal.ts';

/**
 * An integer as written in JSON (RFC 8259 §6). Limited in length: no API uses a thousand digits, and comparing them is
 * slow.
 */
export const DIGITS = /^-?(?:0|[1-9]\d{0,999})$/;

/** `_meta` of a call lists here the integers that were JSON numbers in its arguments, with all their digits. */
export const EXACT_INTEGERS_KEY = 'openapi-mcp/exactIntegers';

/**
 * Parses JSON so that every integer beyond 2^53, which JSON.parse would round, becomes a string of its digits: integer
 * arguments accept such strings too. The strings are added to `integers`.
 *
 * @throws SyntaxError as JSON.parse does
 */
export function parseExactJson(text: string, integers: Set<string>): unknown {
  const value: unknown = JSON.parse(text);
  if (!mayHoldLargeIntegers(text)) return value;
  const exact = replaceLargeIntegers(text, (digits) => {
    integers.add(digits);
    return `"${digits}"`;
  });
  return JSON.parse(exact);
}

/**
 * A cheap test for them: 16 digits in a row (with a point), or a two-digit exponent. They may also occur inside a
 * string.
 */
export function mayHoldLargeIntegers(text: string): boolean {
  return /[\d.]{16}|\d[eE]\+?\d\d/.test(text);
}

/** Replaces integers beyond 2^53 in any notation: `9.9e17` is one. */
export function replaceLargeIntegers(text: string, replace: (digits: string, number: string) => string): string {
  return replaceNumbers(text, (number) => {
    const digits = largeInteger(number);
    return digits === undefined ? number : replace(digits, number);
  });
}

function largeInteger(number: string): string | undefined {
  // A number of a megabyte is left to JSON.parse: comparing its digits would be slow.
  if (number.length > LONGEST) return undefined;
  const double = Number(number);
  if (Number.isSafeInteger(double) || !Number.isFinite(double)) return undefined;
  const { digits, exponent } = decimal(number) ?? { digits: 0n, exponent: 0 };
  const power = 10n ** BigInt(Math.abs(exponent));
  if (exponent < 0 && digits % power !== 0n) return undefined;
  const written = (exponent < 0 ? digits / power : digits * power).toString();
  return DIGITS.test(written) ? written : undefined;
}

const LONGEST = 1_000;
