import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import type { ApiModel } from './model/index.ts';
import type { SourceFile } from './parse/api-document.ts';
import { carriesSecret } from './parse/public-address.ts';
import type { CachedSource } from './parse/source.ts';
import { hashOf } from './parse/source-hash.ts';
import type { Problem } from './problems.ts';
import { isPrivate, makePrivateFolder } from './runtime/node/private-folder.ts';
import { replaceFile } from './runtime/node/replace-file.ts';

/**
 * Caches models in the user's cache folder, so that the next start skips parsing and mapping.
 *
 * A slot is identified by the document's address, the options and our version; the content hashes are inside the entry
 * and checked by the caller ({@link isCurrent}). So a changed document replaces its own entry, and the validators of a
 * URL are available before anything is fetched.
 */
export interface ModelCache {
  /**
   * The entry of a slot; `undefined` if there is none, or it cannot be trusted: truncated, damaged, from another
   * version, owned by somebody else. Never throws. Whether the document is unchanged is decided by {@link isCurrent}.
   * The model is not frozen.
   */
  read(key: CacheKey): Promise<CacheEntry | undefined>;
  /**
   * Atomically replaces the entry of a slot, and removes the least recently used entries if there are too many. An
   * entry whose URL may contain a secret is not written.
   *
   * @throws the error of the file system; the caller can continue without a cache
   */
  write(key: CacheKey, entry: CacheEntry): Promise<void>;
}

export interface CacheKey {
  /** Absolute path or URL of the document. */
  readonly location: string;
  /** SHA-256 of the document, if it has no address (stdin, memory); otherwise absent. */
  readonly content?: string;
  /** Every option that influences the model, as JSON. The order of properties is irrelevant. Never stored. */
  readonly options: unknown;
}

export interface CacheEntry {
  readonly model: ApiModel;
  readonly problems: readonly Problem[];
  /** Number of operations in the document, and how many of them the user's filters excluded. */
  readonly counts: { readonly found: number; readonly filtered: number };
  /** Notices about the options. */
  readonly notices: readonly string[];
  readonly document: DocumentFacts;
  /** Every file that was read (overlays too), the document first. */
  readonly files: readonly SourceFile[];
  /** When the model was compiled: ISO 8601. */
  readonly savedAt: string;
}

/** The fields of `ApiDocument`, and the validators of its URL (RFC 9110 §8.8). */
export interface DocumentFacts extends Validators {
  readonly location: string;
  readonly version: string;
  readonly url?: string;
}

type Validators = Pick<SourceFile, 'etag' | 'lastModified'>;

export interface CacheLimits {
  readonly entries: number;
  readonly bytes: number;
}

const LIMITS: CacheLimits = { entries: 50, bytes: 500_000_000 };

/** @param version our own version: a model from another version is never read */
export function openModelCache({
  directory,
  version,
  limits = LIMITS,
}: {
  readonly directory: string;
  readonly version: string;
  readonly limits?: CacheLimits;
}): ModelCache {
  const slot = (key: CacheKey): string => hashOf(canonical({ format: FORMAT, version, ...key }));
  const file = (name: string): string => join(directory, `${name}${ENDING}`);
  return {
    async read(key) {
      const name = slot(key);
      try {
        if (!isPrivate(directory, 'folder') || !isPrivate(file(name), 'file')) return undefined;
        const entry = unpack(await readFile(file(name)), name);
        if (entry) await touch(file(name));
        return entry;
      } catch {
        return undefined;
      }
    },
    async write(key, entry) {
      if (holdsSecret(entry)) return;
      makePrivateFolder(directory);
      const name = slot(key);
      replaceFile(file(name), pack(name, entry), 0o600);
      await prune(directory, limits);
    },
  };
}

/**
 * Whether an entry matches the current content of its files.
 *
 * @param documentHash SHA-256 of the document as just read, or the hash in the entry after a 304
 * @param hashOf current SHA-256 of another file ({@link hashFile} for those on disk)
 */
export async function isCurrent(
  { files }: Pick<CacheEntry, 'files'>,
  { documentHash, hashOf }: { documentHash: string; hashOf: (location: string) => Promise<string> },
): Promise<boolean> {
  const [document, ...others] = files;
  if (document?.hash !== documentHash) return false;
  const same = await Promise.all(others.map(async ({ location, hash }) => (await hashOf(location)) === hash));
  return same.every(Boolean);
}

/** What a URL is requested with, to learn whether it has changed. */
export const withoutBytes = (validators: Validators): CachedSource => ({
  bytes: new Uint8Array(),
  ...validatorsOf(validators),
});

export const validatorsOf = ({ etag, lastModified }: Validators): Validators => ({
  ...(etag !== undefined && { etag }),
  ...(lastModified !== undefined && { lastModified }),
});

