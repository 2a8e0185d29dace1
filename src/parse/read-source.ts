import type { Stats } from 'node:fs';
import { createReadStream } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nearest } from '../runtime/text/nearest.ts';
import { DocumentError } from './api-document.ts';
import { collect } from './fetch-source.ts';
import { findDocument } from './find-document.ts';
import { fetchOrFind } from './find-on-server.ts';
import { publicAddress } from './public-address.ts';
import type { Base, DocumentSource, RawSource, ReadOptions, TextSource } from './source.ts';

/**
 * Reads the bytes of a document from any source.
 *
 * @throws DocumentError if it cannot be read, or is larger than `maxBytes`
 */
export async function readSource(source: DocumentSource, options: ReadOptions): Promise<RawSource> {
  if (source instanceof URL) return readAddress(source.href, options);
  if (typeof source === 'string') return readAddress(source, options);
  if (isText(source)) return memorySource(source.text, source.location);
  return memorySource(plainJson(source), undefined);
}

const isText = (source: TextSource | Readonly<Record<string, unknown>>): source is TextSource =>
  typeof source.text === 'string' && !('openapi' in source) && !('swagger' in source);

async function readAddress(address: string, options: ReadOptions): Promise<RawSource> {
  if (address === '-') return readStdin(options);
  if (/^https?:\/\//i.test(address)) return readWeb(address, options);
  if (/^\s*[{[<]|\n/.test(address)) {
    throw new DocumentError('This is the text of a document, not its path or URL.', {
      location: 'memory',
      fix: 'Pass `{ text }` for a document in memory, or `-` to read it from stdin.',
    });
  }
  // A single letter is a Windows drive.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(address)?.[1]?.toLowerCase();
  if (scheme === 'file') return readPath(filePath(address), options);
  if (scheme !== undefined && address.includes('://')) {
    throw new DocumentError(`Documents cannot be read from "${scheme}:" addresses.`, {
      location: address,
      fix: 'Pass a path, an http(s) URL, or - for stdin.',
    });
  }
  return readPath(address, options);
}

function filePath(address: string): string {
  try {
    return fileURLToPath(address);
  } catch (cause) {
    throw new DocumentError('This is not a usable file URL.', {
      location: address,
      fix: 'Pass the path instead.',
      cause,
    });
  }
}

function readWeb(address: string, options: ReadOptions): Promise<RawSource> {
  if (!URL.canParse(address)) {
    throw new DocumentError('This is not a usable URL.', { location: address, fix: 'Check the address.' });
  }
  return fetchOrFind(address, { ...options, headersOrigin: new URL(address).origin });
}

async function readPath(path: string, options: ReadOptions): Promise<RawSource> {
  const stats = await statOf(path);
  if (!stats.isDirectory()) return readDocument({ path, folder: dirname(path), stats }, options);
  const found = await findDocument(path);
  return readDocument({ path: found, folder: path, stats: await statOf(found) }, options);
}

async function readDocument(
  { path, folder, stats }: { readonly path: string; readonly folder: string; readonly stats: Stats },
  { maxBytes }: ReadOptions,
): Promise<RawSource> {
  // A special file (a pipe such as /dev/fd/63) has no size, and may have no real path.
  const bytes = stats.isFile()
    ? await readFileWithin(path, stats.size, maxBytes)
    : await collect(createReadStream(path), maxBytes, () => tooLarge(path, maxBytes));
  const url = pathToFileURL(stats.isFile() ? await realpath(path) : resolve(path)).href;
  return { bytes, location: path, base: { kind: 'folder', url, folder: await realpath(folder) }, notModified: false };
}

async function readFileWithin(path: string, size: number, maxBytes: number): Promise<Uint8Array> {
  if (size > maxBytes) throw tooLarge(path, maxBytes);
  return readFile(path).catch((error) => unreadable(path, error));
}

const statOf = (path: string): Promise<Stats> => stat(path).catch((error) => unreadable(path, error));

async function unreadable(path: string, error: unknown): Promise<never> {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') {
    const why =
      code === 'EACCES' || code === 'EPERM' ? 'cannot be read: permission denied' : `cannot be read (${code})`;
    throw new DocumentError(`The file ${why}.`, { location: path, fix: 'Check its permissions.', cause: error });
  }
  const names = await readdir(dirname(path)).catch(() => []);
  const near = nearest(basename(path), names);
  const meant = near ?? urlMeant(path);
  const fix =
    meant === undefined ? 'Check the path. Relative paths start at the current folder.' : `Did you mean "${meant}"?`;
  throw new DocumentError('The file does not exist.', { location: path, fix, cause: error });
}

/** `localhost:8000/openapi.json`, `api.example.com/v1` */
function urlMeant(path: string): string | undefined {
  const [, local] = /^(localhost|127\.0\.0\.1|\[::1\]|[\w-]+(?=:\d))(?::\d+)?(?:\/|$)/i.exec(path) ?? [];
  if (local !== undefined) return `http://${path}`;
  return /^(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?\//i.test(path) ? `https://${path}` : undefined;
}

async function readStdin({ stdin, maxBytes }: ReadOptions): Promise<RawSource> {
  if (!stdin) {
    throw new DocumentError('stdin is not available.', {
      location: '-',
      fix: 'Pass a path or URL.',
    });
  }
  return {
    bytes: await collect(stdin, maxBytes, () => tooLarge('-', maxBytes)),
    location: '-',
    base: { kind: 'none' },
    notModified: false,
  };
}

async function memorySource(text: string, location: string | undefined): Promise<RawSource> {
  const bytes = Buffer.from(text, 'utf8');
  return { bytes, location: publicAddress(location ?? 'memory'), base: await memoryBase(location), notModified: false };
}

async function memoryBase(location: string | undefined): Promise<Base> {
  if (location === undefined) return { kind: 'none' };
  if (/^https?:\/\//i.test(location) && URL.canParse(location)) {
    const { href, origin } = new URL(location);
    return { kind: 'web', url: publicAddress(href), origin };
  }
  const path = /^file:/i.test(location) ? filePath(location) : resolve(location);
  // The file itself need not exist, but without its folder references cannot be resolved.
  const folder = await realpath(dirname(path)).catch(() => undefined);
  if (folder === undefined) return { kind: 'none' };
  return { kind: 'folder', url: pathToFileURL(resolve(folder, basename(path))).href, folder };
}

/** The object as text, so that later changes to it have no effect here. */
function plainJson(source: Readonly<Record<string, unknown>>): string {
  try {
    return JSON.stringify(source);
  } catch (cause) {
    const why = cause instanceof RangeError ? 'is nested too deeply' : 'contains itself, or a bigint';
    throw new DocumentError(`The document is not plain JSON: it ${why}.`, {
      location: 'memory',
      fix: 'Pass the document with its $refs, not a dereferenced one.',
      cause,
    });
  }
}

const tooLarge = (location: string, maxBytes: number): DocumentError =>
  new DocumentError(`The document is larger than ${maxBytes} bytes.`, {
    location,
    fix: 'Use a smaller document, or raise the limit.',
  });
