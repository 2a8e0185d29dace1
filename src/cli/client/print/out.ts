import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { codeOf } from '../../../runtime/errors.ts';
import { tell, usageError } from '../../output/report.ts';
import type { Part } from './parts.ts';
import { safeFileName } from './safe-file-name.ts';

/** Where `--out` writes files. */
export type Out = { readonly folder: string } | { readonly file: string };

/**
 * A folder if it exists as one, or is written with a trailing slash; otherwise a file, which must not exist yet. This
 * is checked before the call.
 *
 * @throws CommandError
 */
export function outOf(path: string): Out {
  const isFolder = /[/\\]$/.test(path) || (existsSync(path) && statSync(path).isDirectory());
  if (isFolder) return { folder: path };
  if (!existsSync(path)) return { file: path };
  throw usageError(`--out: "${path}" already exists and will not be overwritten.`, 'Choose another name, or a folder.');
}

/**
 * Writes a result. To a file: its only file, or all its text. To a folder: each file under its own name. Existing files
 * are kept, and files with the same name get a number.
 *
 * @returns the parts that were not written and must be printed
 * @throws CommandError if writing fails
 */
export function writeParts(parts: readonly Part[], out: Out, name: string): readonly Part[] {
  if (parts.length === 0) return [];
  const files = parts.flatMap((part) => (part.kind === 'file' ? [part] : []));
  const text = parts.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('\n');
  const all = files.length > 0 ? files : [{ name: textFileName(name, text), bytes: Buffer.from(`${text}\n`) }];
  for (const file of all) save(file, out);
  return files.length > 0 ? parts.filter(({ kind }) => kind === 'text') : [];
}

function save({ name, bytes }: { name: string; bytes: Uint8Array }, out: Out): void {
  const wanted = 'file' in out ? out.file : join(out.folder, name);
  try {
    mkdirSync(dirname(wanted), { recursive: true });
    for (let count = 1; ; count++) {
      const path = count === 1 ? wanted : numbered(wanted, count);
      if (!tryWrite(path, bytes)) continue;
      tell(`wrote ${path} (${bytes.length} bytes)`);
      return;
    }
  } catch (error) {
    const reason = String(codeOf(error) ?? error);
    throw usageError(`--out: "${wanted}" cannot be written (${reason}).`, 'Choose another place.');
  }
}

/** `wx`: fails if the file was created in the meantime. */
function tryWrite(path: string, bytes: Uint8Array): boolean {
  try {
    writeFileSync(path, bytes, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function numbered(path: string, count: number): string {
  const extension = extname(path);
  return `${path.slice(0, path.length - extension.length)}-${count}${extension}`;
}

/** Tools of other servers can have any name: `issues/create`, `../x`. */
const textFileName = (name: string, text: string): string =>
  `${safeFileName(name)}.${/^\s*[{[]/.test(text) ? 'json' : 'txt'}`;
