import { SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client';
import { isStreamEnd } from '../runtime/compose/remote/http-transport.ts';

const LOST: ReadonlySet<SdkErrorCode> = new Set([
  SdkErrorCode.ConnectionClosed,
  SdkErrorCode.NotConnected,
  SdkErrorCode.SendFailed,
]);

/** The connection that the request was sent over is gone. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof SdkHttpError) return isSessionEnd(error);
  if (isStreamEnd(error)) return true;
  if (error instanceof SdkError) return LOST.has(error.code);
  // What is neither of the protocol nor of the SDK is of the network: `TypeError: fetch failed`.
  return error instanceof TypeError;
}

/**
 * The server has surely not seen the request: it does not know the session (Streamable HTTP, session management), or
 * nobody was there to take the connection.
 */
export function wasNotSent(error: unknown): boolean {
  return isSessionEnd(error) || (error instanceof Error && causes(error).some(isRefusal));
}

const isSessionEnd = (error: unknown): boolean => error instanceof SdkHttpError && error.status === 404;

/** Failures of looking up a name and of opening a connection; what fails later has another code, as `ECONNRESET`. */
const REFUSALS: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

const isRefusal = (error: Error): boolean =>
  REFUSALS.has((error as NodeJS.ErrnoException).code) ||
  // A host with several addresses, each of which was tried.
  (error instanceof AggregateError && error.errors.length > 0 && error.errors.every((each) => isRefusal(each)));

/** The error and what caused it, the innermost last. */
function causes(error: Error): readonly Error[] {
  return error.cause instanceof Error ? [error, ...causes(error.cause)] : [error];
}
