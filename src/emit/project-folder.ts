import { FolderError } from './folder-error.ts';
import { MANIFEST_FILE, readManifest } from './manifest.ts';
import type { Existing, FileChange } from './plan-changes.ts';
import type { ProjectFiles } from './project-files.ts';

/**
 * Reads the project in a folder.
 *
 * @throws FolderError if the folder contains something else, unless `force` is set
 */
export function existingProject(
  files: ProjectFiles,
  { folder, force }: { readonly folder: string; readonly force: boolean },
): Existing {
  const manifest = readManifest(files.read(MANIFEST_FILE));
  if (!manifest && !force && !files.isEmpty()) {
    throw new FolderError(
      `The folder ${folder} is not empty and does not contain a generated project.`,
      'Choose a new or empty folder with --out, or pass --force to generate into it anyway.',
    );
  }
  return { manifest, read: files.read };
}

/** Writes and removes files according to the changes. */
export function applyChanges(files: ProjectFiles, changes: readonly FileChange[]): void {
  for (const { path, action, after } of changes) {
    if (action === 'remove') files.remove(path);
    else if (after !== undefined && (action === 'add' || action === 'replace' || action === 'conflict')) {
      files.write(path, after);
    }
  }
}
