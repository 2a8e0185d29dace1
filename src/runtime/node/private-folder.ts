import { chmodSync, existsSync, lstatSync, mkdirSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Whether only this user can have written the folder. Cached data decides which hosts get credentials, or is executed,
 * so data that another user could plant (for example in a cache folder below `/tmp`) is not read; symbolic links are
 * not followed. Windows itself keeps `%LOCALAPPDATA%` private.
 *
 * @throws the error of the file system if the folder does not exist
 */
export function isPrivate(path: string, kind: 'file' | 'folder'): boolean {
  const stats = lstatSync(path);
  if (kind === 'file' ? !stats.isFile() : !stats.isDirectory()) return false;
  return isOwn(stats) && (process.getuid === undefined || (stats.mode & 0o022) === 0);
}

/**
 * Creates a folder that only this user can access.
 *
 * @throws Error if it is a link or owned by another user, and the error of the file system
 */
export function makePrivateFolder(folder: string): void {
  makeFolders(folder);
  const stats = lstatSync(folder);
  if (!stats.isDirectory() || !isOwn(stats)) throw new Error(`${folder} is not a folder owned by this user.`);
  chmodSync(folder, 0o700); // it may already have existed
}

/** Not `recursive`: below `/proc`, where nothing can be made, Node would try without end. */
function makeFolders(folder: string): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolders(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it.
    if (!existsSync(folder)) throw error;
  }
}

const isOwn = ({ uid }: Stats): boolean => process.getuid === undefined || uid === process.getuid();
