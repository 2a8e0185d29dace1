import { isObject, type Reader } from './reader.ts';

/**
 * Measures the schema of a response without converting it: a lower bound for the bytes of JSON in its listed form,
 * counting names and types but no texts. `Infinity` as soon as it exceeds `longest`, so that the walk of a large schema
 * stops early.
 */
export function createLeastSize(longest: number, reader: Reader): (schema: unknown) => number {
  /** The size of a target is part of every schema that refers to it: a target that is too long stops every walk. */
  const known = new Map<string, number>();
  return (schema) => measure(schema, 0);

  /** @param depth number of nested references whose targets are being measured */
  function measure(schema: unknown, depth: number): number {
    let size = 0;
    const visited = new Set<string>();
    const open: unknown[] = [schema];
    while (open.length > 0 && size <= longest) {
      const value = open.pop();
      if (!isObject(value)) continue;
      if (typeof value.$ref === 'string') {
        // The reference itself, `"$ref":"#/$defs/…"`, and its target once.
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

  /** 0 if the reference is nested too deeply, or leads back to itself. */
  function targetSize(ref: string, depth: number): number {
    const told = known.get(ref);
    if (told !== undefined || depth >= MOST_NESTED) return told ?? 0;
    known.set(ref, 0);
    const size = measure(reader.lookUp(ref), depth + 1);
    known.set(ref, size);
    return size;
  }
}

/** References in references are measured recursively up to this depth. */
const MOST_NESTED = 32;

const CHOICES = ['allOf', 'anyOf', 'oneOf'] as const;
