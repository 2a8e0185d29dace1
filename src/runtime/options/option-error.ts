export interface OptionErrorDetails extends ErrorOptions {
  /**
   * The path of the wrong option, if a config file can contain it too: `auth.petstore_auth`. The message starts with it
   * and continues with a verb.
   */
  readonly option?: string;
}

/**
 * An error in what a program passes: an option, a name, a handler, a target. Thrown immediately, before anything is
 * served.
 */
export class OptionError extends Error {
  override readonly name = 'OptionError';
  readonly option: string | undefined;
  /** The message without the option. */
  readonly reason: string;

  constructor(message: string, { option, ...details }: OptionErrorDetails = {}) {
    super(option === undefined ? message : `${option} ${message}`, details);
    this.option = option;
    this.reason = message;
  }
}
