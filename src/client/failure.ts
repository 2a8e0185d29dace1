import { SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client';
import { isStreamEnd } from '../runtime/compose/remote/http-transport.ts';

const LOST: ReadonlySet<SdkErrorCode> = new Set([
  SdkErrorCode.ConnectionClosed,
  SdkErrorCode.NotConnected,
  SdkErrorCode.SendFailed,
]);

/** The connection that the request was sent over is lost. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof SdkHttpError) return isSessionEnd(error) || GATEWAY_FAILURES.has(error.status);
  if (isStreamEnd(error)) return true;
  if (error instanceof SdkError) return LOST.has(error.code);
  return error instanceof TypeError && NETWORK_FAILURE.test(error.message);
}

/** The messages of `fetch` in Node and in browsers; other TypeErrors may concern the request itself. */
const NETWORK_FAILURE = /fetch|network|terminated|load failed/i;

/** A proxy or load balancer does not reach the server: for example, while it restarts. */
const GATEWAY_FAILURES: ReadonlySet<unknown> = new Set([502, 503, 504]);

/**
 * Whether the server has certainly not received the request: it does not know the session (Streamable HTTP, session
 * management), or the connection was refused.
 */
export function wasNotSent(error: unknown): boolean {
  return isSessionEnd(error) || (error instanceof Error && causes(error).some(isRefusal));
}

const isSessionEnd = (error: unknown): boolean => error instanceof SdkHttpError && error.status === 404;

/** Errors of name resolution and of opening a connection. Later failures have other codes, such as `ECONNRESET`. */
const REFUSALS: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

const isRefusal = (error: Error): boolean =>
  REFUSALS.has((error as NodeJS.ErrnoException).code) ||
  // A host with several addresses, each of which was tried.
  (error instanceof AggregateError && error.errors.length > 0 && error.errors.every((each) => isRefusal(each)));

/** The error and its causes, innermost last. */
function causes(error: Error): readonly Error[] {
  return error.cause instanceof Error ? [error, ...causes(error.cause)] : [error];
}
