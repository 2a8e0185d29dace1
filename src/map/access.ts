import { innerFirst } from './inner-first.ts';
import { isObject, type Node, type Reader } from './reader.ts';

/**
 * What a schema is for. `input`: `readOnly` properties are left out and unsafe property names renamed (`x-sent-as`).
 * `output`: `writeOnly` properties are left out, and names stay the API's own.
 */
export type Direction = 'input' | 'output';

/** Which properties only the API sets (`readOnly`), or only the caller (`writeOnly`). */
export interface Access {
  /** The access of one property, following references and compositions. */
  of(property: unknown): 'readOnly' | 'writeOnly' | undefined;
  /**
   * Names that a value of the schema never has in this direction, wherever in its composition that is declared. A
   * `required` elsewhere in the composition does not require them (OpenAPI 3.0.3 Schema Object `readOnly`,
   * `writeOnly`).
   */
  hidden(schema: Node, direction: Direction): ReadonlySet<string>;
  /** Names that the schema requires, anywhere in its composition. */
  demanded(schema: Node): ReadonlySet<string>;
}

/** Keywords whose schemas apply to the value itself. `not` and `if` do not require anything. */
const LISTS = ['allOf', 'anyOf', 'oneOf'] as const;
const BRANCHES = ['then', 'else'] as const;
const COMPOSED: ReadonlySet<string> = new Set(['$ref', ...LISTS, ...BRANCHES, 'dependentSchemas']);
const NONE: ReadonlySet<string> = new Set();

export function createAccess(reader: Reader): Access {
  const target: Target = ({ $ref }) => (typeof $ref === 'string' ? reader.lookUp($ref) : undefined);
  const of = createPropertyAccess(target);
  const namesHiddenAs = (kind: 'readOnly' | 'writeOnly') =>
    createNameSearch(target, ({ properties: all }) => {
      if (!isObject(all)) return [];
      const names: string[] = [];
      for (const name of Object.keys(all)) if (of(all[name]) === kind) names.push(name);
      return names;
    });
  const hidden = { input: namesHiddenAs('readOnly'), output: namesHiddenAs('writeOnly') };
  const demanded = createNameSearch(target, ({ required, dependentRequired, dependencies }) => {
    const dependent = [dependentRequired, dependencies].flatMap((rules) =>
      isObject(rules) ? Object.values(rules) : [],
    );
    return [required, ...dependent].flatMap((names) =>
      Array.isArray(names) ? names.filter((name): name is string => typeof name === 'string') : [],
    );
  });
  return {
    of,
    hidden(schema, direction) {
      // Most schemas: cheaper to look at than to remember.
      if (schema.properties === undefined && !isComposed(schema)) return NONE;
      return hidden[direction](schema);
    },
    demanded,
  };
}

/** The target of a schema's reference. */
type Target = (schema: Node) => unknown;

function createPropertyAccess(target: Target): Access['of'] {
  const properties = new WeakMap<object, ReturnType<Access['of']> | 'none'>();
  return (property) => {
    if (!isObject(property)) return undefined;
    if (property.readOnly === true) return 'readOnly';
    if (property.writeOnly === true) return 'writeOnly';
    const { $ref, allOf, anyOf, oneOf } = property;
    if ($ref === undefined && allOf === undefined && anyOf === undefined && oneOf === undefined) return undefined;
    if (!properties.has(property))
      for (const part of innerFirst(property, unknownParts)) properties.set(part, judge(part) ?? 'none');
    return known(property);
  };

  function known(property: unknown): ReturnType<Access['of']> {
    const found = isObject(property) ? properties.get(property) : undefined;
    return found === 'none' ? undefined : found;
  }

  function unknownParts(property: Node): readonly Node[] {
    const parts: Node[] = [];
    const add = (part: unknown): void => {
      if (isObject(part) && !properties.has(part)) parts.push(part);
    };
    add(target(property));
    for (const keyword of LISTS) for (const part of listAt(property, keyword)) add(part);
    return parts;
  }

  /** All parts are known, except one that refers back here and adds nothing. */
  function judge(property: Node): ReturnType<Access['of']> {
    for (const key of ['readOnly', 'writeOnly'] as const) if (property[key] === true) return key;
    const parts = [target(property), ...listAt(property, 'allOf')];
    const said = parts.map(known).find((access) => access !== undefined);
    if (said !== undefined) return said;
    for (const keyword of ['anyOf', 'oneOf'] as const) {
      const values = listAt(property, keyword)
        .filter((choice) => !isObject(choice) || choice.type !== 'null')
        .map(known);
      const [first] = values;
      if (first !== undefined && values.every((access) => access === first)) return first;
    }
    return undefined;
  }
}

/** Collects what `own` finds in every part of a schema's composition. */
function createNameSearch(
  target: Target,
  own: (part: Node) => readonly string[],
): (schema: Node) => ReadonlySet<string> {
  const known = new WeakMap<object, ReadonlySet<string>>();
  return (schema) => {
    // Results are cached for the target of a bare reference, because many schemas refer to it.
    const root = bare(schema);
    const settled = known.get(root);
    if (settled) return settled;
    const names = isComposed(root) ? namesIn(root) : own(root);
    const found = names.length === 0 ? NONE : new Set(names);
    known.set(root, found);
    return found;
  };

  function namesIn(root: Node): readonly string[] {
    const names = new Set<string>();
    const visited = new Set<object>();
    const waiting: unknown[] = [root];
    for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
      if (!isObject(part) || visited.has(part)) continue;
      visited.add(part);
      const told = known.get(part);
      for (const name of told ?? own(part)) names.add(name);
      if (!told && isComposed(part)) waiting.push(...partsOf(part).toReversed());
    }
    return [...names];
  }

  function partsOf(part: Node): readonly unknown[] {
    const parts = [target(part)];
    for (const keyword of LISTS) parts.push(...listAt(part, keyword));
    for (const keyword of BRANCHES) parts.push(part[keyword]);
    if (isObject(part.dependentSchemas)) parts.push(...Object.values(part.dependentSchemas));
    return parts.filter((each) => each !== undefined);
  }

  function bare(schema: Node): Node {
    const only = Object.keys(schema).length === 1 ? target(schema) : undefined;
    return isObject(only) && typeof only.$ref !== 'string' ? only : schema;
  }
}

/** Most schemas are not composed. */
function isComposed(schema: Node): boolean {
  for (const keyword in schema) if (COMPOSED.has(keyword)) return true;
  return false;
}

const listAt = (node: Node, keyword: string): readonly unknown[] => {
  const list = node[keyword];
  return Array.isArray(list) ? list : [];
};
