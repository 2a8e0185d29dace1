import { isAbsolute, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Problem, ProblemCode } from '../problems.ts';
import { type Opening, openInside, rootOf } from '../runtime/node/open-inside.ts';
import { DocumentError } from './api-document.ts';
import { decodeText } from './decode-text.ts';
import { externalAddresses } from './external-refs.ts';
import { fetchSource } from './fetch-source.ts';
import { foldDepth } from './fold-depth.ts';
import { parseText } from './parse-text.ts';
import type { Base, ReadOptions } from './source.ts';
import { hashOf } from './source-hash.ts';

/** Another file of a document. */
export interface ExternalFile {
  readonly value: unknown;
  /** For messages: relative to the document's folder, or a URL. */
  readonly location: string;
  /** Its full address: a real path, or a URL. */
  readonly source: string;
  readonly hash: string;
  readonly problems: readonly Problem[];
}
/** Why the file is missing; `message` continues the reference: `is outside the folder …`. */
export interface Failure {
  readonly code: ProblemCode;
  readonly message: string;
}

/** By address. */
export type ExternalFiles = ReadonlyMap<string, ExternalFile | Failure>;

/** Far more than real documents need; a chain of generated files would never end. */
const MAX_FILES = 5000;

/**
 * All files reachable from the addresses, by address. Never throws: a file that cannot be read is a {@link Failure}.
 *
 * swagger-parser crawls; reading, parsing and access checks are ours: files inside the document's folder by real path,
 * the network only with `sendRemoteRefs`. It only receives references, so that a `$ref` in example data is never
 * followed.
 */
export async function loadExternalFiles(
  addresses: Iterable<string>,
  context: {
    readonly base: Base;
    readonly options: ReadOptions;
    /** Files that have already been read. */
    readonly known?: ExternalFiles | undefined;
  },
): Promise<ExternalFiles> {
  const { base, options, known } = context;
  const loaded = new Map<string, ExternalFile | Failure>();
  const addressesOf = (value: unknown, url: string): ReadonlySet<string> =>
    externalAddresses({ '': value }, { ...base, url } as Base);
  const budget = { bytes: options.maxBytes };
  const load = async ({ url }: { url: string }): Promise<{ refs: { $ref: string }[] }> => {
    const readNow = () => (loaded.size < MAX_FILES ? loadFile(url, base, options, budget) : TOO_MANY);
    const file = known?.get(url) ?? (await readNow());
    loaded.set(url, file);
    return 'value' in file ? references(addressesOf(file.value, url)) : NO_REFERENCES;
  };
  const start = references(addresses);
  if (start.refs.length === 0) return loaded; // avoids the import
  const { default: SwaggerParser } = await import('@apidevtools/swagger-parser');
  const mainUrl = base.kind === 'none' ? 'https://document.invalid/' : base.url;
  // swagger-parser rejects documents without version and paths.
  const document = { swagger: '2.0', info: { title: '', version: '' }, paths: {}, ...start };
  await SwaggerParser.resolve(mainUrl, document, {
    continueOnError: true,
    resolve: { file: false, http: false, ours: { order: 1, canRead: true, read: load } },
    // `read` already returns a parsed value.
    parse: { json: false, yaml: false, text: false, binary: false, ours: { order: 1, canParse: true, parse: dataOf } },
  });
  // Sorted by address: files arrive in any order.
  return new Map([...loaded].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const dataOf = ({ data }: { data: unknown }): unknown => data;

const references = (addresses: Iterable<string>): { refs: { $ref: string }[] } => ({
  refs: [...addresses].map(($ref) => ({ $ref })),
});
const NO_REFERENCES = { refs: [] };
const TOO_MANY: Failure = { code: 'UNREADABLE_REF', message: `was not read: there are more than ${MAX_FILES} files.` };

async function loadFile(
  url: string,
  base: Base,
  options: ReadOptions,
  budget: { bytes: number },
): Promise<ExternalFile | Failure> {
  try {
    const read = url.startsWith('file:')
      ? await readLocal(url, base, budget.bytes)
      : await readRemote(url, base, options, budget.bytes);
    if ('code' in read) return read;
    budget.bytes -= read.bytes.byteLength;
    const { text, problems } = decodeText(read.bytes, read.charset);
    const parsed = await parseText(text, read.location);
    const folded = foldDepth(parsed.value, '#');
    const inFile = [...problems, ...parsed.problems, ...folded.problems].map((found) => ({
      ...found,
      pointer: read.location + found.pointer,
    }));
    return {
      value: folded.root,
      location: read.location,
      source: read.source,
      hash: hashOf(read.bytes),
      problems: inFile,
    };
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return { code: 'UNREADABLE_REF', message: `cannot be used. ${error.message}` };
  }
}

interface ReadFile {
  readonly bytes: Uint8Array;
  readonly location: string;
  readonly source: string;
  readonly charset?: string | undefined;
}

async function readLocal(url: string, base: Base, maxBytes: number): Promise<ReadFile | Failure> {
  if (base.kind !== 'folder')
    return { code: 'REF_OUTSIDE_FOLDER', message: 'is a local file, but the document is not.' };
  const path = pathOf(url);
  // First check the path as written, so that errors do not reveal whether an outside file exists; then without symbolic
  // links.
  if (path === undefined || !isInside(base.folder, path)) return outside(base.folder);
  const root = await rootOf(base.folder).catch(() => undefined);
  const opening: Opening = root ? await openInside(path, root) : { kind: 'missing' };
  switch (opening.kind) {
    case 'outside':
      return outside(base.folder);
    case 'irregular':
      return { code: 'UNREADABLE_REF', message: 'is not a file.' };
    case 'missing':
      return { code: 'UNREADABLE_REF', message: 'does not exist.' };
    case 'denied':
      return { code: 'UNREADABLE_REF', message: `cannot be read (${opening.error.code}).` };
    case 'opened':
      return readOpened(opening, { maxBytes, location: relative(base.folder, path).split(sep).join('/') });
  }
}

async function readOpened(
  { file, real, size }: Extract<Opening, { kind: 'opened' }>,
  { maxBytes, location }: { readonly maxBytes: number; readonly location: string },
): Promise<ReadFile | Failure> {
  try {
    if (size > maxBytes) return { code: 'UNREADABLE_REF', message: 'is too large.' };
    return { bytes: await file.readFile(), location, source: real };
  } catch (error) {
    return { code: 'UNREADABLE_REF', message: `cannot be read (${(error as NodeJS.ErrnoException).code}).` };
  } finally {
    await file.close();
  }
}

function pathOf(url: string): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined; // a host (`file://server/…`), an encoded slash
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

const outside = (folder: string): Failure => ({
  code: 'REF_OUTSIDE_FOLDER',
  message: `is outside the folder of the document (${folder}) and was not read.`,
});

async function readRemote(
  url: string,
  base: Base,
  options: ReadOptions,
  maxBytes: number,
): Promise<ReadFile | Failure> {
  if (!/^https?:/.test(url)) return { code: 'BAD_REF', message: 'is not a supported address.' };
  const { sendRemoteRefs: send } = options;
  if (!send) {
    return {
      code: 'REMOTE_REF_REFUSED',
      message: 'is on the network and was not read. --allow-remote-refs allows it.',
    };
  }
  // The origin of the user's URL: a redirect target gets no headers.
  const headersOrigin = base.kind === 'web' ? base.origin : '';
  const sendRedirected = () => send;
  const fetched = await fetchSource(url, {
    ...options,
    maxBytes,
    cached: undefined,
    send,
    sendRedirected,
    headersOrigin,
  });
  return { ...fetched, source: url };
}
