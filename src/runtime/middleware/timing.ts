import { type Clock, systemClock } from '../clock.ts';
import { declareOptions } from '../options/declare-options.ts';
import { func, required, withMethods } from '../options/option-kinds.ts';
import type { Middleware } from './middleware.ts';
import { type Observation, observed } from './observe.ts';

export interface TimingOptions {
  /** Called when a call has finished: for a histogram, or to log slow calls. */
  readonly record: (observation: Observation) => void;
  readonly clock?: Pick<Clock, 'now'>;
}

const checked = declareOptions<TimingOptions>('timing()', {
  record: required(func),
  clock: withMethods('a clock with now()', 'now'),
});

/**
 * Measures the duration of calls.
 *
 * ```ts
 * server.use(timing({ record: ({ method, target, ms }) => histogram.observe({ method, target }, ms) }));
 * ```
 */
export function timing(options: TimingOptions): Middleware {
  const { record, clock = systemClock } = checked(options);
  return async function timing(call, next) {
    return observed(call, { next, clock }, (observation) => record(observation));
  };
}
