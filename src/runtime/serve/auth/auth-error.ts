export type AuthErrorCode =
  | 'UNKNOWN_AUTH_PROVIDER'
  | 'AUTH_PROVIDER_UNREACHABLE'
  | 'AUTH_ISSUER_MISMATCH'
  | 'AUTH_DISCOVERY_INVALID'
  | 'AUTH_OPTIONS_INVALID'
  | 'PUBLIC_URL_REQUIRED';

/** Authentication cannot be set up. The message says what to do. */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  readonly code: AuthErrorCode;
  constructor(code: AuthErrorCode, message: string, { cause }: { readonly cause?: unknown } = {}) {
    super(message, { cause });
    this.code = code;
  }
}
