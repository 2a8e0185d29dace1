import type { JsonValue } from './json-schema.ts';

/**
 * A place of the arguments where a profile shows texts instead of the exact values (a provider that knows no other
 * enums than those of strings): what was given is put back before it is validated.
 */
export interface Coercion {
  readonly path: readonly CoercionStep[];
  /** text as shown → exact value */
  readonly values: Readonly<Record<string, JsonValue>>;
}
export type CoercionStep = { readonly property: string } | 'items';
