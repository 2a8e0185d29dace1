import { type Digest, hexOf, webDigest } from './sha256.ts';
import { InvalidTokenError, type VerifiedToken } from './token-verifier.ts';

const MOST = 1_000;
/** How long a refused token is refused without asking again. */
const REFUSED_MS = 10_000;

export interface VerifiedTokensOptions {
  readonly cacheSeconds: number;
  readonly digest?: Digest;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Tokens that have just been verified, by their SHA-256; the oldest are dropped beyond 1,000. */
export class VerifiedTokens {
  readonly #flights = new Map<string, Promise<VerifiedToken>>();
  readonly #refused = new Map<string, { readonly error: InvalidTokenError; readonly until: number }>();
  readonly #held = new Map<string, { readonly token: VerifiedToken; readonly until: number }>();
  readonly #lifetime: number;
  readonly #digest: Digest;
  readonly #now: () => number;

  constructor({ cacheSeconds, digest = webDigest, now = Date.now }: VerifiedTokensOptions) {
    this.#lifetime = cacheSeconds * 1000;
    this.#digest = digest;
    this.#now = now;
  }

  /** Verifies a token once for all requests that carry it, and not again just after it was refused. */
  async verify(token: string, verify: () => Promise<VerifiedToken>): Promise<VerifiedToken> {
    const key = await this.#keyOf(token);
    const refused = this.#refused.get(key);
    if (refused && this.#now() < refused.until) throw refused.error;
    const flight = this.#flights.get(key) ?? this.#start(key, verify);
    return flight;
  }

  #start(key: string, verify: () => Promise<VerifiedToken>): Promise<VerifiedToken> {
    const flight = verify()
      .catch((error: unknown) => {
        if (error instanceof InvalidTokenError) this.#refuse(key, error);
        throw error;
      })
      .finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  #refuse(key: string, error: InvalidTokenError): void {
    this.#refused.delete(key);
    this.#refused.set(key, { error, until: this.#now() + REFUSED_MS });
    const [oldest] = this.#refused.keys();
    if (this.#refused.size > MOST && oldest !== undefined) this.#refused.delete(oldest);
  }

  async get(token: string): Promise<VerifiedToken | undefined> {
    const held = this.#held.get(await this.#keyOf(token));
    return held && this.#now() < held.until ? held.token : undefined;
  }

  /** Until it expires, or for the configured time if that is shorter. @returns the same token */
  async add(token: string, verified: VerifiedToken): Promise<VerifiedToken> {
    const expires = verified.expiresAt === undefined ? Number.POSITIVE_INFINITY : verified.expiresAt * 1000;
    const key = await this.#keyOf(token);
    this.#held.delete(key);
    this.#held.set(key, { token: verified, until: Math.min(this.#now() + this.#lifetime, expires) });
    const [oldest] = this.#held.keys();
    if (this.#held.size > MOST && oldest !== undefined) this.#held.delete(oldest);
    return verified;
  }

  async #keyOf(token: string): Promise<string> {
    return hexOf(await this.#digest(token));
  }
}
