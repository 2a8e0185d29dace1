import { jsonText } from '../json-text.ts';
/** The body `application/json` and its kin. Lone surrogates become escapes, so the text is always good UTF-8. */
export function jsonBody(value: unknown): string {
  return jsonText(value);
}
