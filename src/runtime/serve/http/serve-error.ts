export type ServeErrorCode =
  | 'TOKEN_REQUIRED'
  | 'BAD_AUTH'
  | 'PUBLIC_URL_REQUIRED'
  | 'PORT_IN_USE'
  | 'CANNOT_LISTEN'
  | 'BAD_PATH'
  | 'STORE_KEY_REQUIRED';

/** The server cannot start. The message says what to do. */
export class ServeError extends Error {
  override readonly name = 'ServeError';
  readonly code: ServeErrorCode;
  constructor(code: ServeErrorCode, message: string, { cause }: { cause?: unknown } = {}) {
    super(message, { cause });
    this.code = code;
  }
}
