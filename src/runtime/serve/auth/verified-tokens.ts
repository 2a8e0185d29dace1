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
  readonly #held = new Map<string, { readonly caller: VerifiedToken; readonly until: number }>();
  readonly #refused = new Map<string, { readonly error: InvalidTokenError; readonly until: number }>();
  readonly #flights = new Map<string, Promise<VerifiedToken>>();
  readonly #lifetime: number;
  readonly #digest: Digest;
  readonly #now: () => number;

  constructor({ cacheSeconds, digest = webDigest, now = Date.now }: VerifiedTokensOptions) {
    this.#lifetime = cacheSeconds * 1000;
    this.#digest = digest;
    this.#now = now;
  }

  /**
   * Verifies a token once for all requests that carry it, and not again just after it was verified or refused: until it
   * expires, or for the configured time if that is shorter.
   */
  async verified(token: string, verify: () => Promise<Verification>): Promise<VerifiedToken> {
    const key = hexOf(await this.#digest(token));
    const held = this.#held.get(key);
    if (held && this.#now() < held.until) return held.caller;
    const refused = this.#refused.get(key);
    if (refused && this.#now() < refused.until) throw refused.error;
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
      if (isKept) keep(this.#held, key, { caller, until: Math.min(this.#now() + this.#lifetime, expires) });
      return caller;
    } catch (error) {
      if (error instanceof InvalidTokenError) keep(this.#refused, key, { error, until: this.#now() + REFUSED_MS });
      throw error;
    }
  }
}

function keep<Value>(map: Map<string, Value>, key: string, value: Value): void {
  // At the end, as the newest one.
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MOST && oldest !== undefined) map.delete(oldest);
}
