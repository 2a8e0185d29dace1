import { acceptsJson, essenceOf, isListed, type Operation } from '../../../model/index.ts';
import type { Outcome } from '../../outcome.ts';
import type { Answer } from '../read/answer.ts';

export interface Judged {
  readonly flaw?: NonNullable<Outcome['flaw']>;
  readonly notes: readonly string[];
}

/**
 * What is wrong with a successful response, by its type: it could not be read, was read only in part, or has another
 * media type than declared.
 */
export function judge(answer: Answer, { response }: Pick<Operation, 'response'>): Judged {
  const { accept, schema } = response;
  if (answer.flaw) return { flaw: answer.flaw, notes: [] };
  if (answer.kind !== 'text' && answer.kind !== 'binary') return { notes: [] };
  // JSON is always requested first; the document declares it if it describes it.
  if (schema === undefined || !acceptsJson(accept)) return { notes: [] };
  if (isListed(response, answer.mediaType)) return { notes: [] };
  const promised = accept
    .split(',')
    .map(essenceOf)
    .filter((range) => range !== '*/*')
    .join(' or ');
  return { flaw: 'MISFIT', notes: [`The document declares ${promised}, but the response is ${answer.mediaType}.`] };
}
