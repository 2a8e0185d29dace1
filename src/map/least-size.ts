import { resolvePointer } from '../parse/references.ts';
import { isObject, type Reader } from './reader.ts';

/**
 * Measures the schema of an answer without converting it: how many bytes of JSON its listed form must at least have,
 * whatever its words, for names and types alone are counted. `Infinity` as soon as that is more than `longest`, so that
 * the walk of a large schema ends early.
 */
export function createLeastSize(longest: number, reader: Reader): (schema: unknown) => number {
  const targets = new Map<string, unknown>();
  return measure;

  function target(ref: string): unknown {
    if (!targets.has(ref)) targets.set(ref, resolvePointer(reader.document.root, ref)?.value);
    return targets.get(ref);
  }

  function measure(schema: unknown): number {
    let size = 0;
    const visited = new Set<string>();
    const open: unknown[] = [schema];
    while (open.length > 0 && size <= longest) {
      const value = open.pop();
      if (!isObject(value)) continue;
      if (typeof value.$ref === 'string') {
        // As `"$ref":"#/$defs/…"`, and what it leads to once.
        size += 18;
        if (!visited.has(value.$ref)) open.push(target(value.$ref));
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
}

const CHOICES = ['allOf', 'anyOf', 'oneOf'] as const;
