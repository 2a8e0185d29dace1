import { jsonText } from '../json-text.ts';
import { isPrimitive, primitiveText } from '../primitive.ts';

/** A text body: a string unchanged, without quotes; another primitive as in JSON; anything else as JSON. */
export function textBody(value: unknown): string {
  return isPrimitive(value) ? primitiveText(value) : jsonText(value);
}
