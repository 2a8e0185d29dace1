import { Expiring } from '../../expiring.ts';
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

/** What a verifier says, and whether it need not be asked again for a while. */
export interface Verification {
  readonly caller: VerifiedToken;
  readonly isKept: boolean;
}

/** Tokens that have just been verified or refused, by their SHA-256; the oldest of each are dropped beyond 1,000. */
export class VerifiedTokens {
  readonly #held: Expiring<VerifiedToken>;
  readonly #refused: Expiring<InvalidTokenError>;
  readonly #flights = new Map<string, Promise<VerifiedToken>>();
  readonly #lifetime: number;
  readonly #digest: Digest;
  readonly #now: () => number;

  constructor({ cacheSeconds, digest = webDigest, now = Date.now }: VerifiedTokensOptions) {
    this.#lifetime = cacheSeconds * 1000;
    this.#digest = digest;
    this.#now = now;
    this.#held = new Expiring({ most: MOST, now });
    this.#refused = new Expiring({ ttlMs: REFUSED_MS, most: MOST, now });
  }

  /**
   * Verifies a token once for all requests that carry it, and not again just after it was verified or refused: until it
   * expires, or for the configured time if that is shorter.
   */
  async verified(token: string, verify: () => Promise<Verification>): Promise<VerifiedToken> {
    const key = hexOf(await this.#digest(token));
    const held = this.#held.get(key);
    if (held) return held;
    const refused = this.#refused.get(key);
    if (refused) throw refused;
    return this.#flights.get(key) ?? this.#start(key, verify);
  }

  #start(key: string, verify: () => Promise<Verification>): Promise<VerifiedToken> {
    const flight = this.#run(key, verify).finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  async #run(key: string, verify: () => Promise<Verification>): Promise<VerifiedToken> {
    try {
      const { caller, isKept } = await verify();
      const expires = caller.expiresAt === undefined ? Number.POSITIVE_INFINITY : caller.expiresAt * 1000;
      if (isKept) this.#held.put(key, caller, Math.min(this.#now() + this.#lifetime, expires));
      return caller;
    } catch (error) {
      if (error instanceof InvalidTokenError) this.#refused.put(key, error);
      throw error;
    }
  }
}
