import { type Clock, systemClock } from '../../clock.ts';
import { failedWith } from '../../errors.ts';
import { choice, number, type OptionKinds, text, withMethods } from '../../options/option-kinds.ts';
import { COUNT } from '../../options/option-range.ts';
import type { Outcome } from '../../outcome.ts';
import type { CallContext, ToolResult } from '../../provider.ts';
import { isStoreUnavailable, STORE_UNAVAILABLE_TEXT } from '../../shared-store.ts';
import { digestText } from '../../text/random-text.ts';
import { UNASKED, type Unasked } from '../../unasked.ts';
import { sorted } from '../canonical.ts';
import { MemoryTokens, sharedTokens, type Tokens } from './tokens.ts';

export interface ConfirmationsOptions {
  /**
   * If the client cannot ask its user: `refuse` the call, or make it in two steps with a `token`. With a token, a model
   * states what it is about to do, but it can confirm that by itself: nothing proves that a person has read it. Default
   * `refuse`.
   */
  readonly unasked?: Unasked;
  /** Lifetime of a token in milliseconds. Default 300,000. */
  readonly ttlMs?: number;
  /** Maximum number of unused tokens: beyond it, the oldest of the caller with the most are dropped. Default 1000. */
  readonly maxPending?: number;
  /**
   * Maximum number of unused tokens per caller: beyond it, the caller's oldest are dropped. A caller is identified by
   * its access token, otherwise by its session; without either, all callers of the process count as one. Default 100.
   */
  readonly maxPendingPerCaller?: number;
  readonly clock?: Pick<Clock, 'now'>;
  /**
   * Accept the tokens of the other processes of the server, if it runs with a store. The name must be the same in all
   * processes, and unique in each. Default: tokens are valid in the process that issued them.
   */
  readonly sharedAs?: string;
}

/** The type of each option. */
export const CONFIRMATION_KINDS: OptionKinds<ConfirmationsOptions> = {
  unasked: choice(UNASKED.choices),
  ttlMs: number({ min: 1 }),
  maxPending: number(COUNT),
  maxPendingPerCaller: number(COUNT),
  clock: withMethods('a clock with now()', 'now'),
  sharedAs: text,
};

/** A call that requires confirmation. */
export interface Unconfirmed {
  readonly tool: string;
  /** Without the confirming argument. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** What would be done, for the user. */
  readonly message: string;
  /** The name of the confirming argument, and its value; absent if no token confirms. */
  readonly argument?: string;
  readonly token: unknown;
}

/**
 * Asks before a call is made: the user, if the client supports elicitation. Otherwise the call is refused, or made in two
 * steps: the first call returns what would be done and a token, and the same call with the token is made. A token is valid
 * once, for some minutes, for the same caller, tool and arguments.
 */
export class Confirmations {
  /** Whether a token confirms where nobody can be asked. */
  readonly acceptsTokens: boolean;
  readonly #tokens: Tokens;
  readonly #tokensFor: (context: Asking) => Tokens;
  readonly #minutes: number;

  constructor({
    unasked = UNASKED.default,
    ttlMs = 300_000,
    maxPending = 1000,
    maxPendingPerCaller = 100,
    clock = systemClock,
    sharedAs: name,
  }: ConfirmationsOptions = {}) {
    this.acceptsTokens = unasked === 'token';
    this.#tokens = new MemoryTokens({ ttlMs, maxPending, maxPendingPerCaller, clock });
    this.#tokensFor = ({ shared }) =>
      shared && name !== undefined ? sharedTokens(shared, { name, ttlMs, maxPendingPerCaller }) : this.#tokens;
    this.#minutes = Math.ceil(ttlMs / 60_000);
  }

  /**
   * The result of a call that is not made (yet); `undefined` to make it now. An error, because it does not match the
   * tool's output schema.
   */
  async withheld(call: Unconfirmed, context: Asking): Promise<ToolResult | undefined> {
    if (context.elicit) return declined(call, context.elicit);
    const { argument, message } = call;
    if (!this.acceptsTokens || argument === undefined) return failedWith(refusal(message), REQUIRED);
    const purpose = await purposeOf(call, context);
    try {
      return await this.#redeemed({ ...call, argument, purpose }, context);
    } catch (error) {
      if (!isStoreUnavailable(error)) throw error;
      return failedWith(STORE_UNAVAILABLE_TEXT, { error: 'STORE_UNAVAILABLE' });
    }
  }

  async #redeemed({ argument, token, message, purpose }: Redeeming, context: Asking): Promise<ToolResult | undefined> {
    const tokens = this.#tokensFor(context);
    if (typeof token === 'string' && (await tokens.redeem(token, purpose))) return undefined;
    const stale =
      token === undefined
        ? ''
        : `The value of "${argument}" was already used, has expired, or belongs to another call. `;
    const again = JSON.stringify({ [argument]: await tokens.issue({ purpose, caller: askerOf(context) }) });
    return failedWith(
      `${stale}Nothing has been done yet, because this call requires confirmation.\n${message}\nAsk the user. Only if they agree, call this tool again within ${this.#minutes} minutes, with the same arguments and ${again}.`,
      REQUIRED,
    );
  }
}

const REQUIRED: Outcome = { error: 'CONFIRMATION_REQUIRED' };

const refusal = (message: string): string =>
  `Nothing has been done: this call requires the confirmation of a person, and this client cannot ask one.\n${message}\nDo not try again. Tell the user what you wanted to do; they can do it themselves, or use a client that supports elicitation.`;

type Asking = Pick<CallContext, 'caller' | 'session' | 'elicit' | 'shared'>;

type Redeeming = Pick<Unconfirmed, 'token' | 'message'> & { readonly argument: string; readonly purpose: string };

/**
 * Identifies the caller for tokens. Claims differ between access tokens (`jti`, `iat`), but a new one must not make a
 * new caller.
 */
function askerOf({ caller, session = '' }: Asking): string {
  return caller ? `caller ${caller.id}` : `session ${session}`;
}

async function declined(
  { message }: Unconfirmed,
  elicit: NonNullable<CallContext['elicit']>,
): Promise<ToolResult | undefined> {
  const { action } = await elicit({
    message: `${message}\nDo you want to continue?`,
    requestedSchema: { type: 'object', properties: {} },
  });
  if (action === 'accept') return undefined;
  return failedWith(`Nothing has been done: the user ${action === 'decline' ? 'declined' : 'did not answer'}.`, {
    error: 'DECLINED',
  });
}

/** Hashed, to save space and to keep no arguments. By id only: a refreshed token of the caller has other claims. */
const purposeOf = (call: Unconfirmed, { caller }: Pick<CallContext, 'caller'>): Promise<string> =>
  digestText(JSON.stringify([caller?.id ?? null, call.tool, sorted(call.arguments)]));
