import { isObject, joinPointer, type Node, type Reader, type RefTarget } from './reader.ts';

/** Keywords whose schemas are applied to the value itself, not to a part of it (JSON Schema 2020-12 §10.2). */
export const IN_PLACE = {
  one: ['not', 'if', 'then', 'else'],
  several: ['allOf', 'anyOf', 'oneOf', 'dependentSchemas', 'dependencies'],
} as const;

/**
 * The most schemas that may apply to one value through a chain of references. The compiler of schemas recurses through
 * it.
 */
const LONGEST_CHAIN = 250;

/** Chains of bare references that are at least this long are resolved to their end. */
const MOST_ALIASES = 16;

/** The replacement for a schema where a chain was cut. */
export const CHAIN_CUT = 'The chain of schemas is too long to be described. Any value is accepted here.';

export interface InPlaceSearch {
  /** Finds the references at and below a definition that must not be followed. */
  search(target: RefTarget): void;
  /** Why the `$ref` of an object is not followed; `undefined` if it is. */
  cut(value: object): 'circular' | 'too deep' | undefined;
}

interface Step {
  /** Tasks of the search: a definition starts with its value, and ends when everything below it has been visited. */
  readonly kind: 'value' | 'definition' | 'end';
  readonly value: unknown;
  readonly pointer: string;
  readonly canonical: string;
}

/**
 * A reference that is applied in place and leads back to itself would never end (JSON Schema 2020-12 §7.1), so the last
 * reference of each circle is cut. A chain of more than {@link LONGEST_CHAIN} is cut as well.
 */
export function createInPlaceSearch(
  reader: Reader,
  isNoWayBack: (reference: Node, target: RefTarget) => boolean,
): InPlaceSearch {
  const cuts = new WeakMap<object, 'circular' | 'too deep'>();
  /** By definition: the longest chain that starts there; `undefined` while it is being searched. */
  const heights = new Map<string, number | undefined>();
  return { search, cut: (value) => cuts.get(value) };

  function search({ value, pointer, canonical }: RefTarget): void {
    if (heights.has(canonical)) return;
    const path: { readonly canonical: string; height: number }[] = [];
    const steps: Step[] = [{ kind: 'definition', value, pointer, canonical }];
    for (let step = steps.pop(); step; step = steps.pop()) {
      if (step.kind === 'end') {
        const done = path.pop();
        const height = done?.height ?? 0;
        heights.set(step.canonical, height);
        raise(height + 1);
      } else if (step.kind === 'value') visit(step);
      else if (!heights.has(step.canonical)) {
        heights.set(step.canonical, undefined);
        path.push({ canonical: step.canonical, height: 0 });
        steps.push({ ...step, kind: 'end' }, { ...step, kind: 'value' });
      }
    }

    function raise(height: number): void {
      const top = path.at(-1);
      if (top) top.height = Math.max(top.height, height);
    }

    /** In the order of the document: the first one is pushed last. */
    function visit({ value: schema, pointer: at, canonical: within }: Step): void {
      if (!isObject(schema)) return;
      const parts = partsOf(schema, at).map((part): Step => ({ kind: 'value', canonical: within, ...part }));
      for (const part of parts.reverse()) steps.push(part);
      const target = typeof schema.$ref === 'string' ? referred(schema.$ref, at, reader) : undefined;
      if (!target || isNoWayBack(schema, target)) return;
      const known = heights.get(target.canonical);
      if (heights.has(target.canonical) && known === undefined) {
        cuts.set(schema, 'circular');
        reader.report('CIRCULAR_REF', at, `"${schema.$ref}" leads back to itself. Any value is accepted here.`);
      } else if (path.length + (known ?? 0) >= LONGEST_CHAIN) {
        cuts.set(schema, 'too deep');
        const message = `More than ${LONGEST_CHAIN} schemas apply to one value through a chain of references. Any value is accepted beyond this point.`;
        reader.report('TOO_DEEP', at, message);
      } else if (known !== undefined) raise(known + 1);
      else steps.push({ kind: 'definition', ...target });
    }
  }
}

function partsOf(schema: Node, at: string): { readonly value: unknown; readonly pointer: string }[] {
  const parts: { value: unknown; pointer: string }[] = [];
  for (const keyword of IN_PLACE.one)
    if (schema[keyword] !== undefined) parts.push({ value: schema[keyword], pointer: `${at}/${keyword}` });
  for (const keyword of IN_PLACE.several)
    for (const [name, value] of Object.entries(schema[keyword] ?? {}))
      parts.push({ value, pointer: joinPointer(at, keyword, name) });
  return parts;
}

/** The target of a schema's reference; for the start of a long chain of bare references, the end of the chain. */
export function referred(ref: string, pointer: string, reader: Reader): RefTarget | undefined {
  const first = reader.target(ref, pointer);
  const seen = new Set<string>();
  for (let target = first; target && !seen.has(target.canonical); ) {
    seen.add(target.canonical);
    const { value, pointer: at } = target;
    if (!isObject(value) || typeof value.$ref !== 'string' || Object.keys(value).length > 1)
      return seen.size > MOST_ALIASES ? target : first;
    target = reader.target(value.$ref, at);
  }
  return first;
}
