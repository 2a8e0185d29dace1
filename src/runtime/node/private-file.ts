import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { codeOf } from '../errors.ts';

/** A file that others may read or change, or that belongs to another user. */
export class NotPrivateError extends Error {
  override readonly name = 'NotPrivateError';
}

/**
 * The content of a file that only this user can access; `undefined` if there is none. Symbolic links are not followed.
 *
 * @throws NotPrivateError if others may read or write it: it may have been copied or planted
 * @throws the error of the file system
 */
export async function readPrivateFile(path: string): Promise<string | undefined> {
  let file: FileHandle;
  try {
    // Windows has no O_NOFOLLOW.
    file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { mode, uid } = await file.stat();
    const shared = process.getuid !== undefined && ((mode & 0o077) !== 0 || uid !== process.getuid());
    if (shared) {
      const octal = (mode & 0o777).toString(8).padStart(4, '0');
      throw new NotPrivateError(
        `${path} is not private (mode ${octal}). Delete it, or run chmod 600 on it if nobody else could have changed it.`,
      );
    }
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
