import { type Outcome, outcomeMeta, outcomeOf } from './outcome.ts';
import { ProviderError, type ProviderErrorCode, type ToolResult } from './provider.ts';

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error && thrown.message) return thrown.message;
  if (typeof thrown === 'string' && thrown) return thrown;
  // An Error of another realm, or one without a message.
  const message = (thrown as { readonly message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' && message ? message : String(thrown);
}

/** The `code` of whatever was thrown: errors of another copy of this runtime are told by it. */
export function codeOf(thrown: unknown): unknown {
  return (thrown as { readonly code?: unknown } | null | undefined)?.code;
}

const PROVIDER_CODES: ReadonlySet<unknown> = new Set<ProviderErrorCode>([
  'TOOL_NOT_FOUND',
  'RESOURCE_NOT_FOUND',
  'PROMPT_NOT_FOUND',
  'INVALID_ARGUMENTS',
  'READ_FAILED',
]);

/** The request itself was wrong: a `ProviderError`, of this or any other copy of the runtime. */
export function isProviderError(thrown: unknown): thrown is ProviderError {
  return PROVIDER_CODES.has(codeOf(thrown));
}

/** Thrown on purpose, for the model to read. */
export function isToolError(thrown: unknown): boolean {
  return codeOf(thrown) === 'TOOL_ERROR';
}

/** A call stopped to ask the client something, and will run again with the answer: see `serve/questions.ts`. */
export function isQuestionAsked(thrown: unknown): boolean {
  return codeOf(thrown) === 'QUESTION_ASKED';
}

/** A failed tool call, as the model sees it. */
export function errorResult(message: string): ToolResult {
  return { content: [{ type: 'text', text: message }], isError: true };
}

/** The outcome of whatever was thrown: the one it tells itself, or that it was thrown for the model to read. */
export function outcomeOfThrown(thrown: unknown): Outcome | undefined {
  return outcomeOf(thrown) ?? (isToolError(thrown) ? { error: 'TOOL_ERROR' } : undefined);
}

/** An error of a call, as the failed result of its tool, with the outcome that it tells. */
export function failedResult(error: unknown): ToolResult {
  const outcome = outcomeOfThrown(error);
  return { ...errorResult(messageOf(error)), ...(outcome && { _meta: outcomeMeta(outcome) }) };
}

/** What is wrong with the arguments, as the result of the tool. */
export function misfit(message: string): ToolResult {
  return { ...errorResult(`Invalid arguments: ${message}`), _meta: outcomeMeta({ error: 'INVALID_ARGUMENTS' }) };
}

/** A failed read, prompt or completion: these have no `isError`. */
export function readFailed(message: string): ProviderError {
  return new ProviderError('READ_FAILED', message);
}
