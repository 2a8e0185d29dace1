import { ProtocolError, ProtocolErrorCode, SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client';
import { isProviderError, isQuestionAsked, isToolError, messageOf, readFailed } from '../../errors.ts';
import { withOutcome } from '../../outcome.ts';
import type { ProviderError } from '../../provider.ts';
import { notAuthorizedIn } from './auth/not-authorized.ts';
import { RemoteUnavailable } from './connection.ts';
import { isConnectionLoss } from './connection-loss.ts';
import { reasonOf } from './reason.ts';

/**
 * Converts a failed request to a remote server to an error for our own client: a `READ_FAILED` with the reason, and the
 * outcome for programs. Errors that are already meant for the client, or for internal use, are unchanged.
 *
 * @param task in the reader's words: `the tool "search"`
 */
export function remoteFailure(request: FailedRequest, error: unknown): unknown {
  if (isProviderError(error) || isToolError(error) || isQuestionAsked(error)) return error;
  // For programs that look for the HTTP status.
  return Object.assign(failureOf(request, error), { cause: error });
}

interface FailedRequest {
  readonly label: string;
  readonly task: string;
  readonly timeoutMs: number;
}

function failureOf({ label, task, timeoutMs }: FailedRequest, error: unknown): ProviderError {
  if (error instanceof RemoteUnavailable) return withOutcome(readFailed(error.message), error.outcome);
  const refusal = notAuthorizedIn(error);
  if (refusal !== undefined) {
    const message = `The MCP server "${label}" did not run ${task}: ${refusal.message}. ${refusal.hint}`;
    return withOutcome(readFailed(message), { error: refusal.code });
  }
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) {
    const message = `The MCP server "${label}" did not respond to ${task} within ${timeoutMs} ms.`;
    return withOutcome(readFailed(message), { error: 'TIMEOUT' });
  }
  if (isConnectionLoss(error)) {
    const message = `The MCP server "${label}" disconnected during ${task}: ${reasonOf(error)}. The call may or may not have run.`;
    return withOutcome(readFailed(message), { error: 'CONNECTION_LOST' });
  }
  if (error instanceof ProtocolError && error.code === ProtocolErrorCode.MissingRequiredClientCapability) {
    const incapable = readFailed(
      `The MCP server "${label}" requires input for ${task}, but the client does not support it: ${messageOf(error)}`,
    );
    return withOutcome(incapable, { error: 'MISSING_CAPABILITY', requires: requiredBy(error) });
  }
  const failure = readFailed(`The MCP server "${label}" rejected ${task}: ${reasonOf(error)}`);
  return withOutcome(failure, error instanceof SdkHttpError ? { status: error.status } : undefined);
}

/** The client lacks the capability (MCP 2026-07-28, error -32021). */
function requiredBy({ data }: ProtocolError): readonly string[] {
  const { requiredCapabilities } = (data ?? {}) as { readonly requiredCapabilities?: object };
  return Object.keys(requiredCapabilities ?? {});
}

/** The request names something that the server does not have, or violates its schema. */
export function isInvalidParams(error: unknown): boolean {
  return (
    error instanceof ProtocolError &&
    (error.code === ProtocolErrorCode.InvalidParams || error.code === RESOURCE_NOT_FOUND_2025)
  );
}

/** Up to 2025-11-25, a missing resource has its own error code. */
const RESOURCE_NOT_FOUND_2025 = -32002;
