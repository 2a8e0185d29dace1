import type { Format } from 'ajv';
import { LONGEST_FOR_PATTERN } from '../../../../pattern/pattern-cost.ts';

/** Checks the values of one type. */
export interface FormatTest {
  readonly type: 'number' | 'string';
  test(value: unknown): boolean;
}

/** @param bounded long texts have every format: some take quadratic time */
export function formatTests(
  formats: Readonly<Record<string, Format>>,
  { bounded }: { readonly bounded: boolean },
): Readonly<Record<string, FormatTest>> {
  const tests = Object.entries(formats).flatMap(([name, format]) => {
    const made = testOf(format);
    if (!made) return [];
    const isShort = (value: unknown) => made.type === 'number' || String(value).length <= LONGEST_FOR_PATTERN;
    const test = bounded ? (value: unknown) => !isShort(value) || made.test(value) : made.test;
    return [[name, { type: made.type, test }] as const];
  });
  return Object.fromEntries(tests);
}

function testOf(format: Format | true): FormatTest | undefined {
  if (format === true || typeof format === 'string') return undefined;
  if (format instanceof RegExp) return { type: 'string', test: (value) => format.test(String(value)) };
  if (typeof format === 'function') return { type: 'string', test: (value) => format(String(value)) };
  const { type = 'string', validate } = format;
  if (validate instanceof RegExp) return { type, test: (value) => validate.test(String(value)) };
  // Of the given type, and not asynchronous.
  return { type, test: validate as (value: unknown) => boolean };
}
