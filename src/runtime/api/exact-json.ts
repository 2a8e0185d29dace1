import { DIGITS } from './exact-integers.ts';
import { replaceNumbers } from './read/json.ts';
import { decimal } from './validate-arguments/decimal.ts';

/**
 * JSON in which every integer beyond 2^53, which JSON.parse would round, becomes a string of its digits: what takes an
 * integer takes such a string too. They are added to `integers`.
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

/** Cheap sign of them: 16 digits in a row (with a point), or an exponent of two. They may stand in a string as well. */
export function mayHoldLargeIntegers(text: string): boolean {
  return /[\d.]{16}|\d[eE]\+?\d\d/.test(text);
}

/** Replaces the integers beyond 2^53, however they are written: `9.9e17` is one. */
export function replaceLargeIntegers(text: string, replace: (digits: string, number: string) => string): string {
  return replaceNumbers(text, (number) => {
    const digits = largeInteger(number);
    return digits === undefined ? number : replace(digits, number);
  });
}

function largeInteger(number: string): string | undefined {
  // A number of a megabyte is read as JSON.parse reads it: to compare its digits takes time.
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
