import type { JsonSchema, JsonSchemaObject } from '../../../model/index.ts';
import { type FoldedSchema, foldSchema } from './fold-schema.ts';
import { type MeasuredInput, sharedWithDigits, withDigits } from './listed-schema.ts';

/** The input schema of a tool as listed, folded if it takes more than its share of the list. */
export function listedInput<Schema extends JsonSchemaObject>(
  { schema, bytes, longest, isShort, mayHoldLarge }: MeasuredInput<Schema>,
  schemas: Readonly<Record<string, JsonSchema>>,
): FoldedSchema<Schema> {
  if (isShort) return { schema, folded: false };
  const exact = mayHoldLarge ? (withDigits(schema) as Schema) : schema; // an object stays an object
  return foldSchema(exact, sharedWithDigits(schemas), longest, exact === schema ? bytes : undefined);
}
