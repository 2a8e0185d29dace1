import { messageOf } from '../errors.ts';
import { type Outcome, outcomeOf } from '../outcome.ts';
import type { Clock } from './clock.ts';
import type { Answer, Call, Method, Next } from './middleware.ts';
import { targetOf } from './subject.ts';

/** One call, as those who watch are told of it. */
export interface Observation {
  readonly requestId: string;
  readonly method: Method;
  /** The tool, prompt or URI; lists and completions have none. */
  readonly target?: string;
  /** Id of the caller, where callers are authenticated. */
  readonly caller?: string;
  /** When the call came, milliseconds since the epoch. */
  readonly at: number;
  /** Milliseconds it took. */
  readonly ms: number;
  /** `failed`: an `isError` result, or an error. `cancelled`: the client, or a deadline, ended it. */
  readonly ended: 'ok' | 'failed' | 'cancelled';
  /** HTTP status or code word, where the answer tells it. */
  readonly outcome?: Outcome;
  /** What was thrown; absent for results. */
  readonly error?: string;
}

/** Performs the call, and tells how it went before its answer goes on. What `tell` throws is thrown. */
export async function observed(
  call: Call,
  { next, clock }: { readonly next: Next; readonly clock: Pick<Clock, 'now'> },
  tell: (observation: Observation, answer: Answer | undefined) => void | Promise<void>,
): Promise<Answer> {
  const at = clock.now();
  const observation = (told: unknown, ended: Observation['ended']): Observation => {
    const outcome = outcomeOf(told);
    return { ...identity(call), at, ms: clock.now() - at, ended, ...(outcome && { outcome }) };
  };
  let answer: Answer;
  try {
    answer = await next(call);
  } catch (error) {
    const ended = call.signal.aborted ? 'cancelled' : 'failed';
    await tell({ ...observation(error, ended), error: messageOf(error) }, undefined);
    throw error;
  }
  const failed = 'isError' in answer && answer.isError === true;
  await tell(observation(answer, failed ? 'failed' : 'ok'), answer);
  return answer;
}

/** Which call it is, and whose. */
export function identity(call: Call): Pick<Observation, 'requestId' | 'method' | 'target' | 'caller'> {
  const target = targetOf(call);
  return {
    requestId: call.requestId,
    method: call.method,
    ...(target !== undefined && { target }),
    ...(call.caller && { caller: call.caller.id }),
  };
}
