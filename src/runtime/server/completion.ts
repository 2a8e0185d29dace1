import { either, func, recordOf, texts } from '../options/option-kinds.ts';
import type { Completion, CompletionResult } from '../provider.ts';
import type { Context } from './context.ts';

/**
 * Values for an argument: a list, filtered by the text typed so far, or a function of that text and of the arguments
 * that are already set.
 */
export type Completer<LifespanValue> =
  | readonly string[]
  | ((
      value: string,
      context: Context<LifespanValue> & { readonly given: Readonly<Record<string, string>> },
    ) => readonly string[] | Promise<readonly string[]>);

export type Completers<Name extends string, LifespanValue> = { readonly [Key in Name]?: Completer<LifespanValue> };

export const COMPLETERS = recordOf('values by name', either('a list of strings or a function', texts, func));

/** MCP, completion: at most 100 values per response. */
const MAX_VALUES = 100;

export async function completed<LifespanValue>(
  completers: Completers<string, LifespanValue>,
  { argument, given }: Completion,
  context: Context<LifespanValue>,
): Promise<CompletionResult> {
  const completer = Object.hasOwn(completers, argument.name) ? completers[argument.name] : undefined;
  if (!completer) return { values: [] };
  const values = await valuesOf(completer, argument.value, { ...context, given });
  return { values: values.slice(0, MAX_VALUES), total: values.length, hasMore: values.length > MAX_VALUES };
}

async function valuesOf<LifespanValue>(
  completer: Completer<LifespanValue>,
  value: string,
  context: Context<LifespanValue> & { readonly given: Readonly<Record<string, string>> },
): Promise<readonly string[]> {
  if (typeof completer === 'function') return completer(value, context);
  const typed = value.toLowerCase();
  return completer.filter((each) => each.toLowerCase().startsWith(typed));
}
