import { declareOptions } from '../options/declare-options.ts';
import { number, required } from '../options/option-kinds.ts';
import { TIMER_MS } from '../options/option-range.ts';
import { withOutcome } from '../outcome.ts';
import { ToolError } from '../tool-error.ts';
import { deadline, untilAborted } from '../until-aborted.ts';
import type { Middleware } from './middleware.ts';
import { subject } from './subject.ts';

export interface TimeoutOptions {
  /** Milliseconds. */
  readonly ms: number;
}

const checked = declareOptions<TimeoutOptions>(
  'timeout()',
  { ms: required(number(TIMER_MS)) },
  { hints: { timeoutMs: 'Write "ms".', seconds: 'Write "ms", in milliseconds.' }, example: 'timeout({ ms: 30_000 })' },
);

/**
 * Ends a call after `ms` milliseconds. The signal of its handler aborts, and the client gets an error immediately, even
 * if the signal is ignored.
 *
 * ```ts
 * server.use(timeout({ ms: 30_000 }));
 * ```
 *
 * @throws OptionError if `ms` is out of range for a timer
 */
export function timeout(options: TimeoutOptions): Middleware {
  const { ms } = checked(options);
  return async function timeout(call, next) {
    const { signal, stop } = deadline(ms, call.signal, () =>
      withOutcome(new ToolError(`${subject(call)} did not finish within ${ms} ms.`), { error: 'TIMEOUT' }),
    );
    const until = Math.min(Date.now() + ms, call.deadline ?? Infinity);
    try {
      return await untilAborted(next({ ...call, signal, deadline: until }), signal);
    } finally {
      stop();
    }
  };
}
