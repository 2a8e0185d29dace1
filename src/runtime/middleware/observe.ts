import type { Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import { type Outcome, outcomeOf } from '../outcome.ts';
import type { Answer, Call, Method, Next } from './middleware.ts';
import { targetOf } from './subject.ts';

/** A call, as reported to logs and metrics. */
export interface Observation {
  readonly requestId: string;
  readonly method: Method;
  /** The tool, prompt or URI; lists and completions have none. */
  readonly target?: string;
  /** The caller's id, if callers are authenticated. */
  readonly caller?: string;
  /** Start of the call, in milliseconds since the epoch. */
  readonly at: number;
  /** Duration in milliseconds. */
  readonly ms: number;
  /** `failed`: an `isError` result, or an error. `cancelled`: by the client, or a time limit. */
  readonly ended: 'ok' | 'failed' | 'cancelled';
  /** HTTP status or error code, if known. */
  readonly outcome?: Outcome;
  /** The thrown error; absent for results. */
  readonly error?: string;
}

/** Makes the call, and reports its outcome before returning its result. Errors of `tell` are thrown. */
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

/** Identifies the call and its caller. */
export function identity(call: Call): Pick<Observation, 'requestId' | 'method' | 'target' | 'caller'> {
  const target = targetOf(call);
  return {
    requestId: call.requestId,
    method: call.method,
    ...(target !== undefined && { target }),
    ...(call.caller && { caller: call.caller.id }),
  };
}
