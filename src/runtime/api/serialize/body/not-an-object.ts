import { CallError } from '../../../call-error.ts';

/** A body of named fields or parts cannot be made of a list or a number. */
export function notAnObject(what: string): CallError {
  return new CallError('INVALID_ARGUMENTS', `The ${what} body has to be an object. No request was sent.`, {
    hint: 'Give an object whose keys are the names of the fields.',
  });
}
