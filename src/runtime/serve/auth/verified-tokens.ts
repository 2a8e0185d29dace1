import { type Digest, hexOf, webDigest } from './sha256.ts';
import type { VerifiedToken } from './token-verifier.ts';

const MOST = 1_000;

export interface VerifiedTokensOptions {
  readonly cacheSeconds: number;
  readonly digest?: Digest;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Tokens that have just been verified, by their SHA-256; the oldest are dropped beyond 1,000. */
export class VerifiedTokens {
  readonly #held = new Map<string, { readonly token: VerifiedToken; readonly until: number }>();
  readonly #lifetime: number;
  readonly #digest: Digest;
  readonly #now: () => number;

  constructor({ cacheSeconds, digest = webDigest, now = Date.now }: VerifiedTokensOptions) {
    this.#lifetime = cacheSeconds * 1000;
    this.#digest = digest;
    this.#now = now;
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
