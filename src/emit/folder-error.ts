/** The folder cannot be generated into; the message says why, `hint` what to do. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
  readonly hint: string;
  /** `PATH_IN_THE_WAY`: something in the folder is not what a generated project has there. */
  readonly code: 'NOT_USABLE' | 'PATH_IN_THE_WAY';
  constructor(message: string, hint: string, code: FolderError['code'] = 'NOT_USABLE') {
    super(message);
    this.hint = hint;
    this.code = code;
  }
}
