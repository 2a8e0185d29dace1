import type { Coercion } from '../../../model/index.ts';

/**
 * Restores the exact values where a profile listed strings. Other values are left for validation. Does not modify the
 * arguments; without coercions it returns them unchanged.
 */
export function coerce(value: unknown, coercions: readonly Coercion[], depth = 0): unknown {
  // All coercions in one pass: each on its own would copy an object of 100,000 arguments again.
  if (typeof value === 'string') {
    return coercions.filter(({ path }) => path.length === depth).reduce<unknown>(putBack, value);
  }
  const deeper = coercions.filter(({ path }) => path.length > depth);
  if (typeof value !== 'object' || value === null || deeper.length === 0) return value;
  if (Array.isArray(value)) {
    const ofItems = deeper.filter(({ path }) => path[depth] === 'items');
    return ofItems.length > 0 ? value.map((item) => coerce(item, ofItems, depth + 1)) : value;
  }
  const byProperty = grouped(deeper, depth);
  const given = [...byProperty.keys()].some((property) => Object.hasOwn(value, property));
  if (!given) return value;
  // Entries, because assignment would treat a property called `__proto__` as the prototype.
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, coerce(member, byProperty.get(key) ?? [], depth + 1)]),
  );
}

function putBack(value: unknown, { values }: Coercion): unknown {
  return typeof value === 'string' && Object.hasOwn(values, value) ? values[value] : value;
}

function grouped(coercions: readonly Coercion[], depth: number): ReadonlyMap<string, readonly Coercion[]> {
  const groups = new Map<string, Coercion[]>();
  for (const coercion of coercions) {
    const step = coercion.path[depth];
    if (step === undefined || step === 'items') continue;
    const group = groups.get(step.property) ?? [];
    group.push(coercion);
    groups.set(step.property, group);
  }
  return groups;
}
