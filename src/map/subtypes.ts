import { getOwn } from '../model/index.ts';
import { segmentsOf } from '../parse/references.ts';
import { isObject, joinPointer, type Node, type Reader } from './reader.ts';

/** The possible subtypes of values of a parent schema (OpenAPI 3.0.3, 3.1.1 Discriminator Object). */
export interface Subtypes {
  /** The name of the discriminator property. */
  readonly property: string;
  readonly children: readonly Subtype[];
  /** Values of the property that mean the parent itself: the values of its `enum` that no child has. */
  readonly ofParent: readonly string[];
}

export interface Subtype {
  readonly ref: string;
  /** Values of the property that mean this subtype; empty if its schema fixes the property itself. */
  readonly names: readonly string[];
}

export interface SubtypeIndex {
  /** The subtypes of a schema with a `discriminator`; `undefined` if it has none, or no known children. */
  of(schema: Node): Subtypes | undefined;
  /** Whether there are subtypes, known or not: values may have properties that the schema does not list. */
  isParent(schema: Node): boolean;
  /**
   * Whether a child inherits from its parent through this reference: then the value is not one of the other children.
   */
  isInherited(reference: object): boolean;
}

/** Larger hierarchies (Azure has some) would fill the entire tool list, so there the parent is kept as written. */
const MOST_SUBTYPES = 100;

interface Child {
  readonly ref: string;
  readonly schema: Node;
}

/** The schemas of the components, and their inheritance. */
interface Family {
  readonly components: Node;
  /** The target of a reference, following bare references. */
  target(ref: unknown): Node | undefined;
  inheritance(): Inheritance;
}

export function createSubtypeIndex(reader: Reader): SubtypeIndex {
  const family = createFamily(reader);
  const found = new WeakMap<object, Subtypes | 'none'>();
  return {
    of(schema) {
      if (!isObject(schema.discriminator)) return undefined;
      const known = found.get(schema) ?? subtypesOf(schema, schema.discriminator, family) ?? 'none';
      found.set(schema, known);
      return known === 'none' ? undefined : known;
    },
    isParent(schema) {
      const { discriminator } = schema;
      if (!isObject(discriminator) || typeof discriminator.propertyName !== 'string') return false;
      const isMapped = isObject(discriminator.mapping) && Object.keys(discriminator.mapping).length > 0;
      return isMapped || family.inheritance().children.has(schema);
    },
    isInherited: (reference) => family.inheritance().references.has(reference),
  };
}

function createFamily({ document: { root }, lookUp }: Reader): Family {
  const components = isObject(root.components) && isObject(root.components.schemas) ? root.components.schemas : {};
  let inheritance: Inheritance | undefined;
  const target = (ref: unknown): Node | undefined => {
    let value = typeof ref === 'string' ? lookUp(ref) : undefined;
    for (let step = 0; step < 8 && isObject(value) && typeof value.$ref === 'string' && isBare(value); step++)
      value = lookUp(value.$ref);
    return isObject(value) ? value : undefined;
  };
  return {
    components,
    target,
    inheritance() {
      inheritance ??= inheritanceOf(components, target);
      return inheritance;
    },
  };
}

function subtypesOf(parent: Node, discriminator: Node, family: Family): Subtypes | undefined {
  const property = discriminator.propertyName;
  if (typeof property !== 'string') return undefined;
  const mapped = mappingOf(discriminator, family);
  const heirs = descendants(parent, family.inheritance().children);
  const choices = choicesOf(parent, family);
  // A parent that lists its children only counts as one if at least one of them inherits from it.
  if (choices && !choices.some((choice) => heirs.some(({ schema }) => schema === choice.schema))) return undefined;
  const children = choices ?? distinct([...mapped.map(({ child }) => child), ...heirs]);
  const others = children.filter(({ schema }) => schema !== parent && !leadsTo(parent, schema, family));
  if (others.length === 0 || others.length > MOST_SUBTYPES) return undefined;
  const namesOf = (schema: Node) => mapped.filter(({ child }) => child.schema === schema).map(({ name }) => name);
  const subtypes = others.map(({ ref, schema }): Subtype => {
    const explicit = namesOf(schema);
    const names = explicit.length ? explicit : implicitNames(ref, schema);
    return { ref, names: fitting(names, allowed(schema, property, family)) };
  });
  const left = choices ? [] : leftOver(allowed(parent, property, family), subtypes);
  return { property, children: subtypes, ofParent: [...namesOf(parent), ...left] };
}

/** Whether `schema` contains `parent` other than by inheritance: then it is not a subtype. */
function leadsTo(parent: Node, schema: unknown, family: Family, visited = new Set<unknown>()): boolean {
  if (!isObject(schema) || visited.has(schema)) return false;
  visited.add(schema);
  const referred = family.target(schema.$ref);
  const isInherited = family.inheritance().references.has(schema) && isObject(referred?.discriminator);
  if (referred && !isInherited && (referred === parent || leadsTo(parent, referred, family, visited))) return true;
  return [schema.allOf, schema.anyOf, schema.oneOf].some(
    (parts) => Array.isArray(parts) && parts.some((part) => leadsTo(parent, part, family, visited)),
  );
}

