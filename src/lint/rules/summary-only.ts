import { type Rule, textAt } from '../subject.ts';

/** A summary identifies an operation for people; a description says when and how to use it. */
export const summaryOnly: Rule = {
  id: 'summary-only',
  severity: 'advice',
  summary: 'An operation has a summary but no description.',
  fix: 'Add a description: what it returns, when to use it, what it does not do.',
  *check({ operations }) {
    for (const { written, pointer, id } of operations) {
      const summary = textAt(written, 'summary');
      if (summary !== undefined && textAt(written, 'description') === undefined)
        yield { pointer, message: `"${id}" has only the summary "${summary.trim().slice(0, 80)}".` };
    }
  },
};
