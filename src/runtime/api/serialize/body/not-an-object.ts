import { CallError } from '../../../call-error.ts';

/** A list or a number cannot be a body of named fields or parts. */
export function notAnObject(what: string): CallError {
  return new CallError('INVALID_ARGUMENTS', `The ${what} body must be an object. No request was sent.`, {
    hint: 'Pass an object whose keys are the field names.',
  });
}
