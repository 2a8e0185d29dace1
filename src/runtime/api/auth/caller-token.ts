import { CallError } from '../../call-error.ts';
import { accessOf } from '../../caller-access.ts';
import { messageOf } from '../../errors.ts';
import type { Caller } from '../../provider.ts';
import { CallerRefusedError } from './caller-refused.ts';

/**
 * The caller's verified token; `undefined` if it has none.
 *
 * @throws CallerRefusedError if its login has ended, CallError if this cannot be determined now
 */
export async function callerToken(caller: Caller): Promise<string | undefined> {
  try {
    return await accessOf(caller)?.token();
  } catch (error) {
    if (isInvalidToken(error)) throw loginEnded(error);
    throw new CallError('CREDENTIAL_REFUSED', `The token of the caller cannot be read now: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** By name: also errors of another copy of the runtime. */
export const isInvalidToken = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'InvalidTokenError';

export const loginEnded = (error: Error): CallerRefusedError =>
  new CallerRefusedError(error.message, { kind: 'authenticate' }, { cause: error });
