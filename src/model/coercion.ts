import type { JsonValue } from './json-schema.ts';

/**
 * A place in the arguments where a profile lists strings instead of the exact values (for a provider that only supports
 * string enums): the exact values are restored before validation.
 */
export interface Coercion {
  readonly path: readonly CoercionStep[];
  /** listed text → exact value */
  readonly values: Readonly<Record<string, JsonValue>>;
}
export type CoercionStep = { readonly property: string } | 'items';
