import {
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { ConnectError } from './errors.ts';

/**
 * Classifies a failed request, for programs: `unauthorized` (the server requires another credential), `unreachable`,
 * `timeout`, `unknown` (no such name or URI), `invalid` (the request is wrong), `failed` (the server could not do it).
 * `undefined` for errors outside the protocol.
 */
export function failureKind(
  error: unknown,
): 'unauthorized' | 'unreachable' | 'timeout' | 'unknown' | 'invalid' | 'failed' | undefined {
  if (isUnauthorized(error)) return 'unauthorized';
  if (error instanceof ConnectError) return 'unreachable';
  if (error instanceof SdkError) return error.code === SdkErrorCode.RequestTimeout ? 'timeout' : 'unreachable';
  if (!(error instanceof ProtocolError)) return undefined;
  if (error instanceof ResourceNotFoundError || error.code === RESOURCE_NOT_FOUND_2025) return 'unknown';
  return error.code === ProtocolErrorCode.InvalidParams ? 'invalid' : 'failed';
}

/** Up to 2025-11-25, a missing resource has its own error code. */
const RESOURCE_NOT_FOUND_2025 = -32002;

function isUnauthorized(error: unknown): boolean {
  if (error instanceof UnauthorizedError) return true;
  if (error instanceof SdkHttpError) return error.status === 401 || error.status === 403;
  return error instanceof Error && isUnauthorized(error.cause);
}
