import { derived } from '../derived.ts';
import { failedResult, isProviderError } from '../errors.ts';
import { lackingScopes } from '../lacking-scopes.ts';
import { OptionError } from '../options/option-error.ts';
import { notPreviewed } from '../preview.ts';
import type { CallContext, Provider, ScopedRequest, Tool, ToolResult } from '../provider.ts';
import { remembered } from '../remembered.ts';
import { listNow } from './known-names.ts';

/** A tool that a transform adds, with its function. */
export interface AddedTool {
  readonly tool: Tool;
  /** Invalid requests become failed results, for the model to read. */
  call(args: Readonly<Record<string, unknown>>, context: CallContext): Promise<ToolResult>;
  /** The request to the provider that a call makes: the tool needs its scopes. */
  readonly makes?: (args: Readonly<Record<string, unknown>>) => ScopedRequest | undefined;
}

/**
 * Adds tools to a provider. If two tools have the same name later on, listing fails with an error that names it.
 *
 * @throws OptionError if a tool with that name already exists. Looks once, in the list that an anonymous caller sees,
 *   unless it is not available at the moment.
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
    ...(provider.lackingScopes && {
      async lackingScopes(request, context) {
        const own = request.method === 'tools/call' ? byName.get(request.params.name) : undefined;
        const made = own && request.method === 'tools/call' ? own.makes?.(request.params.arguments) : request;
        return made && lackingScopes(provider, made, context);
      },
    }),
    async callTool(call, context) {
      const own = byName.get(call.name);
      if (!own) return provider.callTool(call, context);
      if (context.preview) return notPreviewed(call.name);
      try {
        return await own.call(call.arguments, context);
      } catch (error) {
        if (!isProviderError(error)) throw error;
        return failedResult(error);
      }
    },
  });
}
