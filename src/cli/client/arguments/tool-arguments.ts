import type { JsonSchema, Operation } from '../../../model/index.ts';
import { createArgumentValidator } from '../../../runtime/api/arguments/validate-arguments.ts';
import type { Tool } from '../../../runtime/provider.ts';
import { usageError } from '../../output/report.ts';
import { argumentWords } from './argument-words.ts';
import { readArgs } from './read-input.ts';
import { typedArguments } from './typed-arguments.ts';

export interface ToolArguments {
  readonly values: Readonly<Record<string, unknown>>;
  /** Numbers beyond 2^53 that the values contain as strings of digits. */
  readonly exactIntegers: readonly string[];
}

/**
 * The tool arguments from the command line, validated against the input schema before anything is sent. `name=value`
 * overrides the same name in `--args`.
 *
 * @param help how to see the arguments
 * @throws CommandError that lists every error
 */
export async function toolArguments(
  { name, inputSchema }: Tool,
  { words, args, help }: { words: readonly string[]; args: string | undefined; help: string },
): Promise<ToolArguments> {
  const { values, faults, integers } = typedArguments(argumentWords(words), inputSchema);
  const exact = new Set(integers);
  const given = { ...(args === undefined ? {} : readArgs(args, exact)), ...values };
  const all = faults.length > 0 ? faults : await misfits(inputSchema, given);
  if (all.length === 0) return { values: given, exactIntegers: [...exact] };
  throw usageError(`The arguments of "${name}" are invalid. Nothing was sent.`, [...all, help].join('\n  '));
}

async function misfits(
  schema: Tool['inputSchema'],
  given: Readonly<Record<string, unknown>>,
): Promise<readonly string[]> {
  const shared: Readonly<Record<string, JsonSchema>> = schema.$defs ?? {};
  // Servers with older protocol versions often declare draft-07 here; for arguments, its keywords equal those of
  // 2020-12.
  const { $schema: _, ...words } = schema as Tool['inputSchema'] & { readonly $schema?: unknown };
  // The validator expects an operation's argument schema; schemas of other servers may lack parts of it.
  const operation = { arguments: { properties: {}, required: [], ...words } } as unknown as Operation;
  const faults = await createArgumentValidator().validate(operation, shared, given);
  return faults.map(({ message }) => message);
}
