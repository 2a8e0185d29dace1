import type { OptionRow } from './option-row.ts';

/** The name of the option's value: `--no-cache` → `cache`, `-o, --out <folder>` → `out`. */
export function flagName({ flags }: Pick<OptionRow, 'flags'>): string {
  return longFlag({ flags })
    .replace(/^--(?:no-)?/, '')
    .replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** `--base-url` */
export const longFlag = ({ flags }: Pick<OptionRow, 'flags'>): string => /--[a-z-]+/.exec(flags)?.[0] ?? flags;

/** The notes in parentheses after a description. */
export function notesOf(row: OptionRow, more: readonly string[]): string {
  const notes = [...(row.choices ? [row.choices.join(', ')] : []), ...(row.repeat ? ['repeatable'] : []), ...more];
  return notes.length ? ` (${notes.join('; ')})` : '';
}

export const takesValue = (row: OptionRow): boolean => row.flags.includes('<');
