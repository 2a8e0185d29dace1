import { parseExactJson } from '../../../runtime/api/arguments/exact-json.ts';
import { messageOf } from '../../../runtime/errors.ts';
import { readNamedFile } from '../../flags/environment.ts';
import { usageError } from '../../output/report.ts';

/** Reads a file that the command line names with `@`; `-` is stdin. @throws CommandError */
export const readInput = (path: string, by: string): Buffer =>
  readNamedFile(path === '-' ? 0 : path, { by, fix: 'Put the path of a readable file after the @, or - for stdin.' });

/**
 * Parses `--args '<json>'`, `--args @file` or `--args @-`; `integers` as in `parseExactJson`. @throws CommandError if
 * it is not a JSON object
 */
export function readArgs(text: string, integers: Set<string>): Readonly<Record<string, unknown>> {
  const json = text.startsWith('@') ? readInput(text.slice(1), '--args').toString('utf8') : text;
  const value = parsed(json, integers);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    // The keys of a JSON object are strings.
    return value as Readonly<Record<string, unknown>>;
  }
  throw usageError('--args is not a JSON object.', `Write it as --args '{"name": "value"}'.`);
}

function parsed(json: string, integers: Set<string>): unknown {
  try {
    return parseExactJson(json, integers);
  } catch (error) {
    throw usageError(`--args is not JSON: ${messageOf(error)}`, `Write it as --args '{"name": "value"}'.`);
  }
}
