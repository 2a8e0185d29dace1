import type { Ajv2020, ErrorObject } from 'ajv/dist/2020.js';
import type { JsonSchema } from '../../../model/index.ts';
import { patternsReady } from '../../pattern/pattern-test.ts';
import { tryCompile } from './ajv.ts';
import { partsOf } from './parts-of.ts';

export interface Faults {
  readonly errors: readonly ErrorObject[];
  /** Whether there may be more than these. */
  readonly more: boolean;
}

/**
 * Compiles a schema into a check that stops at the first fault. Only of a small value all faults are looked for, in a
 * second pass: a list of 40,000 wrong items has as many faults, each with those of every alternative.
 *
 * @param quick stops at the first fault
 * @param thorough made when it is first needed, for most calls are valid
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
    // What the first has refused the second refuses too, and where it could not be compiled the first fault stands.
    return { errors: second && !second(value) ? (second.errors ?? []) : found, more: false };
  };
}

const FEW_PARTS = 1_000;
