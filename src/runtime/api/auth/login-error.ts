export const LOGIN_ERRORS = {
  LOGIN_UNSUPPORTED: 'The document or the authorization server offers no usable way to log in.',
  LOGIN_METADATA_INVALID: 'The metadata of the authorization server cannot be trusted or used.',
  LOGIN_UNDISCOVERABLE: 'The MCP server does not say where to log in.',
  LOGIN_CLIENT_MISSING: 'The authorization server requires a registered client, and none is given.',
  LOGIN_REFUSED: 'The person or the authorization server refused the login.',
  LOGIN_TIMEOUT: 'Nobody logged in within the time limit.',
  LOGIN_UNREACHABLE: 'The authorization server cannot be reached.',
} as const;

export type LoginErrorCode = keyof typeof LOGIN_ERRORS;

/** A login that did not succeed. Its message contains no code, token or secret. */
export class LoginError extends Error {
  override readonly name = 'LoginError';
  readonly code: LoginErrorCode;
  /** What to do about it. */
  readonly hint?: string;
  constructor(code: LoginErrorCode, message: string, { hint, cause }: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause });
    this.code = code;
    if (hint !== undefined) this.hint = hint;
  }
}
