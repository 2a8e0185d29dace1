import { resolve } from 'node:path';
import type { InstallClient } from '../../install/clients.ts';
import type { FlagsOf } from '../../options/flags.ts';
import type { OptionRow } from '../../options/option-row.ts';
import { flagName, longFlag, takesValue } from '../../options/option-text.ts';
import { OPTIONS } from '../../options/options.ts';
import type { CommandLine } from '../flags/command-line.ts';
import type { SingleTarget, Target } from '../targets/target.ts';

/** Tokens that a list may cost in a client that loads all of it: more is a burden for every request to a model. */
export const BUDGET = 10_000;

/**
 * The words after `openapi-mcp run` that serve the target as this command line does, from any folder: paths are
 * absolute.
 *
 * @param client adds the profile and the mode that suit it, unless the command line chooses others
 */
export function runWords(
  target: Target,
  { given }: Pick<CommandLine<FlagsOf<'install'>>, 'given'>,
  client: Pick<InstallClient, 'profile' | 'mode'> | undefined,
): readonly string[] {
  const flags = OPTIONS.filter(({ commands }) => commands.includes('run')).flatMap((row) => flagWords(row, given));
  const suits = client && given.profile === undefined && isOfDocuments(target);
  const profile = suits ? ['--profile', client.profile] : [];
  const mode =
    client?.mode === 'auto' && given.mode === undefined
      ? ['--mode', 'auto', ...(given.budget === undefined ? ['--budget', String(BUDGET)] : [])]
      : [];
  const [targets, command] = targetWords(target);
  return [...targets, ...flags, ...profile, ...mode, ...command];
}

function flagWords(row: OptionRow, given: Readonly<Record<string, unknown>>): string[] {
  const value = given[flagName(row)];
  // What `install` itself prints is not how the server runs.
  if (value === undefined || longFlag(row) === '--json' || longFlag(row) === '--dry-run') return [];
  if (!takesValue(row)) return [longFlag(row)];
  const values = Array.isArray(value) ? value : [value];
  return values.flatMap((each) => [longFlag(row), isPath(row) ? absolute(String(each)) : String(each)]);
}

const isPath = ({ config }: OptionRow): boolean => config?.as === 'path' || config?.as === 'address';

/** Also behind the namespace of an API: `pets=overlay.yaml`. */
function absolute(text: string): string {
  const [, namespace = '', path = text] = /^([a-z][a-z0-9-]{0,31}=)(.*)$/s.exec(text) ?? [];
  return namespace + absoluteAddress(path);
}

const absoluteAddress = (text: string): string => (/^[a-z][a-z0-9+.-]+:\/\//i.test(text) ? text : resolve(text));

const isOfDocuments = (target: Target): boolean =>
  target.kind === 'document' ||
  target.kind === 'config' ||
  (target.kind === 'several' && target.parts.every((part) => part.target.kind === 'document'));

/** The target, and what comes after `--`. */
function targetWords(target: Target): [targets: readonly string[], command: readonly string[]] {
  switch (target.kind) {
    case 'config':
      return [[resolve(target.path)], []];
    case 'command':
      return [[], ['--', target.command, ...target.args]];
    case 'several':
      return [target.parts.map((part) => `${part.namespace}=${singleWord(part.target)}`), []];
    default:
      return [[singleWord(target)], []];
  }
}

function singleWord(target: SingleTarget): string {
  switch (target.kind) {
    case 'url':
      return `mcp+${target.url}`;
    case 'module':
      return resolve(target.path);
    case 'document':
      return absoluteAddress(target.document);
  }
}
