import { type Problem, problem } from '../problems.ts';
import { isObject, type JsonObject } from './json.ts';
import { BUNDLED_FILES, pointerOf, resolvePointer, segmentsOf } from './references.ts';
import { Rewriter } from './rewrite.ts';

/** A schema that overrides an anchor needs a copy of each schema that uses it. Maximum number of copies. */
const MOST_COPIES = 1000;

/** The meaning of `$dynamicAnchor`s at a place: name → pointer of the schema. */
type Bindings = ReadonlyMap<string, string>;
const NO_BINDINGS: Bindings = new Map();

/**
 * Converts each `$dynamicRef` (JSON Schema 2020-12 core §8.2.3.2) to a `$ref`, so that later stages need not know about
 * dynamic scope. If a schema overrides an anchor of a schema that it references, it references a copy instead.
 *
 * Anchors belong to a schema resource, which is a schema with an `$id`. Few documents use one, so each component, each
 * bundled file and each schema with anchors in its `$defs` counts as a resource too.
 */
export function settleDynamicRefs(
  root: JsonObject,
  pointers: WeakMap<object, string>,
): { readonly root: JsonObject; readonly problems: readonly Problem[] } {
  const index = indexOf(root);
  if (!index.references.some(({ isDynamic }) => isDynamic)) return { root, problems: [] };
  const problems: Problem[] = [];
  const needs = overridableNames(root, index);
  const copies = new Copies(root);

  /** `outer`: bindings of the schemas on the way here. The outermost schema wins. */
  const rewriter = (outer: Bindings): Rewriter =>
    new Rewriter((object, { pointer, original }) => {
      const bindings = new Map([...bindingsAt(pointer, index), ...outer]);
      const edited = withStaticRefs(object, {
        fixed: (ref) => specialised(ref, bindings, pointer),
        dynamic: (ref) => specialised(meaningOf(ref, pointer, { root, index, bindings }), bindings, pointer),
      });
      if (edited !== object) pointers.set(edited, pointers.get(original) ?? pointer);
      return edited;
    });

  function specialised(ref: string, bindings: Bindings, pointer: string): string {
    const target = bindings.size === 0 ? undefined : resolvePointer(root, ref);
    const names = target && needs.get(target.pointer);
    if (!names) return ref;
    const own = bindingsAt(target.pointer, index);
    const overridden = [...bindings].filter(([name, place]) => names.has(name) && own.get(name) !== place);
    if (overridden.length === 0) return ref;
    const copy = copies.of(target.pointer, new Map(overridden));
    if (copy !== undefined) return copy;
    const message = `"$dynamicRef" would need more than ${MOST_COPIES} copies of schemas. This one is read as "$ref".`;
    problems.push(problem('UNSUPPORTED_SCHEMA_KEYWORD', pointer, message));
    return ref;
  }

  const settled = rewriter(NO_BINDINGS).root(root, '#');
  const specialisedSchemas: [string, unknown][] = [];
  // One copy may need another: a Map takes new entries while it is iterated.
  for (const { name, pointer, bindings } of copies.made.values()) {
    const value = resolvePointer(root, pointer)?.value;
    specialisedSchemas.push([name, rewriter(bindings).value(value, pointer)]);
  }
  return { root: withSchemas(settled, specialisedSchemas), problems };
}

interface Index {
  readonly references: readonly { readonly ref: string; readonly pointer: string; readonly isDynamic: boolean }[];
  /** Name → pointers of the schemas that have it as `$dynamicAnchor`, in the order of the document. */
  readonly anchors: ReadonlyMap<string, readonly string[]>;
  /** Pointer of a schema resource → its anchors that other resources also have. */
  readonly resources: ReadonlyMap<string, Map<string, string>>;
}

function indexOf(root: JsonObject): Index {
  const references: { ref: string; pointer: string; isDynamic: boolean }[] = [];
  const anchors = new Map<string, string[]>();
  const resources = new Map<string, Map<string, string>>();
  const visitor = new Rewriter((object, { pointer }) => {
    const { $ref, $dynamicRef, $dynamicAnchor: name } = object;
    if (typeof $ref === 'string') references.push({ ref: $ref, pointer, isDynamic: false });
    if (typeof $dynamicRef === 'string') references.push({ ref: $dynamicRef, pointer, isDynamic: true });
    if (typeof name === 'string') anchors.set(name, [...(anchors.get(name) ?? []), pointer]);
    if (isResource(object, pointer)) resources.set(pointer, new Map());
    return object;
  });
  visitor.root(root, '#');
  for (const [name, places] of anchors) {
    if (places.length < 2) continue; // it means the same everywhere
    for (const place of places) {
      const resource = enclosing(place).find((pointer) => resources.has(pointer));
      if (resource !== undefined) resources.get(resource)?.set(name, place);
    }
  }
  return { references, anchors, resources };
}

function isResource(object: JsonObject, pointer: string): boolean {
  if (typeof object.$id === 'string') return true;
  const segments = segmentsOf(pointer) ?? [];
  if (segments[0] === BUNDLED_FILES && segments.length === 2) return true;
  if (segments[0] === 'components' && segments[1] === 'schemas' && segments.length === 3) return true;
  const definitions = isObject(object.$defs) ? Object.values(object.$defs) : [];
  return definitions.some((schema) => isObject(schema) && typeof schema.$dynamicAnchor === 'string');
}

/** The pointer and those of its ancestors, innermost first. */
function enclosing(pointer: string): readonly string[] {
  const found: string[] = [];
  for (let end = pointer.length; end > 0; end = pointer.lastIndexOf('/', end - 1)) found.push(pointer.slice(0, end));
  return found;
}

