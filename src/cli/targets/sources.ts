import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Watched } from '../../dev/watch-files.ts';
import type { OpenedTarget } from './opened-target.ts';

/** The files that a target was read from. Of code, its folder: modules import others. */
export function sourcesOf({ apis, files }: OpenedTarget, envFile: string | undefined): Watched {
  const documents = apis.flatMap(({ api }) => api.files.map(({ location }) => location)).filter(isPath);
  const named = files.filter((file) => !isFolder(file));
  return {
    files: [...documents, ...named, ...(envFile === undefined ? [] : [resolve(envFile)])],
    codeFolders: [...new Set(named.filter((file) => /\.[cm]?[jt]s$/i.test(file)).map((file) => dirname(file)))],
  };
}

/** Not a URL, `-` or `memory`. */
const isPath = (location: string): boolean => location === resolve(location);

/** Folders are named as places for files to send, not to read the config from. */
const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
