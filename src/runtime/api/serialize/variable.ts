import { isRecord } from '../../is-record.ts';
import { jsonText } from './json-text.ts';
import { isPrimitive, primitiveText } from './primitive.ts';

/** A value in terms of RFC 6570 §2.3. `undefined` includes `null`, the empty list and a map without defined members. */
export type Variable =
  | { readonly kind: 'undefined' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [key: string, text: string])[] };

const UNDEFINED: Variable = { kind: 'undefined' };

/**
 * Converts a JSON value to a variable of RFC 6570. Members that are `null` are also undefined, so they are omitted
 * (§2.3, §3.2.1). A list or map nested in another, which RFC 6570 does not define, becomes JSON text.
 */
export function variable(value: unknown): Variable {
  if (isPrimitive(value)) return { kind: 'text', text: primitiveText(value) };
  if (Array.isArray(value)) {
    const items = value.map(memberText).filter((text) => text !== undefined);
    return items.length ? { kind: 'list', items } : UNDEFINED;
  }
  if (!isRecord(value)) return UNDEFINED;
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

/** `R,100,G,200`: the members of a list, or the keys and values of a map alternately (RFC 6570 §3.2.1, without `*`). */
export function flat(variable: Extract<Variable, { kind: 'list' | 'map' }>): readonly string[] {
  return variable.kind === 'list' ? variable.items : variable.entries.flat();
}
