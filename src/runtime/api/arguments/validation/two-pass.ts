import type { Ajv2020, ErrorObject } from 'ajv/dist/2020.js';
import type { JsonSchema } from '../../../../model/index.ts';
import { patternsReady } from '../../../pattern/pattern-test.ts';
import { tryCompile } from './ajv.ts';
import { FEW_PARTS, partsOf } from './parts-of.ts';

export interface Faults {
  readonly errors: readonly ErrorObject[];
  /** Whether there may be more errors than these. */
  readonly more: boolean;
}

/**
 * Compiles a schema into a check that stops at the first error. Only for a small value, a second pass finds all errors:
 * a list of 40,000 wrong items would have as many errors, each with those of every alternative.
 *
 * @param quick stops at the first error
 * @param thorough compiled on demand, because most calls are valid
 */
export async function twoPass(
  schema: JsonSchema,
  { quick, thorough }: { readonly quick: Ajv2020; readonly thorough: () => Ajv2020 },
  onStart: (parts: number) => void = () => {},
): Promise<((value: unknown) => Faults) | undefined> {
  const first = tryCompile(quick, schema);
  if (!first) return undefined;
  await patternsReady();
  let second: typeof first | undefined;
  return (value) => {
    const parts = partsOf(value);
    onStart(parts);
    if (first(value)) return { errors: [], more: false };
    const found = first.errors ?? [];
    if (parts > FEW_PARTS) return { errors: found, more: true };
    second ??= tryCompile(thorough(), schema);
    onStart(parts);
    // The second pass rejects everything that the first one rejects. If it cannot be compiled, the first error is
    // reported.
    return { errors: second && !second(value) ? (second.errors ?? []) : found, more: false };
  };
}
