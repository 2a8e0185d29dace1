import { type Clock, systemClock } from '../clock.ts';
import { isProviderError, isQuestionAsked, isToolError } from '../errors.ts';
import { declareOptions } from '../options/declare-options.ts';
import { number, withMethods } from '../options/option-kinds.ts';
import { COUNT } from '../options/option-range.ts';
import { outcomeOf } from '../outcome.ts';
import type { Call, Middleware } from './middleware.ts';
import { refused } from './refused.ts';
import { isList } from './subject.ts';

export interface CircuitBreakerOptions {
  /** Consecutive failures that open the circuit. Default 5. */
  readonly failures?: number;
  /** Milliseconds until a trial call. Default 30,000. */
  readonly openMs?: number;
  readonly clock?: Clock;
}

const checked = declareOptions<CircuitBreakerOptions>('circuitBreaker()', {
  failures: number(COUNT),
  openMs: number({ min: 1 }),
  clock: withMethods('a clock with now()', 'now'),
});

/**
 * Stops calling a provider that keeps failing (5xx, network errors), and later tries again with one call. Wrap a single
 * child: around an entire server, one broken API would block all others.
 *
 * ```ts
 * server.mount('shop', withMiddleware(shop, circuitBreaker({ failures: 5, openMs: 30_000 })));
 * ```
 *
 * @throws OptionError if an option is out of range
 */
export function circuitBreaker(options: CircuitBreakerOptions = {}): Middleware {
  const { failures = 5, openMs = 30_000, clock = systemClock } = checked(options);
  let failed = 0;
  /** While the circuit is open: when a trial call is allowed. */
  let openUntil: number | undefined;
  let trying = false;

  const settle = (verdict: Verdict, isTrial: boolean) => {
    // Calls that started before the circuit opened say nothing about the current state.
    if (openUntil !== undefined && !isTrial) return;
    if (isTrial) trying = false;
    if (verdict === 'unknown') return;
    failed = verdict === 'fault' ? failed + 1 : 0;
    if (verdict === 'fault' && (isTrial || failed >= failures)) openUntil = clock.now() + openMs;
    else openUntil = undefined;
  };

  return async function circuitBreaker(call, next) {
    if (isList(call.method)) return next(call);
    const isTrial = openUntil !== undefined;
    if (openUntil !== undefined) {
      const waitMs = openUntil - clock.now();
      if (waitMs > 0 || trying) return refusal(call, failed, Math.max(waitMs, 1000));
      trying = true;
    }
    try {
      const answer = await next(call);
      settle(verdictOf(answer), isTrial);
      return answer;
    } catch (error) {
      settle(call.signal.aborted ? 'unknown' : verdictOfThrown(error), isTrial);
      throw error;
    }
  };
}

function refusal(call: Call, failed: number, waitMs: number) {
  const retryAfter = Math.ceil(waitMs / 1000);
  const message = `Not called: ${failed} consecutive failures. Retry in ${retryAfter} s.`;
  return refused(call, message, { error: 'CIRCUIT_OPEN', retryAfter });
}

/** `unknown` says neither that the provider works nor that it fails. */
type Verdict = 'fault' | 'fine' | 'unknown';

const FAULTS: ReadonlySet<string> = new Set([
  'TIMEOUT',
  'CONNECTION_REFUSED',
  'CONNECTION_LOST',
  'HOST_NOT_FOUND',
  'TLS_FAILED',
  'NETWORK_FAILED',
]);

function verdictOf(told: unknown): Verdict {
  const outcome = outcomeOf(told);
  if (outcome?.status !== undefined) return outcome.status >= 500 ? 'fault' : 'fine';
  if (outcome?.error !== undefined) return FAULTS.has(outcome.error) ? 'fault' : 'unknown';
  return (told as { readonly isError?: boolean }).isError ? 'unknown' : 'fine';
}

function verdictOfThrown(error: unknown): Verdict {
  if (outcomeOf(error)) return verdictOf(error);
  return isProviderError(error) || isToolError(error) || isQuestionAsked(error) ? 'unknown' : 'fault';
}
