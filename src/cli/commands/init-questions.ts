import { isCancel, multiselect, select, text } from '@clack/prompts';
import { CommandError, EXIT } from '../output/report.ts';

/** What a question offers. */
export interface Choice<Value> {
  readonly value: Value;
  readonly label: string;
  readonly hint?: string;
}

/** Asks on the terminal. stdout belongs to the result. @throws CommandError if the user cancels */
export const questions = {
  async text(message: string, placeholder: string): Promise<string> {
    const validate = (value: string | undefined) =>
      value?.trim() ? undefined : 'Type an answer, or press Ctrl+C to stop.';
    const answer = await text({ message, placeholder, validate, ...TERMINAL });
    if (isCancel(answer)) throw cancelled();
    return answer;
  },
  async one<Value extends string>(message: string, choices: readonly Choice<Value>[]): Promise<Value> {
    // The library's type of options depends on that of the value, which is a string here.
    const answer = await select<string>({ message, options: [...choices], ...TERMINAL });
    if (isCancel(answer)) throw cancelled();
    return answer as Value;
  },
  async several<Value extends string>(message: string, choices: readonly Choice<Value>[]): Promise<readonly Value[]> {
    const hinted = `${message} (space selects, Enter goes on)`;
    const answer = await multiselect<string>({ message: hinted, options: [...choices], required: false, ...TERMINAL });
    if (isCancel(answer)) throw cancelled();
    return answer as Value[];
  },
};

const TERMINAL = { output: process.stderr } as const;

const cancelled = (): CommandError => new CommandError(EXIT.interrupted, 'Cancelled. Nothing was written.');
