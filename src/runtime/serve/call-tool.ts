import { errorResult, isProviderError, isQuestionAsked, messageOf } from '../errors.ts';
import type { CallContext, Provider, ToolCall, ToolResult } from '../provider.ts';

/**
 * Calls a tool of the provider. What it throws is the tool's failure, and the model's to read, unless the request
 * itself was wrong.
 *
 * @throws ProviderError where the request was wrong.
 */
export async function callTool(
  provider: Provider,
  call: ToolCall,
  context: CallContext,
  onError: (error: Error) => void,
): Promise<ToolResult> {
  try {
    return await provider.callTool(call, context);
  } catch (error) {
    if (isProviderError(error) || isQuestionAsked(error) || context.signal.aborted) throw error;
    onError(asError(error));
    return errorResult(`The tool "${call.name}" failed: ${messageOf(error)}`);
  }
}

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(messageOf(thrown));
}
