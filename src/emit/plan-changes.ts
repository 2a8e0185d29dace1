import type { EmittedFile } from './emitted-file.ts';
import { MANIFEST_FILE, type Manifest, manifestText, textHash } from './manifest.ts';

/** What happens to one file. */
export interface FileChange {
  readonly path: string;
  /**
   * `conflict`: a generated file that was changed by hand, or another file at its path. `keep`: it belongs to the user,
   * and differs from what would be generated.
   */
  readonly action: 'add' | 'replace' | 'remove' | 'same' | 'keep' | 'conflict';
  readonly before?: string;
  readonly after?: string;
}

/** What is on disk. */
export interface Existing {
  readonly manifest: Manifest | undefined;
  /** The text of a file; `undefined` if it does not exist. */
  read(path: string): string | undefined;
}

/** What a run would do: files sorted by path, the manifest last. Nothing is written. */
export function planChanges(
  files: readonly EmittedFile[],
  existing: Existing,
  made: Pick<Manifest, 'generator' | 'runtime'>,
): FileChange[] {
  const { manifest } = existing;
  const produced = new Set(files.map(({ path }) => path));
  const gone = [...(manifest?.generated.keys() ?? [])].filter((path) => !produced.has(path));
  const changes = [
    ...files.map((file) => changeOf(file, existing)),
    ...gone.flatMap((path) => removal(path, existing)),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  return [...changes, manifestChange(files, changes, existing, made)];
}

export function changeOf({ path, text, owner }: EmittedFile, { manifest, read }: Existing): FileChange {
  const before = read(path);
  if (before === undefined) {
    // A file that the user deleted is not created again.
    if (owner === 'user' && manifest?.handedOver.includes(path)) return { path, action: 'same' };
    return { path, action: 'add', after: text };
  }
  if (textHash(before) === textHash(text)) return { path, action: 'same', before, after: text };
  if (owner === 'user') return { path, action: 'keep', before };
  if (manifest?.generated.get(path) === textHash(before)) return { path, action: 'replace', before, after: text };
  return { path, action: owner === 'document' ? 'keep' : 'conflict', before, after: text };
}

function removal(path: string, { manifest, read }: Existing): FileChange[] {
  const before = read(path);
  if (before === undefined) return [];
  const untouched = manifest?.generated.get(path) === textHash(before);
  return [{ path, action: untouched ? 'remove' : 'keep', before }];
}

function manifestChange(
  files: readonly EmittedFile[],
  changes: readonly FileChange[],
  { manifest, read }: Existing,
  made: Pick<Manifest, 'generator' | 'runtime'>,
): FileChange {
  const kept = new Set(changes.filter(({ action }) => action === 'keep').map(({ path }) => path));
  // If the user changed a file that they own, its hash is kept, so that undoing the change makes it ours again.
  const hashOf = ({ path, text }: EmittedFile) => (kept.has(path) ? manifest?.generated.get(path) : textHash(text));
  const generated = files
    .filter(({ owner }) => owner !== 'user')
    .flatMap((file) => {
      const hash = hashOf(file);
      return hash === undefined ? [] : [[file.path, hash] as const];
    });
  const handedOver = files.filter(({ owner }) => owner === 'user').map(({ path }) => path);
  const after = manifestText({
    ...made,
    generated: new Map(generated),
    handedOver: [...new Set([...(manifest?.handedOver ?? []), ...handedOver])].sort(),
  });
  return manifestWrite(after, read);
}

/** Users do not edit the manifest, so it is always replaced. */
export function manifestWrite(after: string, read: Existing['read']): FileChange {
  const before = read(MANIFEST_FILE);
  if (before === undefined) return { path: MANIFEST_FILE, action: 'add', after };
  return { path: MANIFEST_FILE, action: textHash(before) === textHash(after) ? 'same' : 'replace', before, after };
}
