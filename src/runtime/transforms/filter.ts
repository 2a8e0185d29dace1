import { provenHints } from '../claimed-hints.ts';
import type { Provider } from '../provider.ts';
import { type FilterRule, matchesAny } from './filter-rule.ts';
import { selection } from './selection.ts';

export type { FilterRule } from './filter-rule.ts';

export interface FilterOptions {
  /** Only what one of these matches is kept. Default: everything. */
  readonly include?: readonly FilterRule[];
  /** What one of these matches is left out, also where it is included. */
  readonly exclude?: readonly FilterRule[];
}

/**
 * The provider with some of what it offers. What is left out can neither be seen nor called.
 *
 * ```ts
 * filter(shop, { include: [{ name: 'pets_*' }], exclude: [{ annotations: { destructiveHint: true } }] });
 * ```
 *
 * @throws TypeError where a rule says nothing: it would match everything.
 */
export function filter(provider: Provider, { include, exclude = [] }: FilterOptions): Provider {
  const isIncluded = include && matchesAny(include);
  const isExcluded = matchesAny(exclude);
  return selection(provider, (part) => (isIncluded?.(part) ?? true) && !isExcluded(part));
}

/**
 * The provider without the tools that may change something: only those with `readOnlyHint` stay, of a remote server only
 * where `trustHints` of `fromMcp()` trusts it. Resources and prompts only read.
 */
export function readOnly(provider: Provider): Provider {
  return selection(provider, ({ kind, item }) => kind !== 'tool' || provenHints(item).readOnlyHint === true);
}
