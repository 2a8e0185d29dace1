import type { Operation, Schemas } from '../../../model/index.ts';
import { exampleValue } from '../schema/example-value.ts';
import type { ArgumentValidator } from './validate-arguments.ts';

/** A longer example says less than the errors. */
const LONGEST = 600;

/** The smallest valid arguments, for a model to start from; empty if none are required, or none are found. */
export async function exampleLine(
  operation: Pick<Operation, 'arguments'>,
  schemas: Schemas,
  validator: ArgumentValidator,
): Promise<readonly string[]> {
  if (operation.arguments.required.length === 0) return [];
  const example = exampleValue(operation.arguments, schemas, { optional: false });
  const text = JSON.stringify(example);
  if (text.length > LONGEST || typeof example !== 'object' || example === null || Array.isArray(example)) return [];
  // Patterns and conditions may not hold for a made-up value.
  const faults = await validator.validate(operation, schemas, example as Readonly<Record<string, unknown>>);
  return faults.length === 0 ? [`Smallest valid arguments: ${text}`] : [];
}
