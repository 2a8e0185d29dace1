import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandName } from '../../options/commands.ts';
import type { OptionRow } from '../../options/option-row.ts';
import { flagName, notesOf, takesValue } from '../../options/option-text.ts';
import { OPTIONS } from '../../options/options.ts';
import type { CommandLine, GivenFlags } from './command-line.ts';

/** Adds the options of a command from the table. Read them with {@link readCommandLine}. */
export function addOptions(command: Command, name: CommandName): Command {
  for (const row of OPTIONS) if (row.commands.includes(name)) command.addOption(commanderOption(row));
  // Commander would add "(default: [])" and "(default: false)".
  return command.configureHelp({ optionDescription: (option) => option.description });
}

function commanderOption(row: (typeof OPTIONS)[number]): Option {
  const notes = notesOf(row, row.default === undefined ? [] : [`default: ${row.default}`]);
  const option = new Option(row.flags, `${row.description}${notes}`).helpGroup(`${row.group}:`);
  if (!takesValue(row)) return option.default(option.negate);
  if (row.choices) option.choices(row.choices);
  if (row.number) option.argParser((value) => checkedNumber(value, row.number));
  // One value per API, so it can be repeated even if each API takes one value.
  if (row.repeat || row.each) option.argParser((value, previous: Texts | undefined) => [...(previous ?? []), value]);
  if (row.required) option.makeOptionMandatory();
  if (row.repeat) return option.default([]);
  return row.default === undefined ? option : option.default(row.default);
}

type Texts = readonly string[];

/** @typeParam Flags the options of the command, according to the table */
export function readCommandLine<Flags>(command: Command): CommandLine<Flags> {
  const values = command.opts();
  const given = Object.entries(values).filter(([key]) => command.getOptionValueSource(key) === 'cli');
  return { flags: { ...values, ...lastValues(values) } as Flags, given: Object.fromEntries(given) };
}

/** With one API, the last value wins. */
function lastValues(values: GivenFlags): GivenFlags {
  const single = OPTIONS.filter((row) => row.each && !row.repeat).map(flagName);
  const lists = single.flatMap((name) => {
    const list = values[name];
    return Array.isArray(list) ? [[name, list.at(-1)] as const] : [];
  });
  return Object.fromEntries(lists);
}

function checkedNumber(text: string, range: OptionRow['number']): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (range && value >= range.min && value <= range.max && (!range.whole || Number.isInteger(value))) return value;
  throw new InvalidArgumentError(`Give a ${range?.whole ? 'whole ' : ''}number from ${range?.min} to ${range?.max}.`);
}
