import { replaceNumbers } from './json.ts';

/**
 * `JSON.parse` turns `1.10` into `1.1`. Numbers whose digits would change are kept as strings that start with this
 * private-use character, and `writeKeepingNumbers` restores them.
 */
const KEPT = '\uE0F1number:';
export const KEPT_NUMBER = /^\uE0F1number:-?\d[\d.eE+-]*$/;

/** Writes JSON that was cut or projected, with the API's own digits. */
export function parseKeepingNumbers(text: string): unknown {
  return JSON.parse(
    replaceNumbers(text, (number) => (String(Number(number)) === number ? number : `"${KEPT}${number}"`)),
  );
}

export function writeKeepingNumbers(value: unknown): string {
  return JSON.stringify(value).replace(/"\uE0F1number:(-?\d[\d.eE+-]*)"/g, '$1');
}
