import type { FileHandle } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { type HttpResponse, type HttpSender, headerValue } from '../api/http.ts';
import type { FileAccess, FileContent } from '../api/serialize/files.ts';
import { CallError } from '../call-error.ts';
import { type Opening, openInside, type Root, rootOf } from './open-inside.ts';

export interface FileAccessOptions {
  /** Folders whose files may be read. Empty: no paths at all. */
  readonly directories: readonly string[];
  /** `https://files.example.com`; scheme, host and port must match. Empty: no URLs at all. */
  readonly urlOrigins: readonly string[];
  /** Maximum size of one file, in bytes. Default 20 MiB. */
  readonly maxBytes?: number;
  /** Fetches from the allowed origins, and decides which addresses may be connected to. Follows no redirects. */
  readonly send: HttpSender;
}

const MAX_BYTES = 20 * 1024 * 1024;

/** Reads the files that arguments name by path or URL, if the options allow it. */
export function fileAccess({ directories, urlOrigins, maxBytes = MAX_BYTES, send }: FileAccessOptions): FileAccess {
  const folders = directories.map(folderOf);
  const origins = new Set(urlOrigins.map((origin) => new URL(origin).origin));
  return {
    ...(directories.length && { readPath: (path) => readPath(path, { folders, maxBytes }) }),
    ...(origins.size && { readUrl: (url, signal) => readUrl(url, { origins, maxBytes, send, signal }) }),
  };
}

interface PathOptions {
  readonly folders: readonly Folder[];
  readonly maxBytes: number;
}

/** An allowed directory. */
interface Folder {
  readonly directory: string;
  /** Its identity when the server started, or when it first existed. */
  readonly root: () => Promise<Root | undefined>;
}

function folderOf(directory: string): Folder {
  let found: Promise<Root | undefined> | undefined;
  const root = async () => {
    found ??= rootOf(directory).catch(() => undefined);
    const root = await found;
    if (!root) found = undefined;
    return root;
  };
  void root();
  return { directory, root };
}

/**
 * Opens a regular file whose real path is inside an allowed folder. A relative path is tried in each of them. For paths
 * outside, the error does not reveal whether the file exists.
 */
async function readPath(path: string, { folders, maxBytes }: PathOptions): Promise<FileContent> {
  for (const { directory, root } of folders) {
    const real = await root();
    const opening = real && (await openInside(isAbsolute(path) ? path : join(directory, path), real));
    if (opening?.kind === 'opened') return readOpened(opening, maxBytes);
    if (opening?.kind === 'irregular')
      throw refused('The path is not a regular file.', 'Pass a file, not a directory.');
    if (opening?.kind === 'denied') {
      throw refused('The file cannot be opened.', 'Check that the server is allowed to read it.', opening.error);
    }
  }
  throw refused(
    'The file is not in an allowed directory, or does not exist.',
    'Pass a file in a folder of --allow-files.',
  );
}

async function readOpened(
  { file, real, size }: Extract<Opening, { kind: 'opened' }>,
  maxBytes: number,
): Promise<FileContent> {
  try {
    if (size > maxBytes) throw tooLarge(maxBytes);
    return { bytes: await readUpTo(file, maxBytes), filename: basename(real) };
  } finally {
    await file.close();
  }
}

/** The file may have grown since its size was read. */
async function readUpTo(file: FileHandle, maxBytes: number): Promise<Uint8Array> {
  return collect(file.createReadStream({ autoClose: false, end: maxBytes }), maxBytes);
}

interface UrlOptions {
  readonly origins: ReadonlySet<string>;
  readonly maxBytes: number;
  readonly send: HttpSender;
  readonly signal: AbortSignal;
}

const MAX_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

async function readUrl(text: string, options: UrlOptions): Promise<FileContent> {
  let url = allowedUrl(text, options.origins);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await options.send({
      method: 'GET',
      url: url.href,
      headers: [
        ['Accept', '*/*'],
        ['Accept-Encoding', 'identity'],
      ],
      signal: options.signal,
    });
    const location = REDIRECTS.has(response.status) ? headerValue(response.headers, 'location') : undefined;
    if (location === undefined) return fileOf(response, url, options.maxBytes);
    await discard(response);
    url = allowedUrl(location, options.origins, url);
  }
  throw refused(`The file is behind more than ${MAX_REDIRECTS} redirects.`, 'Pass the final address.');
}

function allowedUrl(text: string, origins: ReadonlySet<string>, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : undefined;
  if (!url || !origins.has(url.origin) || url.username !== '' || url.password !== '') {
    throw refused(
      base ? 'The file’s address redirects to an origin that is not allowed.' : 'The origin of the URL is not allowed.',
      'Use a URL from an origin in --allow-file-urls, without user name and password.',
    );
  }
  url.hash = '';
  return url;
}

async function fileOf(response: HttpResponse, url: URL, maxBytes: number): Promise<FileContent> {
  const encoding = headerValue(response.headers, 'content-encoding') ?? 'identity';
  if (response.status < 200 || response.status > 299 || encoding.toLowerCase() !== 'identity') {
    await discard(response);
    throw refused(
      response.status < 200 || response.status > 299
        ? `The file’s address responded with status ${response.status}.`
        : 'The file’s address returned compressed content, which was not requested.',
      'Check the URL, or send the content in base64.',
    );
  }
  const contentType = headerValue(response.headers, 'content-type');
  const filename = filenameOf(url);
  return {
    bytes: await collect(response.body, maxBytes),
    ...(filename !== undefined && { filename }),
    ...(contentType !== undefined && { contentType }),
  };
}

/** The last path segment, if any. */
function filenameOf({ pathname }: URL): string | undefined {
  const segment = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return segment === '' ? undefined : decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Cancels the response, which frees its connection. */
async function discard({ body }: HttpResponse): Promise<void> {
  for await (const _chunk of body) break;
}

async function collect(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge(maxBytes);
    parts.push(chunk);
  }
  return new Uint8Array(Buffer.concat(parts, length));
}

function tooLarge(maxBytes: number): CallError {
  return refused(`The file is larger than ${maxBytes} bytes.`, 'Send a smaller file.');
}

function refused(message: string, hint: string, cause?: unknown): CallError {
  return new CallError('FILE_REFUSED', message, { hint, ...(cause !== undefined && { cause }) });
}
