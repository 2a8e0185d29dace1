import { callerKey } from '../../compose/steady-child.ts';
import { errorResult } from '../../errors.ts';
import { number, type OptionKinds, withMethods } from '../../options/option-kinds.ts';
import { COUNT } from '../../options/option-range.ts';
import { type Outcome, outcomeMeta } from '../../outcome.ts';
import type { CallContext, ToolResult } from '../../provider.ts';
import { sorted } from '../canonical.ts';
import { type Clock, systemClock } from '../clock.ts';
import { Tokens } from './tokens.ts';

export interface ConfirmationsOptions {
  /** Milliseconds that a token is good for. Default 300,000. */
  readonly ttlMs?: number;
  /** Tokens that wait to be used, at most: the oldest of the caller that has the most give way. Default 1000. */
  readonly maxPending?: number;
  /**
   * Tokens of one caller that wait to be used, at most: its own oldest give way. A caller is who a token of the request
   * names, else a session; where neither is known all callers of the process are one. Default 100.
   */
  readonly maxPendingPerCaller?: number;
  readonly clock?: Pick<Clock, 'now'>;
}

/** What each of the options may be. */
export const CONFIRMATION_KINDS: OptionKinds<ConfirmationsOptions> = {
  ttlMs: number({ min: 1 }),
  maxPending: number(COUNT),
  maxPendingPerCaller: number(COUNT),
  clock: withMethods('a clock with now()', 'now'),
};

/** A call that is not performed unless somebody says so. */
export interface Unconfirmed {
  readonly tool: string;
  /** Without the one that confirms. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** What would be done, for the person. */
  readonly message: string;
  /** The argument that confirms, and what was given in it. */
  readonly argument: string;
  readonly token: unknown;
}

/**
 * Asks before a call is performed: the person, where the client can (elicitation). Elsewhere in two steps: the first
 * call is answered with what would be done and a token, and the same call with the token is performed. A token is good
 * once, for some minutes, for the same caller, tool and arguments.
 */
export class Confirmations {
  readonly #tokens: Tokens;
  readonly #minutes: number;

  constructor({
    ttlMs = 300_000,
    maxPending = 1000,
    maxPendingPerCaller = 100,
    clock = systemClock,
  }: ConfirmationsOptions = {}) {
    this.#tokens = new Tokens({ ttlMs, maxPending, maxPendingPerCaller, clock });
    this.#minutes = Math.ceil(ttlMs / 60_000);
  }

  /** What answers a call that is not to be performed, or not yet; `undefined` where it is to be performed now. */
  async withheld(call: Unconfirmed, context: Asking): Promise<ToolResult | undefined> {
    if (context.elicit) return declined(call, context.elicit);
    const purpose = await purposeOf(call, context);
    const { argument, token, message } = call;
    if (typeof token === 'string' && this.#tokens.redeem(token, purpose)) return undefined;
    const stale =
      token === undefined
        ? ''
        : `The value of "${argument}" was already used, has expired, or belongs to another call. `;
    const again = JSON.stringify({ [argument]: this.#tokens.issue({ purpose, caller: askerOf(context) }) });
    return withholding(
      `${stale}Nothing has been done yet, because this call requires confirmation.\n${message}\nAsk the user. Only if they agree, call this tool again within ${this.#minutes} minutes, with the same arguments and ${again}.`,
      { error: 'CONFIRMATION_REQUIRED' },
    );
  }
}

type Asking = Pick<CallContext, 'caller' | 'session' | 'elicit'>;

/**
 * Who has tokens of their own. Claims differ from one access token to the next (`jti`, `iat`): a new one must not make
 * a new caller.
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
  return withholding(`Nothing has been done: the user ${action === 'decline' ? 'declined' : 'did not answer'}.`, {
    error: 'DECLINED',
  });
}

/** An error, for there is nothing of what the tool's output schema promises. */
function withholding(message: string, outcome: Outcome): ToolResult {
  return { ...errorResult(message), _meta: outcomeMeta(outcome) };
}

/** Digested, so that what waits takes little room, and keeps no arguments. */
async function purposeOf(call: Unconfirmed, context: Pick<CallContext, 'caller'>): Promise<string> {
  const text = JSON.stringify([callerKey(context), call.tool, sorted(call.arguments)]);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return String.fromCharCode(...new Uint8Array(digest));
}
