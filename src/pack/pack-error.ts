/** A pack cannot be made, or not be written to its folder. The message says why, and `hint` what to do. */
export class PackError extends Error {
  override readonly name = 'PackError';
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
