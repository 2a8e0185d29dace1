import { provenHints } from '../claimed-hints.ts';
import { checkProvider } from '../compose/check-provider.ts';
import { type FilterRule, matchesAny, RULE } from '../filter-rule.ts';
import { declareOptions } from '../options/declare-options.ts';
import { OptionError } from '../options/option-error.ts';
import { listOf } from '../options/option-kinds.ts';
import type { Provider } from '../provider.ts';
import { listNow } from './known-names.ts';
import { partsOf, selection } from './selection.ts';

export type { FilterRule } from '../filter-rule.ts';

export interface FilterOptions {
  /** Keep only items that match one of these. Default: everything. */
  readonly include?: readonly FilterRule[];
  /** Exclude items that match one of these, even if they are included. */
  readonly exclude?: readonly FilterRule[];
}

const checked = declareOptions<FilterOptions>(
  'filter()',
  { include: listOf('rules', RULE), exclude: listOf('rules', RULE) },
  { hints: { only: 'Write "include".' }, example: "filter(api, { include: [{ name: 'pets_*' }] })" },
);

/**
 * Keeps only some items of a provider. Excluded items can be neither listed nor called.
 *
 * ```ts
 * filter(shop, { include: [{ name: 'pets_*' }], exclude: [{ annotations: { destructiveHint: true } }] });
 * ```
 *
 * @throws OptionError if a rule has no conditions: it would match everything
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
 * Like `filter`, but every rule must match something. Looks once, in the lists unless
 * they are not available at the moment.
 *
 * @throws OptionError that names the rule that matches nothing
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
 * Removes tools that may change something: keeps only those with `readOnlyHint`; of a remote server only if `fromMcp()`
 * has `trustHints`. Resources and prompts are always read-only.
 */
export function readOnly(provider: Provider): Provider {
  checkProvider(provider, 'provider', 'The first argument of readOnly()');
  return selection(provider, ({ kind, item }) => kind !== 'tool' || provenHints(item).readOnlyHint === true);
}
