/** A file of an emitted project. */
export interface EmittedFile {
  /** Relative to the project's folder, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly owner: Owner;
}

/**
 * Who owns a file after it has been written. `generated`: replaced by each run; a file that was changed by hand stops
 * the run. `document`: replaced as well, but once changed by hand it belongs to the user. `user`: written once.
 */
export type Owner = 'generated' | 'document' | 'user';

/** No emitted file is larger, because editors, reviews and hosts have trouble with large files. */
export const MAX_FILE_BYTES = 1_000_000;

export const byteLength = (text: string): number => Buffer.byteLength(text);
