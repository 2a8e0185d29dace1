import { declareOptions } from '../options/declare-options.ts';
import { func, number, withMethods } from '../options/option-kinds.ts';
import { COUNT, TIMER_MS } from '../options/option-range.ts';
import { type Outcome, outcomeOf } from '../outcome.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Answer, Call, Middleware } from './middleware.ts';
import { isIdempotent } from './safety.ts';

export interface RetryOptions {
  /** How often a call is made at most, the first time included. Default 3. */
  readonly attempts?: number;
  /** Milliseconds of the first wait at most; it doubles from one wait to the next. Default 500. */
  readonly firstWaitMs?: number;
  /** Where the API asks for a longer wait than this, its failure is the answer at once. Default 10,000. */
  readonly maxWaitMs?: number;
  readonly clock?: Clock;
  /** From 0 to 1: waits differ, so that calls that failed together do not come back together. Default `Math.random`. */
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

/** Where `_meta` of a result tells how often the call was made: `{ attempts: 2 }`. */
export const RETRY_KEY = 'openapi-mcp/retry';

/**
 * Makes a call again that failed for a passing reason (429, 502, 503, 504, or the network) and may be made again: reads,
 * and tools whose annotations say `readOnlyHint` or `idempotentHint`. Waits as long as `Retry-After` says, and never
 * longer than the call may take.
 *
 * ```ts
 * server.use(timeout({ ms: 30_000 }), retry({ attempts: 4 }));
 * ```
 *
 * @throws OptionError where an option is a number that makes no sense.
 */
export function retry(options: RetryOptions = {}): Middleware {
  const {
    attempts = 3,
    firstWaitMs = 500,
    maxWaitMs = 10_000,
    clock = systemClock,
    random = Math.random,
  } = checked(options);

  /** Milliseconds, or `undefined` where the call has failed for good. */
  function waitAfter(attempt: number, outcome: Outcome | undefined, { deadline = Infinity }: Call): number | undefined {
    if (attempt >= attempts || !outcome || !isPassing(outcome)) return undefined;
    const jitter = random() * Math.min(maxWaitMs, firstWaitMs * 2 ** (attempt - 1));
    const wait = (outcome.retryAfter ?? 0) * 1000 + jitter;
    // An answer now is worth more than a wait that ends in none.
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

/** Told by the outcome, never by the text. */
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
  // The answer of these two methods has `_meta`.
  const { _meta } = answer as { readonly _meta?: Readonly<Record<string, unknown>> };
  return { ...answer, _meta: { ..._meta, [RETRY_KEY]: { attempts } } } as Answer;
}
