import { resolve } from 'node:path';
import type { Compiled, CompileOptions } from './compile.ts';
import {
  type CacheEntry,
  type CacheKey,
  hashFile,
  isCurrent,
  type ModelCache,
  offlineNotice,
  openModelCache,
  validatorsOf,
  withoutBytes,
} from './model-cache.ts';
import { DocumentError, type SourceFile } from './parse/api-document.ts';
import { carriesSecret } from './parse/public-address.ts';
import type { DocumentSource, RawSource } from './parse/source.ts';
import { hashedLater, hashOf } from './parse/source-hash.ts';
import { VERSION } from './version.ts';

/** As compiled; the paths of its files are absolute. */
export interface Loaded extends Omit<Compiled, 'declarations'> {
  /** Absent for a cached model: the document was not read. */
  readonly declarations?: Compiled['declarations'];
  /** Writes the model to the cache, once. Never rejects: if the cache is not writable, continues without it. */
  keep(): Promise<void>;
}

export interface LoadOptions extends CompileOptions {
  /** The folder of the model cache; `undefined`: none. */
  readonly cacheDirectory: string | undefined;
}

/**
 * The model of a document: from the cache if the document has not changed since, otherwise compiled. For a cached
 * model, neither parser nor mapper is imported.
 *
 * @throws DocumentError, FilterError
 */
export async function loadModel(source: DocumentSource, { cacheDirectory, ...options }: LoadOptions): Promise<Loaded> {
  const location = addressOf(source);
  // A document with a secret in its address leaves no trace on disk, not even a hash.
  const isSecret = [location ?? '', ...options.overlays].some((address) => isWeb(address) && carriesSecret(address));
  if (cacheDirectory === undefined || location === undefined || isSecret) {
    const isFile = location !== undefined && !isWeb(location);
    return fresh(await compiled(source, options), { absolute: isFile ? location : undefined });
  }
  const cache = openModelCache({ directory: cacheDirectory, version: VERSION });
  const key: CacheKey = {
    location,
    options: { map: options.map, overlays: options.overlays, remoteRefs: options.parse.sendRemoteRefs !== undefined },
  };
  const entry = await cache.read(key);
  if (isWeb(location)) return loadFromWeb(location, { options, cache, key, entry });
  if (entry && (await isUnchanged(entry, entry.files[0]?.hash ?? ''))) return stored(entry, String(source));
  return fresh(await compiled(source, options), { cache, key, absolute: location });
}

const isWeb = (address: string): boolean => /^https?:/i.test(address);

/** The address that a model is cached under; stdin and documents in memory have none. */
function addressOf(source: DocumentSource): string | undefined {
  if (typeof source !== 'string' && !(source instanceof URL)) return undefined;
  const text = String(source);
  if (text === '-') return undefined;
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text) ? text : resolve(text);
}

async function compiled(source: DocumentSource, options: CompileOptions, raw?: RawSource): Promise<Compiled> {
  const { compile } = await import('./compile.ts');
  return compile(source, options, raw);
}

/** Whether every file on disk is unchanged. For a file on the network, that is never known. */
async function isUnchanged(entry: CacheEntry, documentHash: string): Promise<boolean> {
  const [document, ...others] = entry.files;
  if (document === undefined || others.some(({ location }) => isWeb(location))) return false;
  const onDisk = isWeb(document.location) ? documentHash : await hashFile(document.location);
  return isCurrent(entry, { documentHash: onDisk, hashOf: hashFile });
}

interface WebLoad {
  readonly options: CompileOptions;
  readonly cache: ModelCache;
  readonly key: CacheKey;
  readonly entry: CacheEntry | undefined;
}

/**
 * Requests a document on the network again. If it has not changed (304), or cannot be fetched now, the cached model is
 * used.
 */
async function loadFromWeb(location: string, { options, cache, key, entry }: WebLoad): Promise<Loaded> {
  const { readSource } = await import('./parse/read-source.ts');
  let raw: RawSource;
  try {
    raw = await readSource(location, { ...options.parse, cached: entry && withoutBytes(entry.document) });
  } catch (error) {
    // An error status is a response; for all other errors, the cause is a network error.
    const offline = error instanceof DocumentError && error.kind === 'network' && error.cause !== undefined;
    if (!entry || !offline) throw error;
    return { ...stored(entry), notices: [...entry.notices, offlineNotice(entry, error.message)] };
  }
  const hash = raw.notModified ? (entry?.files[0]?.hash ?? '') : hashOf(raw.bytes);
  if (entry && (await isUnchanged(entry, hash))) return stored(entry);
  // If the document has not changed but another file has, its bytes are needed after all.
  const bytes = raw.notModified ? undefined : raw;
  return fresh(await compiled(location, options, bytes), { cache, key, absolute: undefined });
}

const nothingToKeep = async (): Promise<void> => {};

function stored(
  { model, problems, document, counts, notices, files }: CacheEntry,
  location = document.location,
): Loaded {
  return { model, problems, ...counts, document: { ...document, location }, notices, files, keep: nothingToKeep };
}

function fresh(
  { files: read, ...made }: Compiled,
  {
    absolute: path,
    ...target
  }: { readonly absolute: string | undefined; readonly cache?: ModelCache; readonly key?: CacheKey },
): Loaded {
  const files = absolute(read, path);
  const { cache, key } = target;
  if (!cache || !key) return { ...made, files, keep: nothingToKeep };
  const [document] = files;
  const entry: CacheEntry = {
    model: made.model,
    problems: made.problems,
    counts: { found: made.found, filtered: made.filtered },
    notices: made.notices,
    document: { ...made.document, ...validatorsOf(document ?? {}) },
    files,
    savedAt: new Date().toISOString(),
  };
  let kept: Promise<void> | undefined;
  const keep = () => {
    kept ??= cache.write(key, entry).catch(() => undefined);
    return kept;
  };
  return { ...made, files, keep };
}

/** Documents from stdin and memory have no path. */
function absolute([document, ...others]: readonly SourceFile[], path: string | undefined): readonly SourceFile[] {
  if (document === undefined) return [];
  return [
    path === undefined ? document : resolved(document),
    ...others.map((file) => (isWeb(file.location) ? file : resolved(file))),
  ];
}

const resolved = (file: SourceFile): SourceFile => {
  const { location, etag, lastModified } = file;
  return hashedLater({ location: resolve(location), etag, lastModified }, () => file.hash);
};
