import { isRecord } from '../../is-record.ts';
import type { SchemaCheck } from '../schema/schema-check.ts';

export interface Fitted {
  /** An object that matches the schema. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Paths that were dropped, `result[3].id`; empty if the entire value matches. */
  readonly omitted: readonly string[];
}

/**
 * Removes the members of an object that violate a schema, at any depth, until the rest is valid. Listed output schemas
 * require nothing, so an empty object always is.
 */
export function fitToSchema(value: Readonly<Record<string, unknown>>, check: SchemaCheck): Fitted {
  let rest: unknown = value;
  const omitted: string[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const faults = check(rest);
    if (faults.length === 0 && isRecord(rest)) return { value: rest, omitted };
    // The root itself is invalid (`anyOf` at the root, too many members): no single member can be removed.
    if (faults.some(({ path }) => path.length === 0)) break;
    const tree = faultTree(faults.map(({ path }) => path));
    rest = without(rest, tree, '', omitted);
  }
  return { value: {}, omitted: ['everything'] };
}

/** Removing an item can violate a rule about its list, and so on outwards: one round per level. */
const MOST_ROUNDS = 24;

/**
 * Errors as a tree of keys; an entry without children is removed. A failed `anyOf` or `oneOf` also reports errors in
 * its branches: the shorter path, of the value itself, takes precedence.
 */
interface FaultTree extends Map<string | number, FaultTree> {}

function faultTree(paths: readonly (readonly (string | number)[])[]): FaultTree {
  const root: FaultTree = new Map();
  for (const path of [...paths].sort((a, b) => a.length - b.length)) mark(root, path);
  return root;
}

function mark(tree: FaultTree, [key, ...rest]: readonly (string | number)[]): void {
  if (key === undefined) return;
  const known = tree.get(key);
  // Shorter paths come first: removing a value removes its members too.
  if (known?.size === 0) return;
  const branch: FaultTree = known ?? new Map();
  tree.set(key, branch);
  mark(branch, rest);
}

function without(value: unknown, faults: FaultTree, path: string, omitted: string[]): unknown {
  const keep = (key: string | number, member: unknown, at: string): [] | [unknown] => {
    const fault = faults.get(key);
    if (!fault) return [member];
    if (fault.size > 0) return [without(member, fault, at, omitted)];
    omitted.push(at);
    return [];
  };
  if (Array.isArray(value)) return value.flatMap((item, index) => keep(index, item, `${path}[${index}]`));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) =>
      keep(key, member, path ? `${path}.${key}` : key).map((kept): [string, unknown] => [key, kept]),
    ),
  );
}
