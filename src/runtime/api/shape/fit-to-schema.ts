import { isRecord } from '../../is-record.ts';
import type { SchemaCheck } from '../schema-check.ts';

export interface Fitted {
  /** An object that the schema accepts. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Places that were left out, `result[3].id`; empty where the whole value fits. */
  readonly omitted: readonly string[];
}

/**
 * What of an object fits a schema: the members that break it are left out, as deep as they stand, until the rest is
 * valid. Listed output schemas require nothing, so in the end the empty object is.
 */
export function fitToSchema(value: Readonly<Record<string, unknown>>, check: SchemaCheck): Fitted {
  let rest: unknown = value;
  const omitted: string[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const faults = check(rest);
    if (faults.length === 0 && isRecord(rest)) return { value: rest, omitted };
    // The whole is at fault (`anyOf` at the root, too many members): there is no telling which member to leave out.
    if (faults.some(({ path }) => path.length === 0)) break;
    const tree = faultTree(faults.map(({ path }) => path));
    rest = without(rest, tree, '', omitted);
  }
  return { value: {}, omitted: ['everything'] };
}

/** Leaving an item out can break a rule about its list, and so on outwards: one round for each level. */
const MOST_ROUNDS = 24;

/**
 * Faults as a tree of keys; an entry without children is left out itself. Where `anyOf` or `oneOf` fits nowhere each of
 * its branches complains about parts as well: the shorter path, that of the whole, decides.
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
  // Shorter paths came first: what is left out as a whole takes its parts with it.
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
