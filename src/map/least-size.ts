import { resolvePointer } from '../parse/references.ts';
import { isObject, type Reader } from './reader.ts';

/**
 * Tells whether the listed form of an answer's schema must be longer than `longest` bytes of JSON, whatever its words:
 * names and types alone are counted, and the walk ends as soon as it is known. So a large schema that will not be listed
 * need not be converted to find that out.
 */
export function createLengthCheck(longest: number, reader: Reader): (schema: unknown) => boolean {
  /** Whether what a reference leads to is too long by itself, and so whatever refers to it. */
  const known = new Map<string, boolean>();
  return (schema) => isTooLong(schema);

  function isTooLong(schema: unknown): boolean {
    let left = longest;
    const visited = new Set<string>();
    spend(schema);
    return left < 0;

    function spend(value: unknown): void {
      if (left < 0 || !isObject(value)) return;
      if (typeof value.$ref === 'string') refer(value.$ref);
      if (typeof value.type === 'string') left -= value.type.length + 9;
      if (isObject(value.properties)) {
        for (const name of Object.keys(value.properties)) {
          const property = value.properties[name];
          if (isObject(property) && property.writeOnly === true) continue;
          left -= name.length + 5;
          spend(property);
          if (left < 0) return;
        }
      }
      if (value.items !== undefined && !Array.isArray(value.items)) spend(value.items);
      if (value.additionalProperties !== undefined) spend(value.additionalProperties);
      for (const keyword of CHOICES) if (Array.isArray(value[keyword])) for (const part of value[keyword]) spend(part);
    }

    /** As `"$ref":"#/$defs/…"`, and what it leads to once. */
    function refer(ref: string): void {
      left -= 18;
      if (left < 0 || visited.has(ref)) return;
      visited.add(ref);
      if (isTargetTooLong(ref)) left = -1;
      else spend(resolvePointer(reader.document.root, ref)?.value);
    }
  }

  function isTargetTooLong(ref: string): boolean {
    const told = known.get(ref);
    if (told !== undefined) return told;
    // For a reference that is met again below itself.
    known.set(ref, false);
    const tooLong = isTooLong(resolvePointer(reader.document.root, ref)?.value);
    known.set(ref, tooLong);
    return tooLong;
  }
}

const CHOICES = ['allOf', 'anyOf', 'oneOf'] as const;
