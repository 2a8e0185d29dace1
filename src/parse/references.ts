import { type Problem, problem } from '../problems.ts';
import { remembered } from '../runtime/remembered.ts';
import { nearest } from '../runtime/text/nearest.ts';
import type { ApiDocument } from './api-document.ts';
import { isObject } from './json.ts';

/** The key at the root that contains the other files of a document, each under its own name. */
export const BUNDLED_FILES = 'x-bundled-files';

/** A readable JSON pointer in URI fragment form (RFC 6901 §6): escapes only what would be ambiguous. */
export function pointerOf(...segments: readonly (string | number)[]): string {
  return joinPointer('#', ...segments);
}

/** Appends a segment to `pointer`. */
export function joinPointer(pointer: string, ...segments: readonly (string | number)[]): string {
  let joined = pointer;
  for (let index = 0; index < segments.length; index++) joined += `/${escapeSegment(String(segments[index]))}`;
  return joined;
}

/** `%` is escaped too, because a fragment is percent-decoded before it is parsed. */
const escapeSegment = (segment: string): string =>
  /[~/%]/.test(segment) ? segment.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('%', '%25') : segment;

/** Possible meanings of a pointer segment, most likely first: people forget to encode, or encode twice. */
function readings(segment: string): readonly string[] {
  const plain = unescapeSegment(segment);
  if (!segment.includes('%')) return [plain];
  return [unescapeSegment(percentDecoded(segment)), plain];
}

const unescapeSegment = (segment: string): string =>
  segment.includes('~') ? segment.replaceAll('~1', '/').replaceAll('~0', '~') : segment;

function percentDecoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The unescaped segments of a local reference (`#/a/b~1c` → `['a', 'b/c']`); `undefined` if it is not a pointer. */
export function segmentsOf(ref: string): readonly string[] | undefined {
  if (ref === '#' || ref === '') return [];
  if (!ref.startsWith('#/')) return undefined;
  return ref
    .slice(2)
    .split('/')
    .map((segment) => unescapeSegment(percentDecoded(segment)));
}

export interface Target {
  readonly value: unknown;
  /** Pointer from the root of the document in memory, in normal form. */
  readonly pointer: string;
}
/** A pointer that cannot be resolved: `missing` is not in the object at `parent`. */
interface Nowhere {
  readonly missing: string;
  readonly siblings: readonly string[];
}

/**
 * The target of a local reference: a JSON pointer (RFC 6901; percent-encoded or not, `~1` or not), an `$anchor`, or the
 * `$id` of a component's schema. `undefined` if it does not exist.
 */
export function resolvePointer(root: unknown, ref: string): Target | undefined {
  const target = lookUp(root, ref);
  return 'missing' in target ? undefined : target;
}

function lookUp(root: unknown, ref: string, hops: Hops = { left: MAX_HOPS }): Target | Nowhere {
  if (ref === '#' || ref === '') return { value: root, pointer: '#' };
  if (!ref.startsWith('#/')) return identified(root, ref, hops);
  return walk({ value: root, pointer: '#' }, ref.slice(2).split('/'), root, hops);
}

/**
 * A pointer may go through a reference (`#/components/schemas/A/properties/b`, A being a $ref). Maximum number of hops.
 */
const MAX_HOPS = 64;
interface Hops {
  left: number;
}

function walk(from: Target, segments: readonly string[], root: unknown, hops: Hops): Target | Nowhere {
  let { value, pointer } = from;
  for (let index = 0; index < segments.length; index++) {
    const segment = segments[index] ?? '';
    const key = keyIn(value, segment);
    if (key === undefined) {
      const ref = isObject(value) && typeof value.$ref === 'string' && hops.left-- > 0 ? value.$ref : undefined;
      const through = ref === undefined ? undefined : lookUp(root, ref, hops);
      if (through && !('missing' in through)) return walk(through, segments.slice(index), root, hops);
      const siblings = isObject(value) ? Object.keys(value) : [];
      return { missing: readings(segment)[0] ?? segment, siblings };
    }
    value = (value as Record<string, unknown>)[key]; // checked by hasKey
    pointer = joinPointer(pointer, key);
  }
  return { value, pointer };
}

/** The key that a segment means. */
function keyIn(value: unknown, segment: string): string | undefined {
  if (!/[~%]/.test(segment)) return hasKey(value, segment) ? segment : undefined;
  return readings(segment).find((reading) => hasKey(value, reading));
}

function hasKey(value: unknown, key: string): boolean {
  if (Array.isArray(value)) return /^(0|[1-9]\d*)$/.test(key) && Number(key) < value.length;
  return isObject(value) && Object.hasOwn(value, key);
}

/** Schemas by `$id`, `#anchor` and `$id#anchor`; built once per root, on demand. */
const identifiersIn = remembered(collectIdentifiers);

function identified(root: unknown, ref: string, hops: Hops): Target | Nowhere {
  if (!isObject(root)) return { missing: ref, siblings: [] };
  const known = identifiersIn(root);
  const whole = known.get(ref);
  if (whole) return whole;
  const hash = ref.indexOf('#/');
  const resource = hash > 0 ? known.get(ref.slice(0, hash)) : undefined;
  if (resource) return walk(resource, ref.slice(hash + 2).split('/'), root, hops);
  return { missing: ref, siblings: [...known.keys()] };
}

