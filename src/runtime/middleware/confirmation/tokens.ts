import type { Clock } from '../clock.ts';

export interface TokensOptions {
  /** Milliseconds that a token is good for. */
  readonly ttlMs: number;
  /** The oldest tokens give way where more than so many wait. */
  readonly maxPending: number;
  readonly clock: Pick<Clock, 'now'>;
}

/** One-time tokens, each good for one purpose. They live in this process. */
export class Tokens {
  readonly #options: TokensOptions;
  /** In the order in which they were issued, which is that in which they expire. */
  readonly #pending = new Map<string, { readonly purpose: string; readonly until: number }>();

  constructor(options: TokensOptions) {
    this.#options = options;
  }

  /** @returns 96 random bits as 16 letters, digits, `-` and `_` (RFC 4648 §5). */
  issue(purpose: string): string {
    const { ttlMs, maxPending, clock } = this.#options;
    const now = clock.now();
    for (const [oldest, { until }] of this.#pending) {
      if (until > now && this.#pending.size < maxPending) break;
      this.#pending.delete(oldest);
    }
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    const token = btoa(String.fromCharCode(...bytes))
      .replaceAll('+', '-')
      .replaceAll('/', '_');
    this.#pending.set(token, { purpose, until: now + ttlMs });
    return token;
  }

  /** Whether the token is good for this purpose: it is used up then. One that was given for another one stays good. */
  redeem(token: string, purpose: string): boolean {
    const pending = this.#pending.get(token);
    if (pending?.purpose !== purpose || pending.until <= this.#options.clock.now()) return false;
    return this.#pending.delete(token);
  }
}
