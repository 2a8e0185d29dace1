import { changingVerb } from '../../map/changing-verb.ts';
import type { Rule } from '../subject.ts';

/** Clients call what only reads without asking. */
export const doubtfulReadOnly: Rule = {
  id: 'doubtful-read-only',
  severity: 'warning',
  summary: 'A GET has a name that says it changes something, so it is not listed as read-only.',
  fix: 'Use POST, PUT or DELETE; or rename it; or, if it only reads, say `x-mcp: { annotations: { readOnlyHint: true } }`.',
  *check({ operations }) {
    for (const { origin, pointer, id } of operations) {
      const verb = changingVerb(origin);
      if (verb !== undefined) yield { pointer, message: `"${id}" is a GET, and its name says "${verb}".` };
    }
  },
};
