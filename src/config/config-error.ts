import type { Mistake } from './read-value.ts';
import { shownPath } from './shown-path.ts';

/** The errors in a config file, each with its path. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** `VARIABLE_MISSING`: the file is correct, but an environment variable is not set. */
  readonly code: 'CONFIG_WRONG' | 'VARIABLE_MISSING';
  /** One per line. */
  readonly hint: string;
  readonly mistakes: readonly Mistake[];
  /** The config file. */
  readonly path: string;
  constructor(path: string, mistakes: readonly Mistake[]) {
    const file = shownPath(path);
    super(mistakes.length === 1 ? `${file} has an error:` : `${file} has ${mistakes.length} errors:`);
    this.code = mistakes.every(({ isMissingVariable }) => isMissingVariable) ? 'VARIABLE_MISSING' : 'CONFIG_WRONG';
    this.hint = mistakes.map(({ path: place, message }) => `${place} ${sentence(message)}`).join('\n');
    this.mistakes = mistakes;
    this.path = path;
  }
}

/** Runs all checks, and reports their errors together. @throws ConfigError */
export function together<const Acts extends readonly (() => unknown)[]>(path: string, acts: Acts): Done<Acts> {
  const mistakes: Mistake[] = [];
  const done = acts.map((act) => {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      mistakes.push(...error.mistakes);
      return undefined;
    }
  });
  if (mistakes.length > 0) throw new ConfigError(path, mistakes);
  // One result per check, in order, because none failed.
  return done as Done<Acts>;
}

type Done<Acts extends readonly (() => unknown)[]> = { readonly [Key in keyof Acts]: ReturnType<Acts[Key]> };

const sentence = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`);
