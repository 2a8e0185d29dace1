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
 * What kind of failure a request ended with, for a program that has to decide by it: `unauthorized` (the server wants
 * another credential), `unreachable`, `timeout`, `unknown` (the server has nothing of that name or URI), `invalid` (what was
 * sent is wrong), `failed` (it tried, and could not). `undefined` for what is none of the protocol.
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

/** Up to 2025-11-25 a resource that is not there has a code of its own. */
const RESOURCE_NOT_FOUND_2025 = -32002;

function isUnauthorized(error: unknown): boolean {
  if (error instanceof UnauthorizedError) return true;
  if (error instanceof SdkHttpError) return error.status === 401 || error.status === 403;
  return error instanceof Error && isUnauthorized(error.cause);
}