/** The bindings of the resources around a place. */
function bindingsAt(pointer: string, { resources }: Index): Bindings {
  if (resources.size === 0) return NO_BINDINGS;
  return new Map(enclosing(pointer).flatMap((place) => [...(resources.get(place) ?? [])]));
}

interface Scope {
  readonly root: JsonObject;
  readonly index: Index;
  readonly bindings: Bindings;
}

/** The target of a dynamic reference. Without an initial `$dynamicAnchor` it is a plain reference. */
function meaningOf(ref: string, pointer: string, { root, index, bindings }: Scope): string {
  const name = ref.startsWith('#') ? ref.slice(1) : undefined;
  const around = enclosing(pointer).map((place) => index.resources.get(place)?.get(name ?? ''));
  const initial = around.find((place) => place !== undefined) ?? index.anchors.get(name ?? '')?.[0] ?? ref;
  const target = resolvePointer(root, initial);
  const anchor = isObject(target?.value) ? target.value.$dynamicAnchor : undefined;
  const isByName = typeof anchor === 'string' && ref.endsWith(`#${anchor}`);
  return isByName ? (bindings.get(anchor) ?? target?.pointer ?? ref) : ref;
}

interface Replacements {
  readonly fixed: (ref: string) => string;
  readonly dynamic: (ref: string) => string;
}

function withStaticRefs(object: JsonObject, { fixed, dynamic }: Replacements): JsonObject {
  const ref = typeof object.$ref === 'string' ? fixed(object.$ref) : undefined;
  if (typeof object.$dynamicRef !== 'string') return ref === object.$ref ? object : { ...object, $ref: ref };
  const { $dynamicRef, ...rest } = object;
  const settled = dynamic($dynamicRef as string);
  if (ref === undefined) return { ...rest, $ref: settled };
  const allOf = Array.isArray(rest.allOf) ? (rest.allOf as unknown[]) : [];
  return { ...rest, $ref: ref, allOf: [...allOf, { $ref: settled }] };
}

/** Pointer of a target → anchor names that a referring schema may override. */
function overridableNames(root: JsonObject, index: Index): ReadonlyMap<string, ReadonlySet<string>> {
  const isOverridable = (name: string): boolean => (index.anchors.get(name)?.length ?? 0) > 1;
  const edges = index.references.flatMap(({ ref, pointer, isDynamic }) => {
    const anchored = isDynamic ? index.anchors.get(ref.slice(ref.indexOf('#') + 1)) : undefined;
    const targets = anchored ?? [resolvePointer(root, ref)?.pointer].filter((target) => target !== undefined);
    return targets.map((target) => ({ pointer, target, name: anchored && ref.slice(ref.indexOf('#') + 1) }));
  });
  const targets = new Set(edges.map(({ target }) => target));
  /** Target → the targets whose schemas refer to it. */
  const users = new Map<string, Set<string>>();
  const needs = new Map<string, Set<string>>();
  const open: { readonly place: string; readonly name: string }[] = [];
  for (const { pointer, target, name } of edges) {
    const holders = enclosing(pointer).filter((place) => targets.has(place));
    const known = users.get(target) ?? new Set();
    for (const holder of holders) known.add(holder);
    users.set(target, known);
    if (name !== undefined && isOverridable(name)) {
      open.push(...holders.map((place) => ({ place, name })));
    }
  }
  for (let next = open.pop(); next; next = open.pop()) {
    const { place, name } = next;
    const known = needs.get(place) ?? new Set();
    if (known.has(name)) continue;
    needs.set(place, known.add(name));
    open.push(...[...(users.get(place) ?? [])].map((user) => ({ place: user, name })));
  }
  return needs;
}

interface Copy {
  readonly name: string;
  /** The schemas to copy. */
  readonly pointer: string;
  readonly bindings: Bindings;
}

/** The copies of schemas, each under its own name in the components. */
class Copies {
  readonly made = new Map<string, Copy>();
  private readonly taken: Set<string>;

  constructor(root: JsonObject) {
    const { components } = root;
    const schemas = isObject(components) && isObject(components.schemas) ? components.schemas : {};
    this.taken = new Set(Object.keys(schemas));
  }

  /** The pointer of a copy; `undefined` if there are too many. */
  of(pointer: string, bindings: Bindings): string | undefined {
    const key = [pointer, ...[...bindings].flat().sort()].join(' ');
    const known = this.made.get(key);
    if (!known && this.made.size >= MOST_COPIES) return undefined;
    const { name } = known ?? { name: this.freeName(pointer, bindings) };
    if (!known) this.made.set(key, { name, pointer, bindings });
    return pointerOf('components', 'schemas', name);
  }

  private freeName(pointer: string, bindings: Bindings): string {
    const [overriding = ''] = bindings.values();
    const stem = `${componentName(pointer)}_${componentName(overriding)}`;
    let name = stem;
    for (let n = 2; this.taken.has(name); n++) name = `${stem}_${n}`;
    this.taken.add(name);
    return name;
  }
}

function componentName(pointer: string): string {
  const segments = segmentsOf(pointer) ?? [];
  return (segments[0] === 'components' ? segments[2] : segments.at(-1)) ?? '';
}

function withSchemas(root: JsonObject, schemas: readonly (readonly [string, unknown])[]): JsonObject {
  if (schemas.length === 0) return root;
  const components = isObject(root.components) ? root.components : {};
  const known = isObject(components.schemas) ? components.schemas : {};
  return { ...root, components: { ...components, schemas: { ...known, ...Object.fromEntries(schemas) } } };
}
