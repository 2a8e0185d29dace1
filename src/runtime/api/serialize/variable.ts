import { jsonText } from './json-text.ts';
import { isMap, isPrimitive, primitiveText } from './primitive.ts';

/** A value as RFC 6570 §2.3 sees it. `undefined` covers `null`, the empty list and the map without a defined member. */
export type Variable =
  | { readonly kind: 'undefined' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [key: string, text: string])[] };

const UNDEFINED: Variable = { kind: 'undefined' };

/**
 * A JSON value as a variable of RFC 6570. Members that are `null` are undefined too, and so left out (§2.3, §3.2.1). A
 * list or map within a list or map, for which RFC 6570 knows no form, stands as its JSON text.
 */
export function variable(value: unknown): Variable {
  if (isPrimitive(value)) return { kind: 'text', text: primitiveText(value) };
  if (Array.isArray(value)) {
    const items = value.map(memberText).filter((text) => text !== undefined);
    return items.length ? { kind: 'list', items } : UNDEFINED;
  }
  if (!isMap(value)) return UNDEFINED;
  const entries: [string, string][] = [];
  for (const [key, member] of Object.entries(value)) {
    const text = memberText(member);
    if (text !== undefined) entries.push([key, text]);
  }
  return entries.length ? { kind: 'map', entries } : UNDEFINED;
}

function memberText(value: unknown): string | undefined {
  if (isPrimitive(value)) return primitiveText(value);
  return value === null || value === undefined ? undefined : jsonText(value);
}

/** `R,100,G,200`: the members of a list, or the keys and values of a map in turn (RFC 6570 §3.2.1, without `*`). */
export function flat(variable: Extract<Variable, { kind: 'list' | 'map' }>): readonly string[] {
  return variable.kind === 'list' ? variable.items : variable.entries.flat();
}
