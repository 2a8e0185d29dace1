/** A project cannot be generated into the folder. The message says why, and `hint` what to do. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
  readonly hint: string;
  /** `PATH_IN_THE_WAY`: something in the folder is not what a generated project has at that path. */
  readonly code: 'NOT_USABLE' | 'PATH_IN_THE_WAY';
  constructor(message: string, hint: string, code: FolderError['code'] = 'NOT_USABLE') {
    super(message);
    this.hint = hint;
    this.code = code;
  }
}
