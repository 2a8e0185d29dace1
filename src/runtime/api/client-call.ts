import { declaredHeaders, type Operation } from '../../model/index.ts';
import { CallError } from '../call-error.ts';
import type { Caller } from '../provider.ts';
import { type Performing, perform } from './perform.ts';
import { type Answer, AnswerHold, processBudget } from './read/index.ts';
import { failedAnswerText, isFailure } from './shape/index.ts';

export interface ClientCallOptions {
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  /** On whose behalf the call is made: `caller` of the context of a tool. Default: the server itself. */
  readonly caller?: Caller | undefined;
}

/** Makes a call and returns the response as a value; see `createClient`. @throws CallError */
export async function callOperation(
  operation: Operation,
  args: object,
  { signal = new AbortController().signal, caller }: ClientCallOptions,
  performing: Performing,
): Promise<unknown> {
  const given: Readonly<Record<string, unknown>> = { ...args };
  const hold = new AnswerHold(processBudget());
  try {
    const context = { signal, progress: () => {}, ...(caller && { caller }) };
    const performed = await perform({ operation, arguments: given }, context, performing, hold).catch((error) => {
      throw performing.concealers({ tokens: {} }).error(error);
    });
    if (!isFailure(performed.status)) return answered(performed.answer);
    const { method } = operation.request;
    const declared = declaredHeaders(operation.response, performed.status);
    throw new CallError('HTTP_STATUS', failedAnswerText({ ...performed, declared, method, of: operation.id }));
  } finally {
    hold.release();
  }
}

function answered(answer: Answer): unknown {
  switch (answer.kind) {
    case 'json':
      return answer.value;
    case 'text':
      return answer.text;
    case 'binary':
      return answer.bytes;
    case 'items':
      return answer.items.map(({ value }) => value);
    case 'empty':
      return undefined;
  }
}
