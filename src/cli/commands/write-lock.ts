import { existsSync, readFileSync } from 'node:fs';
import type { ApiModel } from '../../model/index.ts';
import type { FlagsOf } from '../../options/flags.ts';
import type { Provider } from '../../runtime/provider.ts';
import { isLockText, LOCK_FILE, lockText } from '../../surface/lock-file.ts';
import { readSurface } from '../../surface/read-surface.ts';
import { counted } from '../output/counted.ts';
import { print, tell, usageError } from '../output/report.ts';
import { writeTextFile } from '../output/write-text-file.ts';

type LockFlags = Pick<FlagsOf<'inspect'>, 'lock' | 'lockFile' | 'json'>;

export const wantsLock = ({ lock, lockFile }: LockFlags): boolean => lock || lockFile !== undefined;

/** Writes the lock file. Another file is never overwritten. */
export async function writeLock(provider: Provider, models: readonly ApiModel[], flags: LockFlags): Promise<void> {
  const file = flags.lockFile ?? LOCK_FILE;
  const option = flags.lockFile === undefined ? '--lock' : '--lock-file';
  if (existsSync(file) && !isLockText(readFileSync(file, 'utf8'))) {
    throw usageError(
      `${option}: "${file}" is not a lock file and will not be overwritten.`,
      'Pass the path of a new file: --lock-file <file>',
    );
  }
  const surface = await readSurface(provider, models);
  writeTextFile(file, lockText(surface), option);
  const tools = Object.keys(surface.tools).length;
  if (flags.json) print(JSON.stringify({ file, tools }));
  else tell(`Wrote ${file} (${counted(tools, 'tool')}).`);
}
