import { randomUUID } from 'node:crypto';
import type { CallContext, ElicitAnswer } from '../runtime/provider.ts';
import { formMisfit } from '../runtime/serve/call/form-content.ts';
import type { AskedQuestion } from './api-types.ts';
import { RequestError } from './respond.ts';

type Elicit = NonNullable<CallContext['elicit']>;

/** Questions of calls to the person at the page. */
export interface Questions {
  /** How a call of the page asks. */
  asking(call: string, signal: AbortSignal): Elicit;
  /** @throws RequestError if the question is not open, or the answer does not match its form */
  answer(id: string, answer: ElicitAnswer): void;
}

interface Open {
  readonly schema: AskedQuestion['schema'];
  readonly end: (answer: ElicitAnswer) => void;
}

export function createQuestions(tell: (question: AskedQuestion) => void): Questions {
  const open = new Map<string, Open>();
  return {
    asking:
      (call, signal) =>
      ({ message, requestedSchema: schema }) =>
        new Promise((resolve) => {
          // The person has cancelled the call, or left the page: nobody would answer.
          if (signal.aborted) return resolve({ action: 'cancel' });
          const id = randomUUID();
          const end = (answer: ElicitAnswer) => {
            open.delete(id);
            resolve(answer);
          };
          open.set(id, { schema, end });
          signal.addEventListener('abort', () => end({ action: 'cancel' }), { once: true });
          tell({ id, call, message, schema });
        }),
    answer(id, answer) {
      const question = open.get(id);
      if (!question) throw new RequestError(404, 'This question is not open any more.');
      const misfit = answer.action === 'accept' ? formMisfit(question.schema, answer.content) : undefined;
      if (misfit !== undefined) throw new RequestError(400, misfit);
      question.end(answer);
    },
  };
}
