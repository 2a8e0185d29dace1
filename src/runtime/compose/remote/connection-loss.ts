import { SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client';
import { isStreamEnd } from './http-transport.ts';

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

/** `fetch` of Node and of browsers says so; a TypeError may also concern what was to be sent. */
const NETWORK_FAILURE = /fetch|network|terminated|load failed/i;

/** A gateway in front of the server does not reach it, for example while the server restarts. */
const GATEWAY_FAILURES: ReadonlySet<unknown> = new Set([502, 503, 504]);

/** The server does not know the session (Streamable HTTP, session management): it did not look at the request. */
export function isSessionEnd(error: unknown): boolean {
  return error instanceof SdkHttpError && error.status === 404;
}

/** The server has certainly not seen the request: its session had ended, or nothing accepted the connection. */
export function wasNotSent(error: unknown): boolean {
  return isSessionEnd(error) || (error instanceof Error && causes(error).some(isRefusal));
}

/**
 * Failures of looking up a name and of opening a connection; what fails later has another code, such as `ECONNRESET`.
 */
const REFUSALS: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

const isRefusal = (error: Error): boolean =>
  REFUSALS.has((error as NodeJS.ErrnoException).code) ||
  // A host with several addresses, each of which was tried.
  (error instanceof AggregateError && error.errors.length > 0 && error.errors.every((each) => isRefusal(each)));

/** The error and its causes, the innermost last. */
function causes(error: Error): readonly Error[] {
  return error.cause instanceof Error ? [error, ...causes(error.cause)] : [error];
}
