import { type Rule, textAt } from '../subject.ts';

/** A title tells operations apart for people; a description tells a model when and how to use one. */
export const summaryOnly: Rule = {
  id: 'summary-only',
  severity: 'advice',
  summary: 'An operation has a summary, but no description.',
  fix: 'Add a description: what comes back, when to use it, what it does not do.',
  *check({ operations }) {
    for (const { written, pointer, id } of operations) {
      const summary = textAt(written, 'summary');
      if (summary !== undefined && textAt(written, 'description') === undefined)
        yield { pointer, message: `All that is said of "${id}" is "${summary.trim().slice(0, 80)}".` };
    }
  },
};
