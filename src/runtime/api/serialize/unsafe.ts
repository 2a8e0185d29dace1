import { CallError } from '../../call-error.ts';

/** Refuses an argument that would make another request of the one that was asked for. The value itself is not told. */
export function unsafe(argument: string, reason: string, hint: string): CallError {
  return new CallError('UNSAFE_ARGUMENT', `Argument "${argument}" ${reason}. No request was sent.`, { hint });
}
