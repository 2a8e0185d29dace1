import { CallError } from '../../call-error.ts';

/** Rejects an argument that would change the request into another one. The message does not contain the value. */
export function unsafe(argument: string, reason: string, hint: string): CallError {
  return new CallError('UNSAFE_ARGUMENT', `Argument "${argument}" ${reason}. No request was sent.`, { hint });
}
