import { lstatSync, type Stats } from 'node:fs';
import { codeOf } from '../../runtime/errors.ts';
import { replaceFile } from '../../runtime/node/replace-file.ts';
import { usageError } from './report.ts';

/**
 * Writes the file that an option names. In an untrusted folder, a link may point to any of the user's files, so only
 * regular files are replaced.
 *
 * @param option the option, for messages: `--fix`
 * @throws CommandError
 */
export function writeTextFile(file: string, text: string, option: string): void {
  const stats = statsOf(file);
  if (stats && !stats.isFile()) {
    const what = stats.isSymbolicLink() ? 'a symbolic link' : 'not a regular file';
    throw usageError(`${option}: "${file}" is ${what} and will not be overwritten.`, 'Pass the path of a new file.');
  }
  try {
    replaceFile(file, text, stats && stats.mode & 0o777);
  } catch (error) {
    const reason = String(codeOf(error) ?? error);
    throw usageError(`${option}: "${file}" cannot be written (${reason}).`, 'Pass the path of a new file.');
  }
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}
