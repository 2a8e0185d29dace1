import { CallError } from '../../../call-error.ts';

/** A body of named fields or parts cannot be made of a list or a number. */
export function notAnObject(what: string): CallError {
  return new CallError('INVALID_ARGUMENTS', `The ${what} body must be an object. No request was sent.`, {
    hint: 'Pass an object whose keys are the field names.',
  });
}
