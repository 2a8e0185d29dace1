import { provenHints } from '../claimed-hints.ts';
import { checkProvider } from '../compose/check-provider.ts';
import { declareOptions } from '../options/declare-options.ts';
import { OptionError } from '../options/option-error.ts';
import { listOf } from '../options/option-kinds.ts';
import type { Provider } from '../provider.ts';
import { type FilterRule, matchesAny, RULE } from './filter-rule.ts';
import { listNow } from './known-names.ts';
import { partsOf, selection } from './selection.ts';

export type { FilterRule } from './filter-rule.ts';

export interface FilterOptions {
  /** Only what one of these matches is kept. Default: everything. */
  readonly include?: readonly FilterRule[];
  /** What one of these matches is left out, also where it is included. */
  readonly exclude?: readonly FilterRule[];
}

const checked = declareOptions<FilterOptions>(
  'filter()',
  { include: listOf('rules', RULE), exclude: listOf('rules', RULE) },
  { hints: { only: 'Write "include".' }, example: "filter(api, { include: [{ name: 'pets_*' }] })" },
);

/**
 * The provider with some of what it offers. What is left out can neither be seen nor called.
 *
 * ```ts
 * filter(shop, { include: [{ name: 'pets_*' }], exclude: [{ annotations: { destructiveHint: true } }] });
 * ```
 *
 * @throws OptionError where a rule says nothing: it would match everything.
 */
export function filter(provider: Provider, options: FilterOptions): Provider {
  checkProvider(provider, 'provider', 'The first argument of filter()');
  const { include, exclude = [] } = checked(options);
  if (!include && !options?.exclude) {
    throw new OptionError('filter() requires "include" or "exclude".');
  }
  const isIncluded = include && matchesAny(include);
  const isExcluded = matchesAny(exclude);
  return selection(provider, (part) => (isIncluded?.(part) ?? true) && !isExcluded(part));
}

/**
 * The same, where every rule must match something. Looks once, at the lists that a caller without a name is shown, unless
 * they cannot be had at the moment.
 *
 * @throws OptionError that names the rule that matches nothing.
 */
export async function checkedFilter(provider: Provider, options: FilterOptions): Promise<Provider> {
  const filtered = filter(provider, options);
  const parts = await listNow((context) => partsOf(provider, context));
  const idle = [...(options.include ?? []), ...(options.exclude ?? [])].find(
    (rule) => !parts?.some(matchesAny([rule])),
  );
  if (parts && idle) throw new OptionError(`No tool, resource or prompt matches the rule ${JSON.stringify(idle)}.`);
  return filtered;
}

/**
 * The provider without the tools that may change something: only those with `readOnlyHint` stay, of a remote server only
 * where `trustHints` of `fromMcp()` trusts it. Resources and prompts only read.
 */
export function readOnly(provider: Provider): Provider {
  checkProvider(provider, 'provider', 'The first argument of readOnly()');
  return selection(provider, ({ kind, item }) => kind !== 'tool' || provenHints(item).readOnlyHint === true);
}
