import { asError, codeOf, errorResult, isProviderError, isQuestionAsked, messageOf } from '../../errors.ts';
import { toolNamed } from '../../origin-meta.ts';
import {
  type CallContext,
  type Provider,
  ProviderError,
  type Tool,
  type ToolCall,
  type ToolResult,
} from '../../provider.ts';
import { nearest } from '../../text/nearest.ts';

/**
 * Calls a tool of the provider. Errors become failed results for the model, unless the request itself was invalid.
 *
 * @throws ProviderError if the request was invalid
 */
export async function callTool(
  provider: Provider,
  call: ToolCall,
  context: CallContext,
  onError: (error: Error) => void,
): Promise<ToolResult> {
  try {
    return await callNamed(provider, call, context);
  } catch (error) {
    if (isProviderError(error) || isQuestionAsked(error) || context.signal.aborted) throw error;
    onError(asError(error));
    return errorResult(`The tool "${call.name}" failed: ${messageOf(error)}`);
  }
}

/** An unlisted name may be the operationId of a tool; otherwise the error has a suggestion. */
async function callNamed(provider: Provider, call: ToolCall, context: CallContext): Promise<ToolResult> {
  try {
    return await provider.callTool(call, context);
  } catch (error) {
    if (codeOf(error) !== 'TOOL_NOT_FOUND') throw error;
    const tools = await provider.listTools(context).catch((): readonly Tool[] => []);
    // Listed names have already been tried.
    if (tools.some(({ name }) => name === call.name)) throw error;
    const { name } = toolNamed(tools, call.name) ?? {};
    if (name !== undefined) return await provider.callTool({ ...call, name }, { calledAs: call.name, ...context });
    const message = messageOf(error);
    const close = message.includes('Did you mean')
      ? undefined
      : nearest(
          call.name,
          tools.map((tool) => tool.name),
        );
    throw close === undefined ? error : new ProviderError('TOOL_NOT_FOUND', `${message} Did you mean "${close}"?`);
  }
}
