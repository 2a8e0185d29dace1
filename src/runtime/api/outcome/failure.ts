import { CALL_ERRORS, CallError } from '../../call-error.ts';
import { type Outcome, outcomeMeta } from '../../outcome.ts';
import type { ToolResult } from '../../provider.ts';
import { safeUrl } from './safe-url.ts';

/** The failed call. `url` is absent if it failed before the request was built. */
export interface FailedCall {
  readonly toolName: string;
  readonly method: string;
  readonly url?: string;
}

/** A failed call as a tool result: code, message, hint; no stack, no query, no secrets. */
export function failureResult(error: unknown, call: FailedCall): ToolResult {
  return {
    content: [{ type: 'text', text: failureText(error, call) }],
    isError: true,
    _meta: outcomeMeta(failureOutcome(error)),
  };
}

/** The failure for programs: its code. */
export function failureOutcome(error: unknown): Outcome {
  return { error: isCallError(error) ? error.code : 'INTERNAL_ERROR' };
}

export function failureText(error: unknown, { toolName, method, url }: FailedCall): string {
  const where = url === undefined ? `tool "${toolName}"` : `tool "${toolName}", ${method} ${safeUrl(url)}`;
  if (!isCallError(error)) return `INTERNAL_ERROR: The call failed in this server, not in the API (${where}).`;
  const { code, message, hint } = error;
  return [`${code}: ${message} (${where})`, hint].filter(Boolean).join('\n');
}

/** Recognised by `code`, because the error may come from another copy of this runtime. */
function isCallError(error: unknown): error is CallError {
  if (error instanceof CallError) return true;
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    Object.hasOwn(CALL_ERRORS, error.code)
  );
}
