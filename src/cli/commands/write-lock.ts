import { existsSync, readFileSync } from 'node:fs';
import type { FlagsOf } from '../../options/flags.ts';
import { isLockText, LOCK_FILE, lockText } from '../../surface/lock-file.ts';
import { counted } from '../output/counted.ts';
import { print, tell, usageError } from '../output/report.ts';
import { writeTextFile } from '../output/write-text-file.ts';
import { surfaceIn } from '../targets/surface-in.ts';

type LockFlags = Pick<FlagsOf<'inspect'>, 'lock' | 'lockFile' | 'json'>;

export const wantsLock = ({ lock, lockFile }: LockFlags): boolean => lock || lockFile !== undefined;

/** Writes the lock file. Another file is never overwritten. */
export async function writeLock(opened: Parameters<typeof surfaceIn>[0], flags: LockFlags): Promise<void> {
  const file = flags.lockFile ?? LOCK_FILE;
  const option = flags.lockFile === undefined ? '--lock' : '--lock-file';
  if (existsSync(file) && !isLockText(readFileSync(file, 'utf8'))) {
    throw usageError(
      `${option}: "${file}" is not a lock file and will not be overwritten.`,
      'Pass the path of a new file: --lock-file <file>',
    );
  }
  const surface = await surfaceIn(opened);
  writeTextFile(file, lockText(surface), option);
  const tools = Object.keys(surface.tools).length;
  if (flags.json) print(JSON.stringify({ file, tools }));
  else tell(`Wrote ${file} (${counted(tools, 'tool')}).`);
}
