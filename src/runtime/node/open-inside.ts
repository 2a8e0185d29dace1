import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readlink, realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';

/** The outcome. The receiver of a file must close it. */
export type Opening =
  | { readonly kind: 'opened'; readonly file: FileHandle; readonly real: string; readonly size: number }
  /** Outside the folder; whether the file exists is not revealed. */
  | { readonly kind: 'outside' }
  /** A folder, a FIFO, a device. */
  | { readonly kind: 'irregular' }
  /** Nothing is there. */
  | { readonly kind: 'missing' }
  /** It exists inside the folder, but cannot be opened. */
  | { readonly kind: 'denied'; readonly error: NodeJS.ErrnoException };

/** A folder as it was first resolved: a link that later takes its place has no effect. */
export interface Root {
  /** Without symbolic links. */
  readonly real: string;
  /** The same path as the kernel writes it, if available: a file system may treat `A` as `a`. */
  readonly kernel: string | undefined;
}

/** @throws the file system's error if the folder does not exist */
export async function rootOf(folder: string): Promise<Root> {
  const real = await realpath(folder);
  const file = await open(real, constants.O_RDONLY).catch(() => undefined); // Windows cannot open folders
  if (!file) return { real, kernel: undefined };
  try {
    return { real, kernel: await kernelPath(file) };
  } finally {
    await file.close();
  }
}

/**
 * Opens a regular file inside a folder, with links resolved. A checked path may name something else by the time it is
 * opened, if somebody replaces a folder with a link. So the path is only a candidate, and the open file itself is
 * checked: by the path that the kernel reports for it, otherwise by comparing its identity with that of the path before
 * and after.
 */
export async function openInside(path: string, root: Root): Promise<Opening> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) return { kind: 'missing' };
  if (!isBelow(root.real, real)) return { kind: 'outside' };
  let file: FileHandle | undefined;
  try {
    const before = await lstat(real);
    // Not opened at all: opening a device can have side effects.
    if (!before.isFile()) return { kind: 'irregular' };
    file = await open(real, FLAGS);
    const opened = await file.stat();
    const inside = await isOpenedInside(file, { root, real, before, opened });
    if (inside && opened.isFile()) return { kind: 'opened', file, real, size: opened.size };
    await file.close();
    return { kind: inside ? 'irregular' : 'outside' };
  } catch (cause) {
    await file?.close();
    const error = cause as NodeJS.ErrnoException; // of node:fs
    // A link was inserted since the path was resolved (ELOOP, from O_NOFOLLOW), or the file is gone.
    if (error.code === 'ELOOP') return { kind: 'outside' };
    return MISSING.has(error.code ?? '') ? { kind: 'missing' } : { kind: 'denied', error };
  }
}

const MISSING: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);

/** `open` on macOS: no component may be a symbolic link. Node has no name for the flag. */
const O_NOFOLLOW_ANY = 0x2000_0000;
/** O_NONBLOCK: opening a FIFO would wait for its other end. Windows has neither. */
const FLAGS =
  constants.O_RDONLY |
  (constants.O_NONBLOCK ?? 0) |
  (process.platform === 'darwin' ? O_NOFOLLOW_ANY : (constants.O_NOFOLLOW ?? 0));

interface Judged {
  readonly root: Root;
  readonly real: string;
  readonly before: Stats;
  readonly opened: Stats;
}

async function isOpenedInside(file: FileHandle, { root, real, before, opened }: Judged): Promise<boolean> {
  const kernel = root.kernel === undefined ? undefined : await kernelPath(file);
  if (root.kernel !== undefined && kernel !== undefined) return isBelow(root.kernel, kernel);
  // Twice: a file swapped only while it was opened has another identity before or after.
  const after = await lstat(real);
  const same = [before, after].every(({ ino, dev }) => ino === opened.ino && dev === opened.dev);
  return same && (await realpath(real)) === real;
}

/**
 * The current path of an open file, whatever path it was opened by (proc(5), `/proc/pid/fd`); `undefined` on systems
 * without it. `/dev/fd` on other systems has no links.
 */
async function kernelPath(file: FileHandle): Promise<string | undefined> {
  try {
    return await readlink(`/proc/self/fd/${file.fd}`);
  } catch {
    return undefined;
  }
}

function isBelow(folder: string, path: string): boolean {
  const below = relative(folder, path);
  return below !== '' && below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
}
