import { isObject, joinPointer, type Located, type Reader } from './reader.ts';

type Path = readonly (string | number)[];

/** JSON pointer of the schema that describes a part of a body; of the nearest part around it that is described. */
export function valuePointer({ value, pointer }: Located, path: Path, reader: Reader): string {
  const root = reader.object(value.schema, joinPointer(pointer, 'schema'));
  if (!root) return pointer;
  let at = root;
  for (const key of path) {
    const next = schemaOf(key, at, reader);
    if (!next) break;
    at = next;
  }
  return at.pointer;
}

/** How many schemas of one value are searched. */
const MOST_PARTS = 50;

/** The schema of a member or item: in the schema itself, or in one that it is composed of. */
function schemaOf(key: string | number, schema: Located, reader: Reader): Located | undefined {
  const waiting = [schema];
  for (let searched = 0; waiting.length > 0 && searched < MOST_PARTS; searched++) {
    const { value, pointer } = waiting.shift() as Located; // not empty
    for (const place of placesOf(key, value)) {
      const found = place.reduce<unknown>((part, name) => (isContainer(part) ? part[name] : undefined), value);
      if (isObject(found)) return reader.object(found, joinPointer(pointer, ...place));
    }
    for (const keyword of ['allOf', 'anyOf', 'oneOf'])
      for (const [index, part] of listOf(value[keyword]).entries()) {
        const located = isObject(part) ? reader.object(part, joinPointer(pointer, keyword, index)) : undefined;
        if (located) waiting.push(located);
      }
  }
  return undefined;
}

const isContainer = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function placesOf(key: string | number, { properties }: Located['value']): readonly (readonly string[])[] {
  if (typeof key === 'number') return [['prefixItems', String(key)], ['items', String(key)], ['items']];
  return isObject(properties) && Object.hasOwn(properties, key) ? [['properties', key]] : [['additionalProperties']];
}
