import { chmodSync, lstatSync, mkdirSync, type Stats } from 'node:fs';

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
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stats = lstatSync(folder);
  if (!stats.isDirectory() || !isOwn(stats)) throw new Error(`${folder} is not a folder owned by this user.`);
  chmodSync(folder, 0o700); // it may already have existed
}

const isOwn = ({ uid }: Stats): boolean => process.getuid === undefined || uid === process.getuid();
