/** A mistake in the options, told before anything is served. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}
