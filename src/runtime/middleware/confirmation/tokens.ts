import type { Clock } from '../../clock.ts';
import type { SharedStore } from '../../shared-store.ts';
import { digestText, randomText } from '../../text/random-text.ts';

export interface TokensOptions {
  /** Lifetime of a token in milliseconds. */
  readonly ttlMs: number;
  /** Maximum number of unused tokens of all callers. */
  readonly maxPending: number;
  /** Maximum number of unused tokens per caller: beyond it, the caller's oldest are dropped. */
  readonly maxPendingPerCaller: number;
  readonly clock: Pick<Clock, 'now'>;
}

/** The purpose that a token is valid for. */
export interface TokenPurpose {
  readonly purpose: string;
  /** The caller. */
  readonly caller: string;
}

/** One-time tokens, each valid for one purpose. */
export interface Tokens {
  /** @returns 96 random bits as 16 letters, digits, `-` and `_` (RFC 4648 §5) */
  issue(purpose: TokenPurpose): Promise<string>;
  /** Whether the token is valid for this purpose; if so, it is used up. A token for another purpose stays valid. */
  redeem(token: string, purpose: string): Promise<boolean>;
}

/**
 * Tokens that all processes accept, once. Only digests are stored. Those of all callers together have no limit but the
 * number of callers.
 */
export function sharedTokens(
  store: SharedStore,
  { name, ttlMs, maxPendingPerCaller: max }: SharedTokensOptions,
): Tokens {
  const keyOf = async (token: string, purpose: string) =>
    `confirm:${await digestText(JSON.stringify([name, token, purpose]))}`;
  return {
    async issue({ purpose, caller }) {
      const token = randomText(TOKEN_BYTES);
      const bounds = [{ group: `confirm:${await digestText(JSON.stringify([name, caller]))}`, max }];
      await store.set(await keyOf(token, purpose), '1', { ttlMs, bounds });
      return token;
    },
    redeem: async (token, purpose) => (await store.take(await keyOf(token, purpose))) !== undefined,
  };
}

export interface SharedTokensOptions extends Pick<TokensOptions, 'ttlMs' | 'maxPendingPerCaller'> {
  /** Of what asks: two of them do not accept the tokens of each other. */
  readonly name: string;
}

const TOKEN_BYTES = 12;

/** Tokens that are kept in this process. */
export class MemoryTokens implements Tokens {
  readonly #options: TokensOptions;
  /** In the order of issue, which is also the order of expiry. */
  readonly #pending = new Map<string, TokenPurpose & { readonly until: number }>();
  /** The tokens of each caller, in the same order. */
  readonly #byCaller = new Map<string, Set<string>>();

  constructor(options: TokensOptions) {
    this.#options = options;
  }

  async issue({ purpose, caller }: TokenPurpose): Promise<string> {
    const { ttlMs, clock } = this.#options;
    const now = clock.now();
    this.#makeRoom(caller, now);
    const token = randomText(TOKEN_BYTES);
    this.#pending.set(token, { purpose, caller, until: now + ttlMs });
    const own = this.#byCaller.get(caller) ?? new Set();
    this.#byCaller.set(caller, own.add(token));
    return token;
  }

  async redeem(token: string, purpose: string): Promise<boolean> {
    const pending = this.#pending.get(token);
    if (pending?.purpose !== purpose || pending.until <= this.#options.clock.now()) return false;
    this.#forget(token);
    return true;
  }

  /**
   * Callers with many tokens lose their own: the oldest of the caller with the most are dropped, never those of
   * another.
   */
  #makeRoom(caller: string, now: number): void {
    const { maxPending, maxPendingPerCaller } = this.#options;
    for (const [oldest, { until }] of this.#pending) {
      if (until > now) break;
      this.#forget(oldest);
    }
    const own = this.#byCaller.get(caller);
    if (own && own.size >= maxPendingPerCaller) this.#forgetOldest(own);
    if (this.#pending.size >= maxPending) this.#forgetOldest(this.#most(caller));
  }

  /** The tokens of the caller with the most; if equal, of the current caller. */
  #most(caller: string): ReadonlySet<string> {
    let most = this.#byCaller.get(caller) ?? new Set<string>();
    for (const tokens of this.#byCaller.values()) if (tokens.size > most.size) most = tokens;
    return most;
  }

  #forgetOldest(tokens: ReadonlySet<string>): void {
    const [oldest] = tokens;
    if (oldest !== undefined) this.#forget(oldest);
  }

  #forget(token: string): void {
    const caller = this.#pending.get(token)?.caller ?? '';
    this.#pending.delete(token);
    const own = this.#byCaller.get(caller);
    own?.delete(token);
    if (own?.size === 0) this.#byCaller.delete(caller);
  }
}