/** SHA-256 of a file, hex; an empty string if it cannot be read, so that its appearance is a change too. */
export async function hashFile(path: string): Promise<string> {
  try {
    return hashOf(await readFile(path));
  } catch {
    return '';
  }
}

/** The notice if the document cannot be fetched and its cached model is served instead. */
export function offlineNotice({ document, savedAt }: CacheEntry, reason: string): string {
  const { origin, pathname } = new URL(document.url ?? document.location); // without the query, which may contain a token
  return `${origin}${pathname} cannot be fetched (${reason}). Serving the copy cached on ${savedAt}.`;
}

/** The user's folder for models; see {@link cacheFolder}. */
export const cacheDirectory = (
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string | undefined => cacheFolder(env, platform, 'models');

/**
 * Raised when the format of the file changes, or when the content of models follows other rules: models of format 5 ask
 * for parameters that a credential supplies, send optional files as text, and have no declared headers.
 */
const FORMAT = 13;

interface Head {
  readonly slot: string;
  /** SHA-256 of the second line. */
  readonly hash: string;
}

/** Two lines: a header with a hash of the rest, and the entry. One file, so that one rename replaces everything. */
function pack(slot: string, entry: CacheEntry): string {
  const body = asciiJson(entry);
  const head: Head = { slot, hash: hashOf(body) };
  return `${JSON.stringify(head)}\n${body}`;
}

function unpack(bytes: Buffer, slot: string): CacheEntry | undefined {
  const end = bytes.indexOf('\n');
  if (end < 0) return undefined;
  const head: Partial<Head> | null = JSON.parse(bytes.toString('utf8', 0, end));
  const body = bytes.subarray(end + 1);
  if (head?.slot !== slot || head.hash !== hashOf(body)) return undefined;
  return JSON.parse(body.toString('latin1')); // the format is ours: the slot includes our version, and the hash verifies the text
}

/**
 * JSON in ASCII: one typographic quote in 3 MB would double the size of the string in memory, and the time to decode
 * and parse it.
 */
function asciiJson(value: unknown): string {
  const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(/[\u0080-\uffff]/g, escaped);
}

/** JSON with sorted properties, so that equal options use the same slot. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Marks an entry as recently used. A read-only folder still works. */
async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined);
}

const ENDING = '.model.json';
const OURS = /^[0-9a-f]{64}\.model\.json(\.[0-9a-f]{16}\.tmp)?$/;
/** Entries of earlier versions, which stored complete URLs: a token in one must not stay on disk. */
const OLD = /^[0-9a-f]{64}\.json(\.[0-9a-f]{16}\.tmp)?$/;

const ABANDONED_AFTER = 60 * 60 * 1000;

/** Keeps the most recently used entries, and removes leftovers of interrupted writes. Other files are not touched. */
async function prune(directory: string, limits: CacheLimits): Promise<void> {
  const all = await readdir(directory);
  for (const name of all.filter((each) => OLD.test(each))) await rm(join(directory, name), { force: true });
  const names = all.filter((name) => OURS.test(name));
  const found = await Promise.all(names.map((name) => describeFile(join(directory, name))));
  // Another process may have removed one in the meantime.
  const files = found.filter((file) => file !== undefined).sort((a, b) => b.usedAt - a.usedAt);
  let [entries, bytes] = [0, 0];
  for (const { path, size, usedAt } of files) {
    if (path.endsWith('.tmp')) {
      if (Date.now() - usedAt > ABANDONED_AFTER) await rm(path, { force: true });
      continue;
    }
    entries += 1;
    bytes += size;
    if (entries > limits.entries || bytes > limits.bytes) await rm(path, { force: true });
  }
}

async function describeFile(path: string): Promise<{ path: string; size: number; usedAt: number } | undefined> {
  const stats = await stat(path).catch(() => undefined);
  return stats && { path, size: stats.size, usedAt: stats.mtimeMs };
}

/**
 * A model contains no credentials, but an address may: `https://user:password@host/openapi.json?token=…`. Any query may
 * be a credential, so an entry with one is not stored. That includes server URLs, which need no query in OpenAPI.
 */
function holdsSecret({ document, files, model }: CacheEntry): boolean {
  const addresses = [document.location, document.url, model.documentUrl, ...files.map(({ location }) => location)];
  const servers = [...model.servers, ...model.operations.flatMap(({ request }) => listed(request.servers))];
  return [...addresses, ...servers.map(({ url }) => url)].some(
    (address) => address !== undefined && /^https?:/i.test(address) && carriesSecret(address),
  );
}

const listed = (servers: ApiModel['operations'][number]['request']['servers']) =>
  typeof servers === 'string' ? [] : servers;
