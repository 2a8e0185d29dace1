import { randomBytes } from 'node:crypto';
import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { codeOf } from '../errors.ts';
import { TokenStoreError } from '../secrets/token-store.ts';

/** A lock that its process has not touched for so long is left over from a process that ended. */
const STALE_MS = 10_000;
const TOUCH_MS = 2_000;
/** Longer than the slowest token endpoint takes. */
const PATIENCE_MS = 60_000;

/**
 * Runs `work` while no other process runs work with the same lock file. The holder touches the file, so that slow work
 * keeps its lock; that of a process that ended is taken over after 10 seconds.
 *
 * @throws TokenStoreError `TOKEN_STORE_BUSY` after a minute, and what `work` throws
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const mark = randomBytes(16).toString('hex');
  const until = Date.now() + PATIENCE_MS;
  while (!(await created(path, mark))) {
    await removeStale(path);
    if (Date.now() > until) {
      const hint = 'Wait for the other openapi-mcp process, or delete the file if there is none.';
      throw new TokenStoreError('TOKEN_STORE_BUSY', `Another process holds the lock ${path}.`, { hint });
    }
    await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 30));
  }
  const touching = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, TOUCH_MS);
  touching.unref();
  try {
    return await work();
  } finally {
    clearInterval(touching);
    await release(path, mark);
  }
}

/** @throws TokenStoreError if the folder is not writable */
async function created(path: string, mark: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(mark);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    const hint = 'Check the permissions of the folder, or choose another one with OPENAPI_MCP_TOKENS.';
    const reason = String(codeOf(error) ?? error);
    throw new TokenStoreError('TOKEN_FILE_UNREADABLE', `${path} cannot be written (${reason}).`, {
      hint,
      cause: error,
    });
  }
}

/** Two processes must not both remove it: the second would remove the new lock of the first. */
async function removeStale(path: string): Promise<void> {
  if (!(await isStale(path))) return;
  const turn = `${path}.turn`;
  if (await created(turn, '')) {
    try {
      if (await isStale(path)) await rm(path, { force: true });
    } finally {
      await rm(turn, { force: true });
    }
  } else if (await isStale(turn)) {
    await rm(turn, { force: true });
  }
}

async function isStale(path: string): Promise<boolean> {
  const written = (await stat(path).catch(() => undefined))?.mtimeMs;
  return written !== undefined && written < Date.now() - STALE_MS;
}

/** Not a lock that another process has taken over meanwhile. */
async function release(path: string, mark: string): Promise<void> {
  const content = await readFile(path, 'utf8').catch(() => undefined);
  if (content === mark) await rm(path, { force: true });
}
