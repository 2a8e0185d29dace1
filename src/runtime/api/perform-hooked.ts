import type { Operation } from '../../model/index.ts';
import type { CallContext } from '../provider.ts';
import { askHook, type HooksById, hooksOf } from './hooks.ts';
import { type Performed, type Performing, perform } from './perform.ts';
import type { AnswerHold } from './read/index.ts';
import { isFailure } from './shape/index.ts';

export interface OperationCall {
  readonly operation: Operation;
  readonly given: Readonly<Record<string, unknown>>;
  readonly context: CallContext;
}

/** Performs an operation with the user's hooks around it, for tool calls and resource reads alike. */
export async function performHooked(
  { operation, given, context }: OperationCall,
  { performing, hooks }: { readonly performing: Performing; readonly hooks: HooksById },
  hold: AnswerHold,
): Promise<Performed> {
  const { shape } = hooksOf(hooks, operation);
  const used = await hookedArguments({ operation, given, context }, hooks);
  const performed = await perform({ operation, arguments: used }, context, performing, hold);
  if (!shape || performed.answer.kind !== 'json' || isFailure(performed.status)) return performed;
  const { value: answered } = performed.answer;
  // A hook may call the API itself. Holding the budget that its call waits for would be a deadlock.
  hold.release();
  const value = await askHook('shape', () => shape(answered, context));
  return {
    ...performed,
    unshaped: performed.answer,
    answer: { ...performed.answer, value, text: JSON.stringify(value) ?? 'null' },
  };
}

/** The arguments to use: with fixed ones, and as the owner's hook returns them. */
export async function hookedArguments({ operation, given, context }: OperationCall, hooks: HooksById) {
  const { fixed, before } = hooksOf(hooks, operation);
  const all = fixed ? { ...given, ...fixed } : given;
  return before ? askHook('before', () => before(all, context)) : all;
}
