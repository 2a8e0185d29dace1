import { OptionError } from '../options/option-error.ts';
/**
 * @throws OptionError if a model provider would reject the name: a letter, then letters, digits, `_` and `-`, at most
 *   64 characters
 */
export function checkName(kind: 'tool' | 'prompt', name: string): void {
  if (/^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/.test(name)) return;
  throw new OptionError(
    `"${name}" is not a valid ${kind} name: write a letter, then letters, digits, "_" or "-", at most 64 characters.`,
  );
}
