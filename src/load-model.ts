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
} from './model-cache.ts';
import { DocumentError } from './parse/api-document.ts';
import { carriesSecret } from './parse/public-address.ts';
import type { DocumentSource, RawSource } from './parse/source.ts';
import { VERSION } from './version.ts';

export interface Loaded extends Omit<Compiled, 'files'> {
  /** Puts the model into the cache, once. Whoever cannot write there goes on without: it never rejects. */
  keep(): Promise<void>;
}

export interface LoadOptions extends CompileOptions {
  /** Where settled models are kept; `undefined`: nowhere. */
  readonly cacheDirectory: string | undefined;
}

/**
 * The model of a document: from the cache where the document has not changed since, else compiled. Neither parser nor
 * mapper is imported for a model from the cache.
 *
 * @throws DocumentError, FilterError
 */
export async function loadModel(source: DocumentSource, { cacheDirectory, ...options }: LoadOptions): Promise<Loaded> {
  const location = addressOf(source);
  // What has a secret in its address leaves no trace on the disk, not even a hash of it.
  const isSecret = [location ?? '', ...options.overlays].some((address) => isWeb(address) && carriesSecret(address));
  if (cacheDirectory === undefined || location === undefined || isSecret) {
    return fresh(await compiled(source, options), NO_CACHE);
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

/** The address a model can be kept under; stdin and documents in memory have none. */
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

/** Every file on disk is what it was; one from the network is never known to be. */
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

/** A document from the network is asked for again; one that has not changed (304), or cannot be had now, is the cached one. */
async function loadFromWeb(location: string, { options, cache, key, entry }: WebLoad): Promise<Loaded> {
  const [{ readSource }, { hashOf }] = await Promise.all([
    import('./parse/read-source.ts'),
    import('./parse/source-hash.ts'),
  ]);
  const { etag, lastModified } = entry?.document ?? {};
  let raw: RawSource;
  try {
    raw = await readSource(location, {
      ...options.parse,
      cached:
        entry === undefined
          ? undefined
          : {
              bytes: NO_BYTES,
              ...(etag !== undefined && { etag }),
              ...(lastModified !== undefined && { lastModified }),
            },
    });
  } catch (error) {
    // A status that is no success is an answer; everything else has the failure of the network as its cause.
    const offline = error instanceof DocumentError && error.kind === 'network' && error.cause !== undefined;
    if (!entry || !offline) throw error;
    return { ...stored(entry), notices: [...entry.notices, offlineNotice(entry, error.message)] };
  }
  const hash = raw.notModified ? (entry?.files[0]?.hash ?? '') : hashOf(raw.bytes);
  if (entry && (await isUnchanged(entry, hash))) return stored(entry);
  // Where the document has not changed but a further file has, its bytes are needed after all.
  const bytes = raw.notModified ? undefined : raw;
  return fresh(await compiled(location, options, bytes), { cache, key, absolute: undefined });
}

const NO_BYTES = new Uint8Array();
const nothingToKeep = async (): Promise<void> => {};
const NO_CACHE = undefined;

function stored({ model, problems, document, counts, notices }: CacheEntry, location = document.location): Loaded {
  return { model, problems, ...counts, document: { ...document, location }, notices, keep: nothingToKeep };
}

function fresh(
  { files, ...made }: Compiled,
  target: { cache: ModelCache; key: CacheKey; absolute: string | undefined } | undefined,
): Loaded {
  if (!target) return { ...made, keep: nothingToKeep };
  const [document, ...others] = files;
  const entry: CacheEntry = {
    model: made.model,
    problems: made.problems,
    counts: { found: made.found, filtered: made.filtered },
    notices: made.notices,
    document: {
      ...made.document,
      ...(document?.etag !== undefined && { etag: document.etag }),
      ...(document?.lastModified !== undefined && { lastModified: document.lastModified }),
    },
    files: [
      ...(document
        ? [{ ...document, location: target.absolute === undefined ? document.location : resolve(document.location) }]
        : []),
      ...others.map((file) => (isWeb(file.location) ? file : { ...file, location: resolve(file.location) })),
    ],
    savedAt: new Date().toISOString(),
  };
  let kept: Promise<void> | undefined;
  const keep = () => {
    kept ??= target.cache.write(target.key, entry).catch(() => undefined);
    return kept;
  };
  return { ...made, keep };
}
