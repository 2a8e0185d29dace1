import { errorResult } from './errors.ts';
import type { CallContext, ExchangeReport, Provider, ToolCall, ToolResult } from './provider.ts';
import { resultText } from './result-text.ts';

/** The HTTP request of a call, without secrets. */
export type PreviewedRequest = ExchangeReport['request'];

/** The key of a previewed request in the `_meta` of a result. */
const REQUEST_KEY = 'openapi-mcp/request';

/** The result of a previewed call. */
export const previewResult = (request: PreviewedRequest): ToolResult => ({
  content: [{ type: 'text', text: `${request.method} ${request.url}` }],
  _meta: { [REQUEST_KEY]: request },
});

/** The result of a call that has no request of its own: a hand-written tool, or one of another server. */
export const notPreviewed = (name: string): ToolResult =>
  errorResult(`"${name}" is not an operation of an API, so there is no HTTP request to show. It was not called.`);

/**
 * The HTTP request that a tool call would send. Arguments are validated and hooks that change them run, but nothing is
 * sent: tokens that would have to be fetched are placeholders, and requests that are signed have no signature.
 *
 * @returns what prevents the call, in words and as its result, if it would fail before it sends a request
 * @throws ProviderError `TOOL_NOT_FOUND`, `INSUFFICIENT_SCOPE`
 */
export async function previewCall(
  provider: Provider,
  call: ToolCall,
  context: CallContext,
): Promise<{ readonly request: PreviewedRequest } | { readonly problem: string; readonly result: ToolResult }> {
  const result = provider.previews
    ? await provider.callTool(call, { ...context, preview: true })
    : notPreviewed(call.name);
  // Only the runtime of an API writes it: providers of other processes get no previews.
  const request = result._meta?.[REQUEST_KEY] as PreviewedRequest | undefined;
  if (request !== undefined && !result.isError) return { request };
  return { problem: resultText(result), result };
}
