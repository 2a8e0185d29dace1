/** What a verified access token says about its caller. */
export interface VerifiedToken {
  /** Who vouches for the subject: `iss` of the token, or a name for verifiers without one. */
  readonly issuer: string;
  /** Unique per issuer only. */
  readonly subject: string;
  /** The program that the token was issued to, if the token says so. */
  readonly clientId?: string;
  readonly scopes: readonly string[];
  /** Seconds since 1970. Absent if it does not expire. */
  readonly expiresAt?: number;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Verifies the access tokens of one issuer. */
export interface TokenVerifier {
  /** Issuer identifiers of the authorization servers whose tokens it accepts (RFC 9728 §2); empty for static keys. */
  readonly authorizationServers: readonly string[];
  /**
   * Whether this verifier decides about the token, judged by its form and unverified issuer. The first of several that
   * claims a token decides alone: a token it rejects is not tried with the next one.
   */
  claims(token: string): boolean | Promise<boolean>;
  /** `false`: it verifies without asking anybody, so its tokens are verified each time, and end at once when revoked. */
  readonly cached?: false;
  /**
   * @throws InvalidTokenError if the token is not valid for this server
   * @throws VerifierUnavailableError if this cannot be determined now
   */
  verify(token: string): Promise<VerifiedToken>;
  /**
   * The token with which a server may act on behalf of a caller that this verifier has verified; `undefined` if there is
   * none. Default: the verified token itself.
   *
   * @throws InvalidTokenError, VerifierUnavailableError
   */
  tokenFor?(caller: VerifiedToken): Promise<string | undefined>;
}

/** The token is expired, forged, revoked or meant for somebody else. The message may be shown to the caller. */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError';
}

/** The verifier cannot reach its provider: the token may be valid. The message is for the operator. */
export class VerifierUnavailableError extends Error {
  override readonly name = 'VerifierUnavailableError';
  /** When to try again, in seconds. */
  readonly retryAfter: number;
  constructor(message: string, { retryAfter = 10, cause }: { retryAfter?: number; cause?: unknown } = {}) {
    super(message, { cause });
    this.retryAfter = retryAfter;
  }
}
