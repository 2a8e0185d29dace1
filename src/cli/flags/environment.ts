import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { codeOf } from '../../runtime/errors.ts';
import { usageError } from '../output/report.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment variables, plus those of a `.env` file. As with `node --env-file`, the environment takes precedence.
 *
 * @param option the option that names the file, for messages
 */
export function readEnvironment(file: string | undefined, option = '--env-file'): Environment {
  return file === undefined ? process.env : { ...parseEnv(readOptionFile(file, option)), ...process.env };
}

/** Reads a file that an option names. @throws CommandError */
export const readOptionFile = (file: string, option: string): string =>
  readNamedFile(file, { by: option, fix: 'Pass the path of a readable file.' }).toString('utf8');

/** @param file a path, or the descriptor of stdin. @param named.by what names it, for messages. @throws CommandError */
export function readNamedFile(file: string | 0, named: { readonly by: string; readonly fix: string }): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = String(codeOf(error) ?? error);
    throw usageError(`${named.by}: "${file === 0 ? '-' : file}" cannot be read (${reason}).`, named.fix);
  }
}
