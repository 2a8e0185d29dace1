import { replaceNumbers } from './json.ts';

/**
 * `JSON.parse` would take `1.10` for `1.1`. Numbers whose digits it would change stand in the values as strings that
 * begin with this private character, and `writeKeepingNumbers` brings them back.
 */
const KEPT = '\uE0F1number:';
export const KEPT_NUMBER = /^\uE0F1number:-?\d[\d.eE+-]*$/;

/** JSON that is cut or projected, and written again with the API's own digits. */
export function parseKeepingNumbers(text: string): unknown {
  return JSON.parse(
    replaceNumbers(text, (number) => (String(Number(number)) === number ? number : `"${KEPT}${number}"`)),
  );
}

export function writeKeepingNumbers(value: unknown): string {
  return JSON.stringify(value).replace(/"\uE0F1number:(-?\d[\d.eE+-]*)"/g, '$1');
}
