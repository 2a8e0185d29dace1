import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MANIFEST_FILE, readManifest } from './manifest.ts';
import type { Existing, FileChange } from './plan-changes.ts';

/** The folder cannot be generated into; the message says why, `hint` what to do. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/**
 * What stands in the folder of a project.
 *
 * @throws FolderError where the folder holds something else, unless `force` is given
 */
export function existingProject(folder: string, { force }: { readonly force: boolean }): Existing {
  const read = (path: string) => readText(join(folder, path));
  const text = read(MANIFEST_FILE);
  const manifest = text === undefined ? undefined : readManifest(text);
  if (!manifest && !force && !isEmpty(folder)) {
    throw new FolderError(
      `The folder ${folder} is not empty, and no project that was generated there before.`,
      'Give a new or empty folder with --out, or --force to generate into it all the same.',
    );
  }
  return { manifest, read };
}

/** Writes and removes what the changes say. */
export function applyChanges(folder: string, changes: readonly FileChange[]): void {
  for (const { path, action, after } of changes) {
    const target = join(folder, path);
    if (action === 'remove') {
      rmSync(target);
      removeEmpty(dirname(target), folder);
    } else if (after !== undefined && (action === 'add' || action === 'replace' || action === 'conflict')) {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, after);
    }
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

const isEmpty = (folder: string): boolean =>
  !existsSync(folder) || readdirSync(folder).every((name) => name === '.git');

/** A folder that the last generated file has left goes too. */
function removeEmpty(folder: string, root: string): void {
  if (folder === root || readdirSync(folder).length > 0) return;
  rmdirSync(folder);
  removeEmpty(dirname(folder), root);
}
