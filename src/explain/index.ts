// In: a code, as messages name it. Out: what it means, and what to do.
// Promise: every problem of a document, every lint rule and every error of a call has an explanation.
import { INVALID, RULES } from '../lint/index.ts';
import { PROBLEMS, type ProblemCode } from '../problems.ts';
import { nearest } from '../runtime/text/nearest.ts';
import { CALL_EXPLANATIONS, type Explanation } from './call-errors.ts';

export interface Explained extends Explanation {
  /** As it is spelled in messages. */
  readonly code: string;
  readonly kind: 'problem of a document' | 'lint rule' | 'error of a call';
  /** Of problems and rules: `error`, `warning`, `info`, `advice`. */
  readonly severity?: string;
}

/** @returns the code that is probably meant, if there is none like it */
export function explain(code: string): Explained | { readonly meant: string | undefined } {
  const wanted = normalised(code);
  const found = all().find((each) => normalised(each.code) === wanted);
  if (found) return found;
  const names = new Map(all().map((each) => [normalised(each.code), each.code]));
  const close = nearest(wanted, names.keys());
  return { meant: close === undefined ? undefined : names.get(close) };
}

/** `missing_credential` and `Missing-Description` are understood too. */
const normalised = (code: string): string => code.trim().toLowerCase().replaceAll('_', '-');

/** Every explanation: errors of calls, problems of documents, lint rules. */
export function all(): readonly Explained[] {
  return [
    ...[...CALL_EXPLANATIONS].map(([code, each]) => ({ code, kind: 'error of a call' as const, ...each })),
    ...Object.entries(PROBLEMS).map(([code, { severity, cause, fix }]) => ({
      code: code as ProblemCode,
      kind: 'problem of a document' as const,
      severity,
      cause,
      fix,
    })),
    ...[INVALID, ...RULES].map(({ id, severity, summary, fix }) => ({
      code: id,
      kind: 'lint rule' as const,
      severity,
      cause: summary,
      fix,
    })),
  ];
}
