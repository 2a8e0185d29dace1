import { UnauthorizedError } from '@modelcontextprotocol/client';

export interface NotAuthorizedDetails {
  /** `MISSING_CREDENTIAL`: there is no token. `CREDENTIAL_REFUSED`: there is one, but it is not enough. */
  readonly code: 'MISSING_CREDENTIAL' | 'CREDENTIAL_REFUSED';
  /** What to do about it. */
  readonly hint: string;
  /** All scopes that a token needs, if it lacks some. Default: none. */
  readonly scopes?: readonly string[];
  readonly cause?: unknown;
}

/**
 * The server requires a token, or another token. Nothing was executed. A subclass of the SDK's error, which ends the
 * negotiation of the protocol version. The message contains no token.
 */
export class NotAuthorized extends UnauthorizedError {
  override readonly name = 'NotAuthorized';
  readonly code: NotAuthorizedDetails['code'];
  readonly hint: string;
  /** All scopes that a token needs, those of the present token included. Empty if scopes are not the reason. */
  readonly scopes: readonly string[];

  constructor(message: string, { code, hint, scopes = [], cause }: NotAuthorizedDetails) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.scopes = scopes;
    if (cause !== undefined) this.cause = cause;
  }
}

/** The error, or the one that caused it. */
export function notAuthorizedIn(error: unknown): NotAuthorized | undefined {
  if (error instanceof NotAuthorized) return error;
  return error instanceof Error ? notAuthorizedIn(error.cause) : undefined;
}
