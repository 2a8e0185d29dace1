import { isObject, joinPointer, type Located, type Node, type Reader } from './reader.ts';

export interface Part {
  /** Keys and indices from the root of the body. */
  readonly path: readonly (string | number)[];
  /** Picks one of the schemas that the schema of the part is composed of. */
  readonly isMeant: (schema: Node) => boolean;
}

/** JSON pointer of the schema that describes a part of a body; of the nearest part around it that is described. */
export function valuePointer({ value, pointer }: Located, { path, isMeant }: Part, reader: Reader): string {
  const root = reader.object(value.schema, joinPointer(pointer, 'schema'));
  if (!root) return pointer;
  let at = root;
  for (const key of path) {
    const next = schemaOf(key, at, reader);
    if (!next) break;
    at = next;
  }
  for (const part of composedOf(at, reader)) if (isMeant(part.value)) return part.pointer;
  return at.pointer;
}

/** How many schemas of one value are searched. */
const MOST_PARTS = 50;

/** A schema, and those that it is composed of. */
function* composedOf(schema: Located, reader: Reader): Generator<Located, undefined> {
  const waiting = [schema];
  for (let searched = 0; searched < MOST_PARTS; searched++) {
    const next = waiting.shift();
    if (!next) return;
    yield next;
    const { value, pointer } = next;
    for (const keyword of ['allOf', 'anyOf', 'oneOf'])
      for (const [index, part] of listOf(value[keyword]).entries()) {
        const located = isObject(part) ? reader.object(part, joinPointer(pointer, keyword, index)) : undefined;
        if (located) waiting.push(located);
      }
  }
}

/** The schema of a member or item: in the schema itself, or in one that it is composed of. */
function schemaOf(key: string | number, schema: Located, reader: Reader): Located | undefined {
  for (const { value, pointer } of composedOf(schema, reader))
    for (const place of placesOf(key, value)) {
      const found = place.reduce<unknown>((part, name) => (isContainer(part) ? part[name] : undefined), value);
      if (isObject(found)) return reader.object(found, joinPointer(pointer, ...place));
    }
  return undefined;
}

const isContainer = (value: unknown): value is Node => typeof value === 'object' && value !== null;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function placesOf(key: string | number, { properties }: Node): readonly (readonly string[])[] {
  if (typeof key === 'number') return [['prefixItems', String(key)], ['items', String(key)], ['items']];
  return isObject(properties) && Object.hasOwn(properties, key) ? [['properties', key]] : [['additionalProperties']];
}
