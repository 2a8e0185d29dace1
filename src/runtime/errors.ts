import { type Outcome, outcomeMeta, outcomeOf } from './outcome.ts';
import { ProviderError, type ProviderErrorCode, type ToolResult } from './provider.ts';

/** The message of any thrown value. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error && thrown.message) return thrown.message;
  if (typeof thrown === 'string' && thrown) return thrown;
  // An Error of another realm, or one without a message.
  const message = (thrown as { readonly message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' && message ? message : String(thrown);
}

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(messageOf(thrown));
}

/** The `code` of any thrown value: errors of another copy of this runtime are recognised by it. */
export function codeOf(thrown: unknown): unknown {
  return (thrown as { readonly code?: unknown } | null | undefined)?.code;
}

const PROVIDER_CODES: ReadonlySet<unknown> = new Set<ProviderErrorCode>([
  'TOOL_NOT_FOUND',
  'RESOURCE_NOT_FOUND',
  'PROMPT_NOT_FOUND',
  'INVALID_ARGUMENTS',
  'INSUFFICIENT_SCOPE',
  'READ_FAILED',
]);

/** The request itself was invalid: a `ProviderError` of this or another copy of the runtime. */
export function isProviderError(thrown: unknown): thrown is ProviderError {
  return PROVIDER_CODES.has(codeOf(thrown));
}

/** Thrown on purpose, for the model. */
export function isToolError(thrown: unknown): boolean {
  return codeOf(thrown) === 'TOOL_ERROR';
}

/**
 * The call has stopped to ask the client something, and will run again with the answer: see
 * `serve/call/questions.ts`.
 */
export function isQuestionAsked(thrown: unknown): boolean {
  return codeOf(thrown) === 'QUESTION_ASKED';
}

/** A failed tool call, as the model sees it. */
export function errorResult(message: string): ToolResult {
  return { content: [{ type: 'text', text: message }], isError: true };
}

/** The outcome of a thrown value: its own, or that it was thrown for the model. */
export function outcomeOfThrown(thrown: unknown): Outcome | undefined {
  return outcomeOf(thrown) ?? (isToolError(thrown) ? { error: 'TOOL_ERROR' } : undefined);
}

/** A failed tool call with its outcome, for programs. */
export function failedWith(message: string, outcome: Outcome | undefined): ToolResult {
  return { ...errorResult(message), ...(outcome && { _meta: outcomeMeta(outcome) }) };
}

/** A call error as a failed tool result, with its outcome. */
export const failedResult = (error: unknown): ToolResult => failedWith(messageOf(error), outcomeOfThrown(error));

/** Invalid arguments, as a tool result. */
export const misfit = (message: string): ToolResult =>
  failedWith(`Invalid arguments: ${message}`, { error: 'INVALID_ARGUMENTS' });

/** A failed read, prompt or completion, which have no `isError`. */
export function readFailed(message: string): ProviderError {
  return new ProviderError('READ_FAILED', message);
}
