import { checkNumber, TIMER_MS } from '../option-range.ts';
import { withOutcome } from '../outcome.ts';
import { ToolError } from '../tool-error.ts';
import { deadline, untilAborted } from '../until-aborted.ts';
import type { Middleware } from './middleware.ts';
import { subject } from './subject.ts';

/**
 * Ends a call after `ms` milliseconds. What performs it sees its signal abort; the client has an answer at once, also
 * where the signal is ignored.
 *
 * ```ts
 * server.use(timeout({ ms: 30_000 }));
 * ```
 *
 * @throws TypeError where `ms` is no number that a timer takes.
 */
export function timeout({ ms }: { readonly ms: number }): Middleware {
  checkNumber('timeout', 'ms', ms, TIMER_MS);
  return async function timeout(call, next) {
    const { signal, stop } = deadline(ms, call.signal, () =>
      withOutcome(new ToolError(`${subject(call)} did not end in ${ms} ms.`), { error: 'TIMEOUT' }),
    );
    const until = Math.min(Date.now() + ms, call.deadline ?? Infinity);
    try {
      return await untilAborted(next({ ...call, signal, deadline: until }), signal);
    } finally {
      stop();
    }
  };
}
