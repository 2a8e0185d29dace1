import { essenceOf, isJsonType } from '../../../model/index.ts';
import { jsonText } from './json-text.ts';
import { isPrimitive, primitiveText } from './primitive.ts';

/**
 * A value as text of a media type: JSON for JSON types; otherwise primitives as text, and lists and objects, which
 * other text types do not define, as JSON. `undefined` if there is nothing to send: `null` outside JSON.
 */
export function contentText(mediaType: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (isJsonType(essenceOf(mediaType))) return jsonText(value);
  if (value === null) return undefined;
  return isPrimitive(value) ? primitiveText(value) : jsonText(value);
}
