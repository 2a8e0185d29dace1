import { jsonText } from '../json-text.ts';
/** The body of `application/json` and related types. Lone surrogates are escaped, so the text is always valid UTF-8. */
export function jsonBody(value: unknown): string {
  return jsonText(value);
}
