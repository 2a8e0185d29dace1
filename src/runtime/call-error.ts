/**
 * The catalogue of call errors. A call error reaches the model as a tool result with `isError`, so that it can retry;
 * it names tool, method and URL, never a secret.
 */
export const CALL_ERRORS = {
  INVALID_ARGUMENTS: 'The arguments do not match the tool’s input schema. No request was sent.',
  UNSAFE_ARGUMENT: 'An argument would change the request into another one. No request was sent.',
  MISSING_CREDENTIAL: 'The operation requires a credential that is not configured. No request was sent.',
  CREDENTIAL_REFUSED: 'The authorization server did not issue a token. No request was sent to the API.',
  SIGNING_FAILED: 'The handler that authenticates requests failed.',
  FORBIDDEN_ADDRESS: 'The request would go to an address that is not allowed. No request was sent.',
  FILE_REFUSED: 'A file argument cannot be read, or is not allowed. No request was sent.',
  HOOK_FAILED: 'A hook rejected the call, or failed.',
  HTTP_STATUS: 'The API responded with an error status.',
  REDIRECT_REFUSED: 'The API redirected to an address that is not allowed.',
  TIMEOUT: 'The API did not respond in time.',
  CANCELLED: 'The client cancelled the call.',
  CONNECTION_REFUSED: 'Nothing is listening at the API’s address.',
  CONNECTION_LOST: 'The API closed the connection before the response was complete.',
  HOST_NOT_FOUND: 'The API’s host name does not resolve.',
  TLS_FAILED: 'The secure connection to the API failed.',
  NETWORK_FAILED: 'The API cannot be reached.',
  ANSWER_TOO_LARGE: 'The response is larger than the limit.',
  ANSWER_UNREADABLE: 'The response cannot be decoded.',
  NOT_RECORDED: 'The recordings have no response to the request. No request was sent.',
  NOT_DECLARED: 'The document does not declare the response to make up. No request was sent.',
} as const;

export type CallErrorCode = keyof typeof CALL_ERRORS;

export class CallError extends Error {
  override readonly name = 'CallError';
  readonly code: CallErrorCode;
  /** What to do about it. */
  readonly hint?: string;
  constructor(code: CallErrorCode, message: string, { hint, cause }: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause });
    this.code = code;
    if (hint !== undefined) this.hint = hint;
  }
}
