import { isObject, type Reader } from './reader.ts';

/**
 * Measures the schema of an answer without converting it: how many bytes of JSON its listed form must at least have,
 * whatever its words, for names and types alone are counted. `Infinity` as soon as that is more than `longest`, so that
 * the walk of a large schema ends early.
 */
export function createLeastSize(longest: number, reader: Reader): (schema: unknown) => number {
  /** What a reference leads to is in whatever refers to it: one that is too long by itself ends every walk. */
  const known = new Map<string, number>();
  return (schema) => measure(schema, 0);

  /** @param depth of references whose targets are being measured by themselves */
  function measure(schema: unknown, depth: number): number {
    let size = 0;
    const visited = new Set<string>();
    const open: unknown[] = [schema];
    while (open.length > 0 && size <= longest) {
      const value = open.pop();
      if (!isObject(value)) continue;
      if (typeof value.$ref === 'string') {
        // As `"$ref":"#/$defs/…"`, and what it leads to once.
        size += 18;
        if (targetSize(value.$ref, depth) > longest) size = Number.POSITIVE_INFINITY;
        else if (!visited.has(value.$ref)) open.push(reader.lookUp(value.$ref));
        visited.add(value.$ref);
      }
      if (typeof value.type === 'string') size += value.type.length + 9;
      if (isObject(value.properties)) {
        for (const name of Object.keys(value.properties)) {
          const property = value.properties[name];
          if (isObject(property) && property.writeOnly === true) continue;
          size += name.length + 5;
          if (size > longest) break;
          open.push(property);
        }
      }
      if (value.items !== undefined && !Array.isArray(value.items)) open.push(value.items);
      if (value.additionalProperties !== undefined) open.push(value.additionalProperties);
      for (const keyword of CHOICES)
        if (Array.isArray(value[keyword])) for (const part of value[keyword]) open.push(part);
    }
    return size > longest ? Number.POSITIVE_INFINITY : size;
  }

  /** 0 for one that is too deep to be measured by itself, or is met again below itself. */
  function targetSize(ref: string, depth: number): number {
    const told = known.get(ref);
    if (told !== undefined || depth >= MOST_NESTED) return told ?? 0;
    known.set(ref, 0);
    const size = measure(reader.lookUp(ref), depth + 1);
    known.set(ref, size);
    return size;
  }
}

/** References within references are measured on the call stack to this depth. */
const MOST_NESTED = 32;

const CHOICES = ['allOf', 'anyOf', 'oneOf'] as const;
