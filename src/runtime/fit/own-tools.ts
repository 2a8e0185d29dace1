import { failedResult, isProviderError } from '../errors.ts';
import type { CallContext, Provider, ToolResult } from '../provider.ts';

/** The tools of a mode, by name: they stand for those of the provider. */
export type OwnTools = Readonly<
  Record<string, (args: Readonly<Record<string, unknown>>, context: CallContext) => Promise<ToolResult>>
>;

/** Calls a tool of the mode, or another one of the provider. What the provider refuses is a failed result for the model. */
export function callingOwn(provider: Provider, own: OwnTools): Provider['callTool'] {
  return async (call, context) => {
    const perform = Object.hasOwn(own, call.name) ? own[call.name] : undefined;
    if (!perform) return provider.callTool(call, context);
    try {
      return await perform(call.arguments, context);
    } catch (error) {
      if (!isProviderError(error)) throw error;
      return failedResult(error);
    }
  };
}
