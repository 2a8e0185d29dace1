import { existsSync, readFileSync } from 'node:fs';
import type { FlagsOf } from '../../options/flags.ts';
import { messageOf } from '../../runtime/errors.ts';
import { type Change, isBreaking } from '../../surface/change.ts';
import { isLockText, LOCK_FILE, parseLock } from '../../surface/lock-file.ts';
import type { Surface } from '../../surface/surface.ts';
import { surfaceChanges } from '../../surface/surface-changes.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { diffLines, diffMarkdown, type SurfaceDiff } from '../output/diff-lines.ts';
import { CommandError, EXIT, type ExitCode, printResult, usageError } from '../output/report.ts';
import { describeTarget } from '../targets/describe-target.ts';
import { openOnce } from '../targets/open-once.ts';
import { surfaceIn } from '../targets/surface-in.ts';
import { targetLabel } from '../targets/target.ts';

type Line = CommandLine<FlagsOf<'diff'>>;

/** `openapi-mcp diff`: exits with 1 if there are changes of the kind that `--fail-on` names. */
export async function diff(words: readonly string[], line: Line): Promise<ExitCode> {
  const { flags } = line;
  const [old, now] = versionsOf(words);
  const [before, after] = [await surfaceOf(old, line), await surfaceOf(now, line)];
  const changes = surfaceChanges(before.surface, after.surface);
  const found: SurfaceDiff = {
    old: { ...versionOf(before.surface), target: before.label },
    new: { ...versionOf(after.surface), target: after.label },
    breaking: changes.filter(isBreaking).length,
    changes,
  };
  printResult(flags.json, found, () => (flags.markdown ? diffMarkdown(found) : diffLines(found)));
  return fails(changes, flags.failOn) ? EXIT.document : EXIT.ok;
}

function fails(changes: readonly Change[], failOn: Line['flags']['failOn']): boolean {
  switch (failOn) {
    case 'breaking':
      return changes.some(isBreaking);
    case 'any':
      return changes.length > 0;
    case 'none':
      return false;
  }
}

/** Without the old version, the lock file is meant; without the new one, the config file. */
function versionsOf(words: readonly string[]): readonly [old: string, now: string | undefined] {
  const [first, second, ...more] = words;
  if (more.length > 0) {
    throw usageError('More than two targets.', 'Pass the old version, then the new one.');
  }
  if (first === undefined || second === undefined) {
    if (existsSync(LOCK_FILE)) return [LOCK_FILE, first];
    throw usageError(
      `There is no ${LOCK_FILE} in this folder to compare with.`,
      'Pass the old version, then the new one; or write the lock file: openapi-mcp inspect <target> --lock',
    );
  }
  if (first === '-' && second === '-') {
    throw usageError('Both versions are read from stdin.', 'Pass the path or URL of one of them.');
  }
  return [first, second];
}

interface Version {
  readonly label: string;
  readonly surface: Surface;
}

const versionOf = ({ name, version }: Surface) => ({ name, version });

async function surfaceOf(word: string | undefined, line: Line): Promise<Version> {
  const lock = word === undefined ? undefined : lockIn(word);
  if (word !== undefined && lock) return { label: word, surface: lock };
  const target = describeTarget({ targets: word === undefined ? [] : [word], command: undefined });
  const opened = await openOnce(target, line, { purpose: 'inspect' });
  try {
    return { label: targetLabel(target), surface: await surfaceIn(opened) };
  } finally {
    await opened.provider.close();
  }
}

/** @throws CommandError if it is a lock file that cannot be used */
function lockIn(word: string): Surface | undefined {
  if (!/\.json$/i.test(word) || !existsSync(word)) return undefined;
  const text = readFileSync(word, 'utf8');
  if (!isLockText(text)) return undefined;
  try {
    return parseLock(text);
  } catch (error) {
    throw new CommandError(
      EXIT.document,
      `The lock file ${word} ${messageOf(error)}.`,
      'Restore it, or write it again: openapi-mcp inspect <target> --lock',
    );
  }
}
