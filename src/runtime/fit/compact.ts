import { checkProvider } from '../compose/check-provider.ts';
import { derived } from '../derived.ts';
import { OptionError } from '../options/option-error.ts';
import type { Provider, Tool } from '../provider.ts';
import { remembered } from '../remembered.ts';
import { type CompactOptions, checkedOptions, compacter } from './compact-tool.ts';
import { describeTools, describeToolsTool } from './describe-tools.ts';

/**
 * Lists the same tools in fewer tokens: without what is not needed to call them (titles, output schemas, examples,
 * limits that no call reaches), with the first sentence of each text, and with repeated schemas once. Required
 * arguments, enums, defaults and small limits stay.
 *
 * Calls are unchanged: the provider validates arguments against the complete schema.
 *
 * ```ts
 * compact(shop, { toolText: 200 });
 * ```
 *
 * @throws OptionError if an option is invalid
 */
export function compact(provider: Provider, options: CompactOptions = {}): Provider {
  checkProvider(provider, 'provider', 'The first argument of compact()');
  const given = checkedOptions(options);
  const made = compacter(given);
  const describe = given.longestSchema === undefined ? undefined : describeToolsTool({ call: 'its own name' });
  const shown = remembered((list: readonly Tool[]) => {
    if (describe && list.some(({ name }) => name === describe.name))
      throw new OptionError(`A tool "${describe.name}" already exists. Rename it, because compact() adds one.`);
    return Object.freeze([...list.map(made), ...(describe && list.length > 0 ? [describe] : [])]);
  });
  return derived(provider, {
    listTools: async (context) => shown(await provider.listTools(context)),
    callTool: (call, context) =>
      describe && call.name === describe.name
        ? describeTools(provider, call.arguments, context)
        : provider.callTool(call, context),
  });
}
