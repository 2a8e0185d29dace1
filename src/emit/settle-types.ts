import { intersection, type Type, UNKNOWN } from './type-of.ts';

/** TypeScript multiplies the unions of an intersection out, and gives up at 100,000 (TS2590). */
const MOST_ALTERNATIVES = 1_000;

/**
 * The types of all shared schemas, made so that TypeScript takes them: an alias that would be its own alternative
 * (TS2456) loses that alternative, and intersections that multiply to more than it can hold lose their unions.
 */
export function settleShared(types: ReadonlyMap<string, Type>): ReadonlyMap<string, Type> {
  const acyclic = breakCycles(types);
  return new Map([...acyclic].map(([name, type]) => [name, boundUnions(type, acyclic)]));
}

/** The same for a type outside of the shared ones. */
export function boundUnions(type: Type, shared: ReadonlyMap<string, Type>): Type {
  const bounded = mapInner(type, (inner) => boundUnions(inner, shared));
  if (bounded.kind !== 'intersection' || alternatives(bounded, shared, new Map()) <= MOST_ALTERNATIVES) return bounded;
  return intersection(bounded.of.filter((member) => alternatives(member, shared, new Map()) === 1));
}

/** How many forms a type spells out: those of a shared type are counted once, however often it is referred to. */
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
      // Where it leads back to itself it is one.
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
 * Depth first through the references that an alias resolves at once (those of its unions and intersections; members of
 * objects, lists and tuples wait): one that leads back is replaced by what allows everything.
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
  // In the order of the document again.
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