/** A mapping is the name of a component, or a reference to a schema. */
function mappingOf(
  { mapping }: Node,
  { components, target }: Family,
): readonly { readonly name: string; readonly child: Child }[] {
  if (!isObject(mapping)) return [];
  return Object.entries(mapping).flatMap(([name, written]) => {
    if (typeof written !== 'string') return [];
    const ref = Object.hasOwn(components, written) ? componentRef(written) : written;
    const schema = target(ref);
    return schema ? [{ name, child: { ref, schema } }] : [];
  });
}

function choicesOf({ oneOf, anyOf }: Node, { target }: Family): readonly Child[] | undefined {
  const written = Array.isArray(oneOf) ? oneOf : Array.isArray(anyOf) ? anyOf : undefined;
  return written?.flatMap((choice): Child[] => {
    const ref = isObject(choice) ? choice.$ref : undefined;
    const schema = target(ref);
    return typeof ref === 'string' && schema ? [{ ref, schema }] : [];
  });
}

/** The value of Azure's extension, otherwise the name of the component. */
function implicitNames(ref: string, schema: Node): readonly string[] {
  const own = schema['x-ms-discriminator-value'];
  if (typeof own === 'string') return [own];
  const segments = segmentsOf(ref) ?? [];
  const name = segments.length === 3 && segments[1] === 'schemas' ? segments[2] : undefined;
  return name === undefined ? [] : [name];
}

/** The values of the property that the schema itself allows. */
function allowed(schema: Node, property: string, family: Family, depth = 0): readonly unknown[] | undefined {
  if (depth > 8) return undefined;
  const own = isObject(schema.properties) ? getOwn(schema.properties, property) : undefined;
  const listed = isObject(own) ? valuesOf(own, family) : undefined;
  const parts = [schema, ...(Array.isArray(schema.allOf) ? schema.allOf : [])].flatMap((part: unknown) => {
    if (!isObject(part)) return [];
    const inner = typeof part.$ref === 'string' ? family.target(part.$ref) : part === schema ? undefined : part;
    return inner ? [allowed(inner, property, family, depth + 1)] : [];
  });
  return [listed, ...parts].reduce((a, b) => (a && b ? a.filter((value) => b.includes(value)) : (a ?? b)), undefined);
}

function valuesOf(schema: Node, family: Family): readonly unknown[] | undefined {
  if (typeof schema.$ref === 'string') {
    const inner = family.target(schema.$ref);
    return inner && typeof inner.$ref !== 'string' ? valuesOf(inner, family) : undefined;
  }
  if (schema.const !== undefined) return [schema.const];
  return Array.isArray(schema.enum) ? schema.enum : undefined;
}

/** The values of a parent that no child has. */
function leftOver(values: readonly unknown[] = [], children: readonly Subtype[]): readonly string[] {
  if (children.some(({ names }) => names.length === 0)) return [];
  const taken = new Set(children.flatMap(({ names }) => names));
  return values.filter((value): value is string => typeof value === 'string' && !taken.has(value));
}

/** Names in the spelling of the schema: `Circle` if it lists `circle`; empty if it does not list them. */
function fitting(names: readonly string[], listed: readonly unknown[] | undefined): readonly string[] {
  if (listed === undefined) return names;
  const exact = names.filter((name) => listed.includes(name));
  if (exact.length) return exact;
  const plain = (name: unknown) =>
    String(name)
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '');
  const near = names.flatMap((name) => listed.filter((value) => plain(value) === plain(name)));
  return near.filter((value): value is string => typeof value === 'string');
}

interface Inheritance {
  /** By parent: the components that have it in their `allOf`. */
  readonly children: ReadonlyMap<object, readonly Child[]>;
  /** These references. */
  readonly references: WeakSet<object>;
}

function inheritanceOf(components: Node, target: Family['target']): Inheritance {
  const children = new Map<object, Child[]>();
  const links: { readonly reference: Node; readonly parent: Node; readonly child: Node }[] = [];
  for (const [name, schema] of Object.entries(components)) {
    if (!isObject(schema)) continue;
    for (const reference of inheritedReferences(schema)) {
      const parent = target(reference.$ref);
      if (!parent || parent === schema) continue;
      children.set(parent, [...(children.get(parent) ?? []), { ref: componentRef(name), schema }]);
      links.push({ reference, parent, child: schema });
    }
  }
  const references = new WeakSet<object>();
  // Schemas that inherit from each other form a circle and are not parent and child.
  for (const { reference, parent, child } of links)
    if (!descendants(child, children).some(({ schema }) => schema === parent)) references.add(reference);
  return { children, references };
}

function inheritedReferences({ allOf }: Node, depth = 0): readonly Node[] {
  if (!Array.isArray(allOf) || depth > 4) return [];
  return allOf.flatMap((part: unknown) => {
    if (!isObject(part)) return [];
    return typeof part.$ref === 'string' ? [part] : inheritedReferences(part, depth + 1);
  });
}

/** All descendants, each once, in document order. */
function descendants(parent: object, children: ReadonlyMap<object, readonly Child[]>): readonly Child[] {
  const all = new Map<object, Child>();
  const waiting = [parent];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
    for (const child of children.get(next) ?? [])
      if (!all.has(child.schema)) {
        all.set(child.schema, child);
        waiting.push(child.schema);
      }
  return [...all.values()];
}

const distinct = (children: readonly Child[]): readonly Child[] =>
  [...new Map([...children].reverse().map((child) => [child.schema, child])).values()].reverse();

const componentRef = (name: string): string => joinPointer('#', 'components', 'schemas', name);

const isBare = (value: object): boolean => Object.keys(value).length === 1;