/** JSON Schema 2020-12 §8.2: `$id` and `$anchor`, searched only in the schemas of `components`. */
function collectIdentifiers(root: Record<string, unknown>): ReadonlyMap<string, Target> {
  const found = new Map<string, Target>();
  const seen = new Set<object>();
  const add = (key: string, target: Target): void => void (found.has(key) || found.set(key, target));
  const visit = (value: unknown, pointer: string, id: string): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    let base = id;
    if (isObject(value)) {
      const { $id, $anchor, $dynamicAnchor } = value;
      if (typeof $id === 'string') {
        base = $id.replace(/#$/, '');
        add(base, { value, pointer });
      }
      for (const anchor of [$anchor, $dynamicAnchor]) {
        if (typeof anchor !== 'string') continue;
        add(`#${anchor}`, { value, pointer });
        if (base) add(`${base}#${anchor}`, { value, pointer });
      }
    }
    for (const [key, child] of Object.entries(value)) visit(child, joinPointer(pointer, key), base);
  };
  const components = isObject(root.components) ? root.components : {};
  visit(components.schemas, pointerOf('components', 'schemas'), '');
  return found;
}

/** The result of `dereference`, or why it failed. */
export type Dereferenced = Target | { readonly problem: Problem };

/** The parts of a document that are needed to follow references. */
export type Referable = Pick<ApiDocument, 'root' | 'version' | 'pointers' | 'problems'>;

/**
 * Follows `$ref`s to a value (Reference Object, OpenAPI 3.1.1 §4.8.23): `summary` and `description` next to a `$ref`
 * override those of the value, other siblings are ignored. A node without `$ref` is its own value.
 *
 * Not for Schema Objects, whose siblings of `$ref` apply: use {@link resolvePointer} there.
 *
 * @param pointer the pointer of `node`, for the problem
 */
export function dereference(document: Referable, node: unknown, pointer: string): Dereferenced {
  return follow(document, node, pointer, ['summary', 'description']);
}

/** A Path Item Object's `$ref` (§4.8.9): fields next to it apply, and override those of the target. */
export function dereferencePathItem(document: Referable, node: unknown, pointer: string): Dereferenced {
  return follow(document, node, pointer, 'all');
}

function follow(document: Referable, node: unknown, pointer: string, kept: readonly string[] | 'all'): Dereferenced {
  // Most values.
  if (!isObject(node) || !Object.hasOwn(node, '$ref')) return { value: node, pointer };
  const siblings: Record<string, unknown>[] = [];
  const seen = new Set<unknown>();
  let target: Target = { value: node, pointer };
  while (isObject(target.value) && Object.hasOwn(target.value, '$ref')) {
    const { $ref, ...rest } = target.value;
    const where = userPointer(document, target.value, target.pointer);
    if (typeof $ref !== 'string') return { problem: problem('BAD_REF', where, '`$ref` is not a string.') };
    if (seen.has(target.value)) {
      return { problem: problem('CIRCULAR_REF', userPointer(document, node, pointer), circle(document, $ref)) };
    }
    seen.add(target.value);
    siblings.push(kept === 'all' ? rest : pick(rest, kept));
    const next = lookUp(document.root, $ref);
    if ('missing' in next) return { problem: unresolved(document, $ref, next, where) };
    target = next;
  }
  return { value: withSiblings(document, target, siblings), pointer: target.pointer };
}

function withSiblings(document: Referable, target: Target, siblings: readonly Record<string, unknown>[]): unknown {
  if (!isObject(target.value) || !siblings.some((fields) => Object.keys(fields).length)) return target.value;
  // The first reference takes precedence.
  const layers = [target.value, ...siblings.toReversed()];
  const value = Object.fromEntries(layers.flatMap((fields) => Object.entries(fields)));
  document.pointers.set(value, userPointer(document, target.value, target.pointer));
  return value;
}

function pick(object: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([key]) => keys.includes(key)));
}

function unresolved(document: Referable, ref: string, { missing, siblings }: Nowhere, pointer: string): Problem {
  // Bundling has already reported why a file could not be read: reuse the same problem, so that it is reported once.
  const known = document.problems.find((other) => other.pointer === pointer && other.code.includes('REF'));
  if (known) return known;
  const near = nearest(missing, siblings);
  const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
  return problem('UNRESOLVED_REF', pointer, `"${asWritten(document, ref)}" does not exist.${hint}`);
}

const circle = (document: Referable, ref: string): string => `"${asWritten(document, ref)}" leads back to itself.`;

/** The 2.0 equivalents of the sections under `components`. */
const PLACES_IN_2: Readonly<Record<string, string>> = {
  schemas: 'definitions',
  parameters: 'parameters',
  responses: 'responses',
  securitySchemes: 'securityDefinitions',
};

/** A reference in the reader's words: `other.yaml#/Pet` for a bundled file, `#/definitions/Pet` in 2.0. */
function asWritten(document: Referable, ref: string): string {
  const [first, second, ...rest] = segmentsOf(ref) ?? [];
  if (first === undefined || second === undefined) return ref;
  if (first === 'components' && document.version.startsWith('2')) {
    return pointerOf(PLACES_IN_2[second] ?? second, ...rest);
  }
  const files = document.root[BUNDLED_FILES];
  if (first !== BUNDLED_FILES || !isObject(files)) return ref;
  const file = files[second];
  const origin = typeof file === 'object' && file !== null ? document.pointers.get(file) : undefined;
  return joinPointer(origin ?? `${second}#`, ...rest);
}

/** The pointer of a value in the user's own file: `pointer`, unless `parse` has moved it. */
export function userPointer(document: Pick<ApiDocument, 'pointers'>, value: unknown, pointer: string): string {
  return (typeof value === 'object' && value !== null && document.pointers.get(value)) || pointer;
}
