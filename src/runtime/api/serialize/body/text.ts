import { jsonText } from '../json-text.ts';
import { isPrimitive, primitiveText } from '../primitive.ts';

/** A body of text: a string as it is, without quotes; another primitive in its JSON spelling; anything else as JSON. */
export function textBody(value: unknown): string {
  return isPrimitive(value) ? primitiveText(value) : jsonText(value);
}
