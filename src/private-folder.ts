import { chmodSync, lstatSync, mkdirSync, type Stats } from 'node:fs';

/**
 * Nobody else can have written what is here. What a cache holds decides which hosts get credentials, or is run, so what
 * another user could plant (a cache folder below `/tmp`, say) is not read; a symbolic link is not followed. Windows keeps
 * `%LOCALAPPDATA%` private itself.
 *
 * @throws the error of the file system where there is nothing
 */
export function isPrivate(path: string, kind: 'file' | 'folder'): boolean {
  const stats = lstatSync(path);
  if (kind === 'file' ? !stats.isFile() : !stats.isDirectory()) return false;
  return isOwn(stats) && (process.getuid === undefined || (stats.mode & 0o022) === 0);
}

/**
 * Makes a folder that only this user can look into.
 *
 * @throws Error where it is a link or somebody else's, and the error of the file system
 */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stats = lstatSync(folder);
  if (!stats.isDirectory() || !isOwn(stats)) throw new Error(`${folder} is not a folder owned by this user.`);
  chmodSync(folder, 0o700); // it may have stood there before
}

const isOwn = ({ uid }: Stats): boolean => process.getuid === undefined || uid === process.getuid();
