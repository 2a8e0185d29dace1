import { randomBytes } from 'node:crypto';
import { closeSync, constants, fchmodSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Puts a text in the place of a file in one step: readers see the old file or the new one, never a part of it. What
 * stands at the path is replaced, never written through: a symbolic or hard link loses its name here, and the file that
 * it led to stays as it is. Whether a link may be replaced is for the caller to decide.
 *
 * @param mode exactly this one; left out: what the umask makes of a new file
 * @throws the error of the file system; nothing is left behind
 */
export function replaceFile(path: string, text: string, mode?: number): void {
  const temporary = join(dirname(path), `${basename(path)}.${randomBytes(8).toString('hex')}.tmp`);
  const file = openSync(temporary, NEW_FILE, mode);
  try {
    try {
      if (mode !== undefined) fchmodSync(file, mode);
      writeFileSync(file, text);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Exclusive: whatever is at the temporary name already, a link too, makes it fail (POSIX `open`, O_EXCL). */
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
