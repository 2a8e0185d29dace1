export interface OptionErrorDetails extends ErrorOptions {
  /** The option that is wrong, where a config file can have it too: `auth.petstore_auth`. The message begins with it and goes on with a verb. */
  readonly option?: string;
}

/**
 * A mistake in what a program gives: an option, a name, a handler, a target. Thrown where the mistake is made, before
 * anything is served.
 */
export class OptionError extends Error {
  override readonly name = 'OptionError';
  readonly option: string | undefined;

  constructor(message: string, { option, ...details }: OptionErrorDetails = {}) {
    super(option === undefined ? message : `${option} ${message}`, details);
    this.option = option;
  }
}
