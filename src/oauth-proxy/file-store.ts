import { createHash, randomBytes } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../runtime/errors.ts';
import { readPrivateFile } from '../runtime/node/private-file.ts';
import { makePrivateFolder } from '../runtime/node/private-folder.ts';
import { replaceFile } from '../runtime/node/replace-file.ts';
import { kindOf, MAX_ENTRIES, type OAuthProxyStore } from './store.ts';

export interface FileStoreOptions {
  /** Created if necessary; only this user may have access. Use it for nothing else. */
  readonly folder: string;
  /** How many values of each kind are kept; the oldest one is deleted for a new one. Default: 10,000. */
  readonly maxEntries?: number;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly now?: () => number;
}

/**
 * A store in a folder: logins outlive a restart, and the processes of one machine can share it. One file per value with
 * mode 0600, replaced and taken atomically by renaming. The proxy encrypts the values (AES-256-GCM), so a copy of the
 * folder is of no use without its secret.
 *
 * @throws Error if the folder belongs to another user or is a link, and the error of the file system
 */
export function fileStore({ folder, maxEntries = MAX_ENTRIES, now = Date.now }: FileStoreOptions): OAuthProxyStore {
  makePrivateFolder(folder);
  const sizes = new Map<string, number>();
  const pathOf = (key: string) => join(folder, fileName(key));
  return {
    async get(key) {
      return valueIn(await readPrivateFile(pathOf(key)), key, now());
    },
    async put(key, value, ttl) {
      const kind = kindOf(key);
      const size = sizes.get(kind);
      // Files of a kind are counted at the first one, and again when there seem to be too many: other processes add and
      // delete them, too.
      if (size === undefined || size >= maxEntries) sizes.set(kind, await makeRoom({ folder, kind, maxEntries, now }));
      const until = now() + ttl * 1000;
      replaceFile(pathOf(key), `${FORMAT} ${until} ${key}\n${value}`, 0o600);
      sizes.set(kind, (sizes.get(kind) ?? 0) + 1);
    },
    async take(key) {
      // Of several callers, one can rename the file.
      const taken = join(folder, `${randomBytes(16).toString('hex')}${TAKEN}`);
      try {
        await rename(pathOf(key), taken);
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw error;
      }
      try {
        return valueIn(await readPrivateFile(taken), key, now());
      } finally {
        await rm(taken, { force: true });
      }
    },
    async delete(key) {
      await rm(pathOf(key), { force: true });
    },
  };
}

const FORMAT = 'openapi-mcp-oauth-proxy/1';
const RECORD = '.record';
/** A file on its way out, which only a process that stopped can leave behind; so are those of `replaceFile`. */
const TAKEN = '.taken.tmp';
const TEMPORARY = '.tmp';
const TEMPORARY_MS = 60_000;

function fileName(key: string): string {
  return `${kindOf(key)}-${createHash('sha256').update(key).digest('hex')}${RECORD}`;
}

/** The value, if it belongs to the key and its time is not over. */
function valueIn(content: string | undefined, key: string, now: number): string | undefined {
  const end = content?.indexOf('\n') ?? -1;
  if (content === undefined || end < 0) return undefined;
  const [format, until, owner] = content.slice(0, end).split(' ');
  return format === FORMAT && owner === key && Number(until) > now ? content.slice(end + 1) : undefined;
}

interface Room {
  readonly folder: string;
  readonly kind: string;
  readonly maxEntries: number;
  readonly now: () => number;
}

/** Deletes what is over, and the oldest files beyond the limit. Returns how many are left. */
async function makeRoom({ folder, kind, maxEntries, now }: Room): Promise<number> {
  const names = await readdir(folder);
  const left: { readonly path: string; readonly written: number }[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const written = (await stat(path).catch(() => undefined))?.mtimeMs;
    if (written === undefined) continue;
    if (name.endsWith(TEMPORARY)) {
      if (written < now() - TEMPORARY_MS) await rm(path, { force: true });
    } else if (name.startsWith(`${kind}-`) && name.endsWith(RECORD)) {
      if (await isOver(path, now())) await rm(path, { force: true });
      else left.push({ path, written });
    }
  }
  left.sort((a, b) => a.written - b.written);
  // A tenth at once, so that not every new file has to look at all.
  const room = left.length < maxEntries ? 0 : left.length - maxEntries + Math.ceil(maxEntries / 10);
  await Promise.all(left.slice(0, room).map(({ path }) => rm(path, { force: true })));
  return left.length - room;
}

async function isOver(path: string, now: number): Promise<boolean> {
  const content = await readPrivateFile(path).catch(() => '');
  return Number(content?.split(' ', 2)[1] ?? 0) <= now;
}
