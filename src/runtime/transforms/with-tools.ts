import { failedResult, isProviderError } from '../errors.ts';
import { OptionError } from '../options/option-error.ts';
import type { CallContext, Provider, Tool, ToolResult } from '../provider.ts';
import { remembered } from '../remembered.ts';
import { derived } from './derived.ts';
import { listNow } from './known-names.ts';

/** A tool that a transform adds, and what performs it. */
export interface AddedTool {
  readonly tool: Tool;
  /** Errors of the request become failures of the tool, for the model to read. */
  call(args: Readonly<Record<string, unknown>>, context: CallContext): Promise<ToolResult>;
}

/**
 * The provider with more tools. A list that has one name twice later on is an error that says which.
 *
 * @throws OptionError where there is a tool of that name already. Looks once, at the tools that a caller without a name is
 * shown, unless they cannot be listed at the moment.
 */
export async function withTools(provider: Provider, added: readonly AddedTool[]): Promise<Provider> {
  const byName = new Map(added.map((each) => [each.tool.name, each]));
  if (byName.size < added.length) throw new OptionError('Two added tools have the same name. Rename one.');
  const shown = remembered((list: readonly Tool[]) => {
    const twice = list.find(({ name }) => byName.has(name));
    if (twice) throw new OptionError(`A tool "${twice.name}" already exists. Rename the added one.`);
    return Object.freeze([...list, ...added.map(({ tool }) => tool)]);
  });
  const listed = await listNow((context) => provider.listTools(context));
  if (listed) shown(listed);
  return derived(provider, {
    listTools: async (context) => shown(await provider.listTools(context)),
    async callTool(call, context) {
      const own = byName.get(call.name);
      if (!own) return provider.callTool(call, context);
      try {
        return await own.call(call.arguments, context);
      } catch (error) {
        if (!isProviderError(error)) throw error;
        return failedResult(error);
      }
    },
  });
}
