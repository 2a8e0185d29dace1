/** A decimal number, exactly: `digits` × 10^`exponent`. */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/**
 * The decimal value of a number. For a double it is the shortest text that reads back as the same double (ECMA-262
 * Number::toString), which is what the JSON contained: 19.99, not 19.989999999999998436805981327779591083526611328125.
 *
 * @returns `undefined` for `NaN` and `Infinity`
 */
export function decimal(number: number | string): Decimal | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(String(number));
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  return { digits: BigInt(`${sign}${whole}${fraction}`), exponent: Number(power) - fraction.length };
}

/**
 * `multipleOf` of JSON Schema (2020-12 Validation §6.2.1) in decimal arithmetic: 19.99 is a multiple of 0.01, although
 * the quotient of the two doubles is not an integer. An invalid divisor (not above zero) accepts everything.
 */
export function isMultiple(value: number | string, factor: number): boolean {
  const dividend = decimal(value);
  const divisor = decimal(factor);
  if (!dividend || !divisor || divisor.digits === 0n) return true;
  // Exponents of doubles lie between -324 and 308: neither power has more than some 650 digits.
  const shift = dividend.exponent - divisor.exponent;
  return shift >= 0
    ? (dividend.digits * 10n ** BigInt(shift)) % divisor.digits === 0n
    : dividend.digits % (divisor.digits * 10n ** BigInt(-shift)) === 0n;
}
