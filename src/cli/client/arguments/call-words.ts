import { commandText } from '../../output/command-text.ts';
import { usageError } from '../../output/report.ts';
import type { TargetWords } from '../../targets/describe-target.ts';
import { targetTextOf } from './target-text.ts';

/** The words of a command that names one item of a target, with its arguments. */
export interface CallWords extends TargetWords {
  readonly name: string;
  /** `name=value` */
  readonly given: readonly string[];
}

/**
 * Parses `<target> <name> [name=value …]`, or `<name> [name=value …] -- <command>`.
 *
 * @param kind the kind of item: `tool`
 * @throws CommandError if the target or the name is missing
 */
export function callWords(words: readonly string[], command: readonly string[] | undefined, kind: string): CallWords {
  const [targets, rest] = command ? [[], words] : [words.slice(0, 1), words.slice(1)];
  const [name, ...given] = rest;
  if (targets.length === 0 && !command) {
    throw usageError(
      `No target and no ${kind} given.`,
      `Pass a document, a config file or a server, then the ${kind}.`,
    );
  }
  if (name === undefined) {
    const list = commandText('list', targetTextOf({ targets, command }));
    throw usageError(`No ${kind} given.`, `${list} lists what is available.`);
  }
  return { targets, command, name, given };
}

/** Parses `<target> [name]`, or `[name] -- <command>`. @throws CommandError if there are more words */
export function listWords(
  words: readonly string[],
  command: readonly string[] | undefined,
): TargetWords & { readonly name: string | undefined } {
  const [targets, [name, ...more]] = command ? [[], words] : [words.slice(0, 1), words.slice(1)];
  if (more.length === 0) return { targets, command, name };
  throw usageError(`"${more[0]}" is an extra argument.`, 'Pass one tool or prompt.');
}
