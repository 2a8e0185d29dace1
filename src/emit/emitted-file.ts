/** A file of an emitted project. */
export interface EmittedFile {
  /** From the project's folder, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly owner: Owner;
}

/**
 * Whose a file is once it is written. `generated`: replaced by each run; one that was changed by hand stops the run.
 * `document`: replaced too, but one that was changed is its owner's from then on. `user`: written once.
 */
export type Owner = 'generated' | 'document' | 'user';

/** No emitted file is larger: editors, reviews and hosts have trouble with those that are. */
export const MAX_FILE_BYTES = 1_000_000;

export const byteLength = (text: string): number => Buffer.byteLength(text);
