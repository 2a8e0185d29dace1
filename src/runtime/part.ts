import type { Prompt, Resource, ResourceTemplate, Tool } from './provider.ts';

/** One thing that a provider offers. */
export type Part =
  | { readonly kind: 'tool'; readonly item: Tool }
  | { readonly kind: 'resource'; readonly item: Resource }
  | { readonly kind: 'template'; readonly item: ResourceTemplate }
  | { readonly kind: 'prompt'; readonly item: Prompt };

export const PART_KINDS = ['tool', 'resource', 'template', 'prompt'] as const satisfies readonly Part['kind'][];
