import { intersection, type Type, UNKNOWN } from './type-of.ts';

/** TypeScript expands the unions of an intersection, and gives up at 100,000 alternatives (TS2590). */
const MOST_ALTERNATIVES = 1_000;

/**
 * The types of all shared schemas in a form that TypeScript accepts: an alias that would be its own alternative
 * (TS2456) loses that alternative, and intersections with too many alternatives lose their unions.
 */
export function settleShared(types: ReadonlyMap<string, Type>): ReadonlyMap<string, Type> {
  const acyclic = breakCycles(types);
  return new Map([...acyclic].map(([name, type]) => [name, boundUnions(type, acyclic)]));
}

/** The same for a type that is not shared. */
export function boundUnions(type: Type, shared: ReadonlyMap<string, Type>): Type {
  const bounded = mapInner(type, (inner) => boundUnions(inner, shared));
  if (bounded.kind !== 'intersection' || alternatives(bounded, shared, new Map()) <= MOST_ALTERNATIVES) return bounded;
  return intersection(bounded.of.filter((member) => alternatives(member, shared, new Map()) === 1));
}

/**
 * The number of alternatives after expanding a type. Each shared type is counted once, however often it is referenced.
 */
function alternatives(type: Type, shared: ReadonlyMap<string, Type>, counts: Map<string, number>): number {
  switch (type.kind) {
    case 'union':
      return type.of.reduce((sum, member) => sum + alternatives(member, shared, counts), 0);
    case 'intersection':
      return type.of.reduce((product, member) => product * alternatives(member, shared, counts), 1);
    case 'shared': {
      const known = counts.get(type.name);
      const target = shared.get(type.name);
      if (known !== undefined || target === undefined) return known ?? 1;
      // A reference back to itself counts as one.
      counts.set(type.name, 1);
      const count = alternatives(target, shared, counts);
      counts.set(type.name, count);
      return count;
    }
    default:
      return 1;
  }
}

/**
 * Depth first through the references that an alias resolves eagerly (in unions and intersections; members of objects,
 * lists and tuples are lazy): a reference back to an open alias is replaced by `unknown`.
 */
function breakCycles(types: ReadonlyMap<string, Type>): ReadonlyMap<string, Type> {
  const settled = new Map<string, Type>();
  const open = new Set<string>();
  const settle = (name: string): void => {
    const type = types.get(name);
    if (type === undefined || settled.has(name)) return;
    open.add(name);
    const whole = withoutOpen(type);
    open.delete(name);
    settled.set(name, whole);
  };
  const withoutOpen = (type: Type): Type => {
    if (type.kind === 'shared') {
      if (open.has(type.name) || !types.has(type.name)) return UNKNOWN;
      settle(type.name);
      return type;
    }
    if (type.kind === 'intersection') return intersection(type.of.map(withoutOpen));
    if (type.kind !== 'union') return type;
    const of = type.of.map(withoutOpen);
    return of.some((member) => member === UNKNOWN) ? UNKNOWN : { kind: 'union', of };
  };
  for (const name of types.keys()) settle(name);
  // Restores the order of the document.
  return new Map([...types.keys()].map((name) => [name, settled.get(name) ?? UNKNOWN]));
}

function mapInner(type: Type, change: (inner: Type) => Type): Type {
  switch (type.kind) {
    case 'object':
      return {
        ...type,
        members: type.members.map((member) => ({ ...member, type: change(member.type) })),
        ...(type.rest && { rest: change(type.rest) }),
      };
    case 'array':
      return { ...type, items: change(type.items) };
    case 'tuple':
      return { ...type, items: type.items.map(change), ...(type.rest && { rest: change(type.rest) }) };
    case 'union':
    case 'intersection':
      return { ...type, of: type.of.map(change) };
    default:
      return type;
  }
}
