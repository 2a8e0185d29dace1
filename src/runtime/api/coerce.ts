import type { Coercion, CoercionStep } from '../../model/index.ts';

/**
 * Puts the exact values back where a profile showed texts. Whatever is not one of those texts stays as it is, for the
 * validation that follows to judge. The arguments are not changed; without coercions they are returned themselves.
 */
export function coerce(value: unknown, coercions: readonly Coercion[]): unknown {
  return coercions.reduce((result, { path, values }) => coerceAt(result, path, values), value);
}

function coerceAt(value: unknown, path: readonly CoercionStep[], values: Coercion['values']): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return typeof value === 'string' && Object.hasOwn(values, value) ? values[value] : value;
  if (step === 'items') return Array.isArray(value) ? value.map((item) => coerceAt(item, rest, values)) : value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step.property)) return value;
  // Entries, for assignment would take a property called `__proto__` for the prototype.
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === step.property ? coerceAt(member, rest, values) : member,
    ]),
  );
}
