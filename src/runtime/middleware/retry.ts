import { type Clock, systemClock } from '../clock.ts';
import { declareOptions } from '../options/declare-options.ts';
import { func, number, withMethods } from '../options/option-kinds.ts';
import { COUNT, TIMER_MS } from '../options/option-range.ts';
import { type Outcome, outcomeOf } from '../outcome.ts';
import type { Answer, Call, Middleware } from './middleware.ts';
import { isIdempotent } from './safety.ts';

export interface RetryOptions {
  /** Maximum number of attempts, including the first. Default 3. */
  readonly attempts?: number;
  /** Maximum first wait in milliseconds; it doubles for each further wait. Default 500. */
  readonly firstWaitMs?: number;
  /** If the API asks for a longer wait than this, the failure is returned immediately. Default 10,000. */
  readonly maxWaitMs?: number;
  readonly clock?: Clock;
  /** From 0 to 1: waits vary, so that calls that failed together are not retried together. Default `Math.random`. */
  readonly random?: () => number;
}

const waitMs = number({ ...TIMER_MS, min: 0 });
const checked = declareOptions<RetryOptions>(
  'retry()',
  {
    attempts: number(COUNT),
    firstWaitMs: waitMs,
    maxWaitMs: waitMs,
    clock: withMethods('a clock with now() and sleep()', 'now', 'sleep'),
    random: func,
  },
  {
    hints: {
      retries: 'Write "attempts", which includes the first call.',
      maxRetries: 'Write "attempts", which includes the first call.',
    },
  },
);

/** The key in a result's `_meta` with the number of attempts: `{ attempts: 2 }`. */
export const RETRY_KEY = 'openapi-mcp/retry';

/**
 * Retries calls after transient failures (429, 502, 503, 504, or network errors), if that is safe: reads, and tools
 * with `readOnlyHint` or `idempotentHint`. Honours `Retry-After`, but never waits longer than the call's time limit.
 *
 * ```ts
 * server.use(timeout({ ms: 30_000 }), retry({ attempts: 4 }));
 * ```
 *
 * @throws OptionError if an option is out of range
 */
export function retry(options: RetryOptions = {}): Middleware {
  const {
    attempts = 3,
    firstWaitMs = 500,
    maxWaitMs = 10_000,
    clock = systemClock,
    random = Math.random,
  } = checked(options);

  /** Milliseconds, or `undefined` if the failure is final. */
  function waitAfter(attempt: number, outcome: Outcome | undefined, { deadline = Infinity }: Call): number | undefined {
    if (attempt >= attempts || !outcome || !isPassing(outcome)) return undefined;
    const jitter = random() * Math.min(maxWaitMs, firstWaitMs * 2 ** (attempt - 1));
    const wait = (outcome.retryAfter ?? 0) * 1000 + jitter;
    // A failure now is better than a wait that ends in a timeout.
    return wait > maxWaitMs || clock.now() + wait >= deadline ? undefined : wait;
  }

  return async function retry(call, next) {
    for (let attempt = 1; ; attempt++) {
      const tried = await settled(next(call));
      const wait = waitAfter(attempt, outcomeOf('answer' in tried ? tried.answer : tried.error), call);
      if (wait === undefined || call.signal.aborted || !(await isIdempotent(call, next))) {
        if ('error' in tried) throw tried.error;
        return attempt === 1 ? tried.answer : withAttempts(call, tried.answer, attempt);
      }
      await clock.sleep(wait, call.signal);
    }
  };
}

const PASSING_STATUS: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const PASSING_ERROR: ReadonlySet<string> = new Set([
  'TIMEOUT',
  'CONNECTION_REFUSED',
  'CONNECTION_LOST',
  'HOST_NOT_FOUND',
  'NETWORK_FAILED',
]);

/** Decided by the outcome, never by the text. */
function isPassing({ status, error }: Outcome): boolean {
  return (status !== undefined && PASSING_STATUS.has(status)) || (error !== undefined && PASSING_ERROR.has(error));
}

async function settled(answer: Promise<Answer>): Promise<{ answer: Answer } | { error: unknown }> {
  try {
    return { answer: await answer };
  } catch (error) {
    return { error };
  }
}

/** Only results have a place for it. */
function withAttempts({ method }: Call, answer: Answer, attempts: number): Answer {
  if (method !== 'tools/call' && method !== 'resources/read') return answer;
  // The results of these two methods have `_meta`.
  const { _meta } = answer as { readonly _meta?: Readonly<Record<string, unknown>> };
  return { ...answer, _meta: { ..._meta, [RETRY_KEY]: { attempts } } } as Answer;
}
