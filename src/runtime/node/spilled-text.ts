import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SpilledText } from '../fit/results/result-store.ts';

/** Puts a text into a temporary file that only this user can read. */
export async function spillToFile(text: string): Promise<SpilledText> {
  // Only its owner can enter it (POSIX mkdtemp).
  const folder = await mkdtemp(join(tmpdir(), 'openapi-mcp-result-'));
  const file = join(folder, 'result');
  await writeFile(file, text, { mode: 0o600, flag: 'wx' });
  return {
    read: () => readFile(file, 'utf8'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
