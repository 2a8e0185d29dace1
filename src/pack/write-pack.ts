import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf } from '../runtime/errors.ts';
import { replaceFile } from '../runtime/node/replace-file.ts';
import { PackError } from './pack-error.ts';
import { jsonText, type PackFile } from './pack-source.ts';

/** Lists the files of a pack, so that the next run knows which are its own. */
export const PACK_MARK = '.openapi-mcp-pack.json';

export interface WritePack {
  readonly folder: string;
  readonly target: string;
  readonly files: readonly PackFile[];
  /** Replace what an earlier run wrote. */
  readonly overwrite: boolean;
}

/**
 * Checks that a pack can be written: the folder is new or empty, or has the files of an earlier run and nothing of the
 * user's at the paths of the new ones.
 *
 * @returns the function that writes it
 * @throws PackError
 */
export function preparePack({ folder, target, files, overwrite }: WritePack): () => void {
  const earlier = earlierFiles(folder);
  if (earlier !== undefined && !overwrite) {
    throw new PackError(`${folder} has a pack already.`, 'Replace it with --overwrite, or choose another --out.');
  }
  if (earlier === undefined && !isEmpty(folder)) {
    throw new PackError(`${folder} is not empty.`, 'Choose a new or empty folder with --out.');
  }
  for (const { path } of files) checkPath(folder, path, earlier ?? []);
  return () => {
    const paths = files.map(({ path }) => path);
    const kept = new Set(paths);
    for (const path of earlier ?? []) if (!kept.has(path)) removeFile(folder, path);
    for (const { path, content } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      replaceFile(join(folder, path), content);
    }
    mkdirSync(folder, { recursive: true });
    replaceFile(join(folder, PACK_MARK), jsonText({ writtenBy: 'openapi-mcp pack', target, files: paths }));
  };
}

function isEmpty(folder: string): boolean {
  const stats = statsOf(folder);
  if (stats === undefined) return true;
  try {
    return readdirSync(folder).length === 0;
  } catch {
    throw new PackError(`${folder} is not a folder.`, 'Choose a new or empty folder with --out.');
  }
}

/** The files of an earlier run; `undefined` if the folder is not a pack. Paths that lead out of it are ignored. */
function earlierFiles(folder: string): readonly string[] | undefined {
  const mark = join(folder, PACK_MARK);
  if (!statsOf(mark)?.isFile()) return undefined;
  try {
    const { files }: { files?: unknown } = Object(JSON.parse(readFileSync(mark, 'utf8')));
    return Array.isArray(files) ? files.filter((path): path is string => isInside(path)) : [];
  } catch {
    return [];
  }
}

const isInside = (path: unknown): boolean =>
  typeof path === 'string' && path.split('/').every((part) => /^[^\\/:\0]+$/.test(part) && !/^\.+$/.test(part));

/** Every component above a file is a folder and not a link; the file is new, or of the earlier run. */
function checkPath(folder: string, path: string, earlier: readonly string[]): void {
  const parts = path.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const part = parts.slice(0, depth).join('/');
    const stats = statsOf(join(folder, part));
    if (stats === undefined) return;
    const isLast = depth === parts.length;
    if (isLast ? stats.isFile() && earlier.includes(path) : stats.isDirectory()) continue;
    throw new PackError(
      `${join(folder, part)} was not written by pack, and will not be overwritten.`,
      'Move it away, or choose another folder with --out.',
    );
  }
}

function removeFile(folder: string, path: string): void {
  const parts = path.split('/').slice(0, -1);
  const above = parts.map((_, index) => join(folder, ...parts.slice(0, index + 1)));
  if (!above.every((each) => statsOf(each)?.isDirectory()) || !statsOf(join(folder, path))?.isFile()) return;
  rmSync(join(folder, path));
  for (const each of above.reverse()) if (readdirSync(each).length === 0) rmSync(each, { recursive: true });
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(String(codeOf(error)))) return undefined;
    throw error;
  }
}
