import { isRecord } from '../../is-record.ts';
import { isPrimitive, primitiveText } from './primitive.ts';

/**
 * The pairs of a `deepObject` value (OpenAPI 3.1.1 "Style Values"), with unencoded names and values: `color[R]`, `100`.
 *
 * The specification does not define lists and deeper objects. They are written as jQuery.param does and Stripe
 * documents (`expand[]=customer`, `items[0][price]=…`), which PHP, qs and Rack read the same way: deeper objects add a
 * bracket, a list of primitives repeats `name[]`, and a list of objects or lists numbers its items, because only a
 * number keeps the members of one item together. `null` and empty values are omitted, as in RFC 6570 §2.3.
 */
export function deepObjectPairs(name: string, value: unknown): (readonly [name: string, text: string])[] {
  if (isPrimitive(value)) return [[name, primitiveText(value)]];
  if (isRecord(value))
    return Object.entries(value).flatMap(([key, member]) => deepObjectPairs(`${name}[${key}]`, member));
  if (!Array.isArray(value)) return [];
  const flat = value.every((item) => item === null || isPrimitive(item));
  return value.flatMap((item, index) => deepObjectPairs(`${name}[${flat ? '' : index}]`, item));
}
