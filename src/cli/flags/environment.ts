import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { codeOf } from '../../runtime/errors.ts';
import { CommandError, EXIT } from '../output/report.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment variables, plus those of a `.env` file. As with `node --env-file`, the environment takes precedence.
 *
 * @param option the option that names the file, for messages
 */
export function readEnvironment(file: string | undefined, option = '--env-file'): Environment {
  return file === undefined ? process.env : { ...parseEnv(readOptionFile(file, option)), ...process.env };
}

/** Reads a file that an option names. */
export function readOptionFile(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = String(codeOf(error) ?? error);
    throw new CommandError(
      EXIT.usage,
      `${option}: "${file}" cannot be read (${reason}).`,
      'Pass the path of a readable file.',
    );
  }
}
