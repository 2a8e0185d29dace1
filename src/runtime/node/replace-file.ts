import { closeSync, constants, fchmodSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Atomically replaces a file: readers see the old file or the new one, never a part of it. The path is
 * replaced, never written through: a symbolic or hard link is removed, and its target is not changed. Whether a link
 * may be replaced is up to the caller.
 *
 * @param mode exactly this mode; default: as the umask sets it for a new file
 * @throws the error of the file system; nothing is left behind
 */
export function replaceFile(path: string, content: string | Uint8Array, mode?: number): void {
  const temporary = join(
    dirname(path),
    `${basename(path)}.${Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString('hex')}.tmp`,
  );
  const file = openSync(temporary, NEW_FILE, mode);
  try {
    try {
      if (mode !== undefined) fchmodSync(file, mode);
      writeFileSync(file, content);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Exclusive: fails if anything exists at the temporary path, even a link (POSIX `open`, O_EXCL). */
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
