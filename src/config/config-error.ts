import { shownPath } from './error-place.ts';
import type { Mistake } from './read-value.ts';

/** What is wrong with a config file: every mistake, each with its path. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** `VARIABLE_MISSING`: the file is right, and what it takes from the environment is not there. */
  readonly code: 'CONFIG_WRONG' | 'VARIABLE_MISSING';
  /** Line by line. */
  readonly hint: string;
  readonly mistakes: readonly Mistake[];
  constructor(path: string, mistakes: readonly Mistake[]) {
    const file = shownPath(path);
    super(mistakes.length === 1 ? `${file} has a mistake:` : `${file} has ${mistakes.length} mistakes:`);
    this.code = mistakes.every(({ isMissingVariable }) => isMissingVariable) ? 'VARIABLE_MISSING' : 'CONFIG_WRONG';
    this.hint = mistakes.map(({ path: place, message }) => `${place} ${sentence(message)}`).join('\n');
    this.mistakes = mistakes;
  }
}

const sentence = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`);
