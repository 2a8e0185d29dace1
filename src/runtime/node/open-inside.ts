import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readlink, realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';

/** What came of it. Whoever gets a file closes it. */
export type Opening =
  | { readonly kind: 'opened'; readonly file: FileHandle; readonly real: string; readonly size: number }
  /** Beyond the folder; whether there is something is not told. */
  | { readonly kind: 'outside' }
  /** A folder, a FIFO, a device. */
  | { readonly kind: 'irregular' }
  /** Nothing is there. */
  | { readonly kind: 'missing' }
  /** It is there, inside, and cannot be opened. */
  | { readonly kind: 'denied'; readonly error: NodeJS.ErrnoException };

/** A folder as it was when it was first looked at: a link that takes its place later leads nowhere. */
export interface Root {
  /** Without symbolic links. */
  readonly real: string;
  /** The same as the kernel writes it, where it says so: a disk may take `A` for `a`. */
  readonly kernel: string | undefined;
}

/** @throws the error of the file system where there is no such folder */
export async function rootOf(folder: string): Promise<Root> {
  const real = await realpath(folder);
  const file = await open(real, constants.O_RDONLY).catch(() => undefined); // Windows opens no folders
  if (!file) return { real, kernel: undefined };
  try {
    return { real, kernel: await kernelPath(file) };
  } finally {
    await file.close();
  }
}

/**
 * Opens a regular file inside a folder, links on the way resolved. A path that was checked may name something else by the
 * time it is opened, when somebody swaps a folder for a link meanwhile. So the path decides only what is tried, and the
 * open file itself is judged: by the path that the kernel has for it, else by being what the path names before and after.
 */
export async function openInside(path: string, root: Root): Promise<Opening> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) return { kind: 'missing' };
  if (!isBelow(root.real, real)) return { kind: 'outside' };
  let file: FileHandle | undefined;
  try {
    const before = await lstat(real);
    // Not opened at all: opening a device can do something already.
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
    // A link has come into the way since the path was resolved (ELOOP, of O_NOFOLLOW), or nothing is left there.
    if (error.code === 'ELOOP') return { kind: 'outside' };
    return MISSING.has(error.code ?? '') ? { kind: 'missing' } : { kind: 'denied', error };
  }
}

const MISSING: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);

/** `open` of macOS: no component may be a symbolic link. Node has no name for it. */
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
  // Twice: what was swapped only while it was opened has another identity on one side of it.
  const after = await lstat(real);
  const same = [before, after].every(({ ino, dev }) => ino === opened.ino && dev === opened.dev);
  return same && (await realpath(real)) === real;
}

/**
 * Where an open file is now, whatever path it was opened by (proc(5), `/proc/pid/fd`); `undefined` on systems that do not
 * tell. `/dev/fd` of others holds no links.
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
