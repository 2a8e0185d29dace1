/**
 * A JSON primitive as text (OpenAPI 3.2.0 Appendix B leaves it to the implementation): strings unchanged, booleans and
 * numbers as in JSON. Integers never have an exponent: `1e21` is `1000000000000000000000`, because code that reads an
 * integer from a URL rarely accepts `1e+21`. An integer that a double cannot hold is a `bigint`.
 */
export function primitiveText(value: Primitive): string {
  const whole = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  return whole ? BigInt(value).toString() : String(value);
}

export type Primitive = string | number | bigint | boolean;

export function isPrimitive(value: unknown): value is Primitive {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}
