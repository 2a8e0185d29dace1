import { isRecord } from '../../is-record.ts';

/** A request as an {@link AuthHandler} sees it: everything but its own credential is final. */
export interface AuthRequest {
  /** Name of the security scheme. */
  readonly scheme: string;
  readonly method: string;
  /** Absolute and fully encoded. The path and query are sent byte for byte. */
  readonly url: string;
  /** Names as they are sent. `Host` and `Content-Length` are not among them: they follow from the rest. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** All bytes of the body, `undefined` if there is none. No request is streamed, so they are always in memory. */
  readonly body: Uint8Array | undefined;
  /** Aborts with the call. */
  readonly signal: AbortSignal;
}

/** What an {@link AuthHandler} adds to a request. A header, parameter or cookie of the same name is replaced. */
export interface AuthAdditions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Not encoded: names and values are percent-encoded when they are sent. */
  readonly query?: Readonly<Record<string, string>>;
  readonly cookies?: Readonly<Record<string, string>>;
  /**
   * What to hide in results and logs if the API echoes it. Default: every added value, without its auth scheme too, and
   * each parameter in it that looks like a secret.
   */
  readonly secrets?: readonly string[];
}

export interface AuthResponse {
  readonly status: number;
  /** Names in lower case; a repeated header occurs repeatedly. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/**
 * Authenticates the requests of one security scheme, of any type: signatures by HMAC are the usual case. It runs after
 * everything else of a request is final, for each request to the API's own origin: also for a retry, and for a redirect
 * within the origin. A redirect to another origin carries nothing that it added.
 *
 * If a method throws, the call fails with `SIGNING_FAILED`, which names the scheme and the place of the error but not its
 * message, which may contain a secret. The message of a `ToolError` reaches the model.
 */
export interface AuthHandler {
  authorize(request: AuthRequest): AuthAdditions | Promise<AuthAdditions>;
  /**
   * Sees the response to a request that it authorized. Returning true after a 401 asks to authorize and send the request
   * once more: once in a call, whatever the second response is.
   *
   * @param request the same object that `authorize` got
   */
  onResponse?(response: AuthResponse, request: AuthRequest): boolean | undefined | Promise<boolean | undefined>;
  /** Values to hide wherever they occur in results and logs, such as the key of a signature. */
  readonly secrets?: readonly string[];
}

export function isAuthHandler(value: unknown): value is AuthHandler {
  return isRecord(value) && typeof value.authorize === 'function';
}
