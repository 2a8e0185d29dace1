import { resolvePointer } from '../parse/references.ts';
import { isObject, type Reader } from './reader.ts';

/**
 * Measures the schema of an answer without converting it: how many bytes of JSON its listed form must at least have,
 * whatever its words, for names and types alone are counted. `Infinity` as soon as that is more than `longest`, so that
 * the walk of a large schema ends early.
 */
export function createLeastSize(longest: number, reader: Reader): (schema: unknown) => number {
  /** What a reference leads to is in whatever refers to it: one that is too long by itself ends every walk. */
  const known = new Map<string, number>();
  const targets = new Map<string, unknown>();
  return measure;

  function target(ref: string): unknown {
    if (!targets.has(ref)) targets.set(ref, resolvePointer(reader.document.root, ref)?.value);
    return targets.get(ref);
  }

  function measure(schema: unknown): number {
    let size = 0;
    const visited = new Set<string>();
    add(schema);
    return size > longest ? Number.POSITIVE_INFINITY : size;

    function add(value: unknown): void {
      if (size > longest || !isObject(value)) return;
      if (typeof value.$ref === 'string') refer(value.$ref);
      if (typeof value.type === 'string') size += value.type.length + 9;
      if (isObject(value.properties)) {
        for (const name of Object.keys(value.properties)) {
          const property = value.properties[name];
          if (isObject(property) && property.writeOnly === true) continue;
          size += name.length + 5;
          add(property);
          if (size > longest) return;
        }
      }
      if (value.items !== undefined && !Array.isArray(value.items)) add(value.items);
      if (value.additionalProperties !== undefined) add(value.additionalProperties);
      for (const keyword of CHOICES) if (Array.isArray(value[keyword])) for (const part of value[keyword]) add(part);
    }

    /** As `"$ref":"#/$defs/…"`, and what it leads to once. */
    function refer(ref: string): void {
      size += 18;
      if (size > longest || visited.has(ref)) return;
      visited.add(ref);
      if (measureTarget(ref) > longest) size = Number.POSITIVE_INFINITY;
      else add(target(ref));
    }
  }

  function measureTarget(ref: string): number {
    const told = known.get(ref);
    if (told !== undefined) return told;
    // For a reference that is met again below itself.
    known.set(ref, 0);
    const size = measure(target(ref));
    known.set(ref, size);
    return size;
  }
}

const CHOICES = ['allOf', 'anyOf', 'oneOf'] as const;
