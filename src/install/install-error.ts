export const INSTALL_ERRORS = {
  CONFIG_MALFORMED: 'The config file of a client has a syntax error, or another form than expected.',
  CONFIG_NOT_EDITABLE: 'The config file of a client cannot be changed without touching what else is in it.',
  CONFIG_OUTSIDE: 'The config file of a project is outside the folder of the project, because of a link.',
  CONFIG_UNREADABLE: 'The config file of a client cannot be read.',
  CONFIG_UNWRITABLE: 'The config file of a client cannot be written.',
} as const;

export type InstallErrorCode = keyof typeof INSTALL_ERRORS;

/** The config file of a client cannot be used. It has not been changed. */
export class InstallError extends Error {
  override readonly name = 'InstallError';
  readonly code: InstallErrorCode;
  /** What to do about it. */
  readonly hint: string;
  constructor(code: InstallErrorCode, message: string, { hint, cause }: { hint: string; cause?: unknown }) {
    super(message, { cause });
    this.code = code;
    this.hint = hint;
  }
}
