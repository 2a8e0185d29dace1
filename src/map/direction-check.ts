import { isObject, type Node, type Reader } from './reader.ts';
import { isSafeKey } from './safe-key.ts';

/** Keywords that contain data, where `readOnly` is an ordinary key. */
const DATA: ReadonlySet<string> = new Set(['example', 'examples', 'enum', 'default']);

/**
 * Whether the input form of a schema differs from its output form at any depth, through `readOnly`, `writeOnly`, or a
 * renamed property. Each schema is visited once, however many others refer to it.
 */
export function createDirectionCheck(reader: Reader, isParent: (schema: Node) => boolean): (ref: string) => boolean {
  const known = new Map<string, boolean>();
  return (ref) => {
    const found = known.get(ref);
    if (found !== undefined) return found;
    settle(ref);
    return known.get(ref) ?? false;
  };

  /** Decides everything that is reachable from `ref` and was not decided before. */
  function settle(ref: string): void {
    const reached = new Set([ref]);
    const referrers = new Map<string, string[]>();
    const differing: string[] = [];
    // Iterating over a Set also visits entries that are added meanwhile.
    for (const from of reached) {
      const { differs, refs } = look(reader.lookUp(from), isParent);
      if (differs) differing.push(from);
      for (const to of refs) {
        if (known.get(to) === true) differing.push(from);
        if (known.has(to)) continue;
        reached.add(to);
        const others = referrers.get(to);
        if (others) others.push(from);
        else referrers.set(to, [from]);
      }
    }
    for (const each of reached) known.set(each, false);
    for (let next = differing.pop(); next !== undefined; next = differing.pop()) {
      if (known.get(next)) continue;
      known.set(next, true);
      differing.push(...(referrers.get(next) ?? []));
    }
  }
}

/** A single schema: whether it differs by its own keywords, and what it refers to. */
function look(
  schema: unknown,
  isParent: (schema: Node) => boolean,
): { readonly differs: boolean; readonly refs: ReadonlySet<string> } {
  const refs = new Set<string>();
  const open: unknown[] = [schema];
  while (open.length > 0) {
    const value = open.pop();
    if (Array.isArray(value)) for (const item of value) open.push(item);
    if (!isObject(value)) continue;
    if (value.readOnly === true || value.writeOnly === true || isParent(value)) return { differs: true, refs };
    if (typeof value.$ref === 'string') refs.add(value.$ref);
    for (const keyword of Object.keys(value)) {
      if (DATA.has(keyword)) continue;
      const inner = value[keyword];
      if (keyword === 'properties' && isObject(inner)) {
        if (!Object.keys(inner).every(isSafeKey)) return { differs: true, refs };
        // Names of properties are not keywords.
        open.push(Object.values(inner));
      } else if (typeof inner === 'object') open.push(inner);
    }
  }
  return { differs: false, refs };
}
