import { resolvePointer } from '../parse/references.ts';
import { isObject, type Reader } from './reader.ts';

/**
 * Whether the listed form of an answer's schema must be longer than `longest` bytes of JSON, whatever its words: names
 * and types alone are counted, and the walk ends as soon as it is known. So a large schema that will not be listed need
 * not be converted to find that out.
 */
export function isLongerThan(schema: unknown, longest: number, reader: Reader): boolean {
  let left = longest;
  const visited = new Set<string>();
  spend(schema);
  return left < 0;

  function spend(value: unknown): void {
    if (left < 0 || !isObject(value)) return;
    if (typeof value.$ref === 'string') {
      // As `"$ref":"#/$defs/…"`, and what it refers to once.
      left -= 18;
      if (!visited.has(value.$ref)) {
        visited.add(value.$ref);
        spend(resolvePointer(reader.document.root, value.$ref)?.value);
      }
    }
    if (typeof value.type === 'string') left -= value.type.length + 9;
    if (isObject(value.properties)) {
      for (const [name, property] of Object.entries(value.properties)) {
        if (isObject(property) && property.writeOnly === true) continue;
        left -= name.length + 5;
        spend(property);
        if (left < 0) return;
      }
    }
    if (!Array.isArray(value.items)) spend(value.items);
    spend(value.additionalProperties);
    for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const)
      if (Array.isArray(value[keyword])) for (const part of value[keyword]) spend(part);
  }
}
