import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  type Stats,
  statSync,
  unlinkSync,
} from 'node:fs';
import { join, posix } from 'node:path';
import { replaceFile } from '../runtime/node/replace-file.ts';
import { FolderError } from './folder-error.ts';

/** The files of a project, by paths relative to its folder, with `/`. No path leads out of the folder. */
export interface ProjectFiles {
  /** `undefined` if there is none. */
  read(path: string): string | undefined;
  /** Atomic; creates missing folders. */
  write(path: string, text: string): void;
  /** Also removes folders that become empty, up to the project's own. */
  remove(path: string): void;
  /** TypeScript files below `src`, without links, large files and files with unusual names. */
  sources(): readonly string[];
  /** Whether it is empty or contains only a new repository. */
  isEmpty(): boolean;
}

/** Emitted files stay below 1 MB. A much larger file belongs to the user and cannot be compared. */
const MAX_BYTES = 16_000_000;

/**
 * A project may be a clone or a pull request of a stranger, so everything below its folder is untrusted: each component
 * of a path is checked before it is used, and a symbolic link, or anything else that is not a regular file, stops the
 * run. The folder itself was named by the user, and may be a link.
 *
 * @throws FolderError if the folder is not a folder; so do its methods for paths that cannot be used
 */
export function projectFiles(folder: string): ProjectFiles {
  assertFolder(folder);
  return {
    read: (path) => readText(folder, path),
    write(path, text) {
      makeFolders(folder, path);
      const found = fileAt(folder, path);
      // Keeps the file executable if it was.
      replaceFile(found.full, text, found.stats && found.stats.mode & 0o777);
    },
    remove(path) {
      const found = fileAt(folder, path);
      if (found.stats) unlinkSync(found.full);
      removeEmptyFolders(folder, posix.dirname(path));
    },
    sources: () => (isFolder(folder, SOURCE_FOLDER) ? sourcesBelow(folder) : []),
    isEmpty: () => statsOf(folder) === undefined || readdirSync(folder).every((name) => name === '.git'),
  };
}

function assertFolder(folder: string): void {
  if (statsOf(folder) === undefined) return;
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new FolderError(`${folder} is not a folder.`, 'Choose a new or empty folder with --out.');
}

interface FoundFile {
  readonly full: string;
  /** `undefined` if there is none. */
  readonly stats: Stats | undefined;
}

/** A regular file, or nothing; every component above it is a folder and not a link. */
function fileAt(folder: string, path: string): FoundFile {
  const full = join(folder, path);
  const segments = segmentsOf(path);
  for (let depth = 1; depth < segments.length; depth++) {
    if (!isFolder(folder, segments.slice(0, depth).join('/'))) return { full, stats: undefined };
  }
  const stats = statsOf(full);
  if (stats?.isSymbolicLink()) throw linkInTheWay(folder, path);
  if (stats && !stats.isFile()) throw inTheWay(folder, path, 'is not a regular file');
  return { full, stats };
}

/** False if it does not exist. */
function isFolder(folder: string, path: string): boolean {
  const stats = statsOf(join(folder, path));
  if (stats?.isSymbolicLink()) throw linkInTheWay(folder, path);
  if (stats && !stats.isDirectory()) throw inTheWay(folder, path, 'is not a folder');
  return stats !== undefined;
}

function makeFolders(folder: string, path: string): void {
  mkdirSync(folder, { recursive: true });
  const segments = segmentsOf(path);
  for (let depth = 1; depth < segments.length; depth++) {
    const above = segments.slice(0, depth).join('/');
    if (!isFolder(folder, above)) mkdirSync(join(folder, above));
  }
}

function removeEmptyFolders(folder: string, path: string): void {
  if (path === '.' || !isFolder(folder, path) || readdirSync(join(folder, path)).length > 0) return;
  rmdirSync(join(folder, path));
  removeEmptyFolders(folder, posix.dirname(path));
}

const SOURCE_FOLDER = 'src';
/** Users' files are written by hand, so they are small. */
const MAX_SOURCE_BYTES = 1_000_000;
const MOST_FOLDERS = 1_000;

function sourcesBelow(folder: string): readonly string[] {
  const found: string[] = [];
  const folders = [SOURCE_FOLDER];
  for (let at = 0; at < folders.length && at < MOST_FOLDERS; at++) {
    for (const entry of readdirSync(join(folder, folders[at] ?? ''), { withFileTypes: true })) {
      const path = `${folders[at]}/${entry.name}`;
      if (!isSegment(entry.name)) continue;
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile() && path.endsWith('.ts') && (statsOf(join(folder, path))?.size ?? 0) <= MAX_SOURCE_BYTES)
        found.push(path);
    }
  }
  return found.sort();
}

function readText(folder: string, path: string): string | undefined {
  const { full, stats } = fileAt(folder, path);
  if (stats === undefined) return undefined;
  const file = openSync(full, READ_ONLY);
  try {
    // Check the opened file, which may not be the one found a moment ago.
    const opened = fstatSync(file);
    if (!opened.isFile()) throw inTheWay(folder, path, 'is not a regular file');
    if (opened.size > MAX_BYTES) throw inTheWay(folder, path, `is larger than ${MAX_BYTES} bytes`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/** Opening a link fails, and a FIFO does not block. Windows has neither flag. */
const READ_ONLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** A second line of defence: paths come from the generator, or have been compared with what it produces. */
function segmentsOf(path: string): readonly string[] {
  const segments = path.split('/');
  if (!segments.every(isSegment)) throw new Error(`"${path}" is not the path of a generated file.`);
  return segments;
}

const isSegment = (name: string): boolean => /^[A-Za-z0-9._-]+$/.test(name) && !/^\.+$/.test(name);

const statsOf = (path: string): Stats | undefined => lstatSync(path, { throwIfNoEntry: false });

const linkInTheWay = (folder: string, path: string): FolderError =>
  inTheWay(folder, path, 'is a symbolic link, which generate does not follow');

const inTheWay = (folder: string, path: string, what: string): FolderError =>
  new FolderError(
    `${join(folder, path)} ${what}, so nothing was read or written there.`,
    'Remove or rename it, or choose another folder with --out.',
    'PATH_IN_THE_WAY',
  );
