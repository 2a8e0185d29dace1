import { declareOptions } from '../options/declare-options.ts';
import { number, required } from '../options/option-kinds.ts';
import { COUNT } from '../options/option-range.ts';
import type { Middleware } from './middleware.ts';
import { refused } from './refused.ts';
import { isList } from './subject.ts';

export interface ConcurrencyOptions {
  /** Calls that run at the same time. */
  readonly limit: number;
  /** Calls that may wait in the queue; more are rejected. Default 100. */
  readonly maxQueue?: number;
}

const checked = declareOptions<ConcurrencyOptions>(
  'concurrency()',
  { limit: required(number(COUNT)), maxQueue: number({ min: 0, whole: true }) },
  { hints: { max: 'Write "limit".' } },
);

/**
 * Limits how many calls run at the same time; others wait in order, or are rejected if the queue is full. Calls that a
 * handler makes count as part of its own call, so that they do not wait for it.
 *
 * ```ts
 * server.use(concurrency({ limit: 8 }));
 * ```
 *
 * @throws OptionError if an option is not a whole number, or the limit is less than 1
 */
export function concurrency(options: ConcurrencyOptions): Middleware {
  const { limit, maxQueue = 100 } = checked(options);
  let running = 0;
  const queue = new Set<() => void>();
  const held = Symbol('concurrency');

  const turn = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const begin = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        queue.delete(begin);
        reject(signal.reason);
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener('abort', leave, { once: true });
      queue.add(begin);
    });

  const end = () => {
    const [first] = queue;
    // The slot is handed over directly, so nobody can take it in between.
    if (first === undefined) running--;
    else {
      queue.delete(first);
      first();
    }
  };

  return async function concurrency(call, next) {
    if (isList(call.method) || call.state.has(held)) return next(call);
    if (running >= limit) {
      if (queue.size >= maxQueue) {
        return refused(call, `Too busy: ${limit} calls are running and ${queue.size} are waiting. Retry later.`, {
          error: 'BUSY',
        });
      }
      await turn(call.signal);
    } else running++;
    call.state.set(held, true);
    try {
      return await next(call);
    } finally {
      call.state.delete(held);
      end();
    }
  };
}
