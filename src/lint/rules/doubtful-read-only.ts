import { changingVerb } from '../../map/changing-verb.ts';
import type { Rule } from '../subject.ts';

/** Clients call read-only tools without asking. */
export const doubtfulReadOnly: Rule = {
  id: 'doubtful-read-only',
  severity: 'warning',
  summary: 'The name of a GET suggests that it changes something, so it is not listed as read-only.',
  fix: 'Use POST, PUT or DELETE, or rename it. If it only reads, set `x-mcp: { annotations: { readOnlyHint: true } }`.',
  *check({ operations }) {
    for (const { origin, pointer, id } of operations) {
      const verb = changingVerb(origin);
      if (verb !== undefined) yield { pointer, message: `"${id}" is a GET, but its name contains "${verb}".` };
    }
  },
};
