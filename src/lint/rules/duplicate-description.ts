import type { Rule, SubjectOperation } from '../subject.ts';

/** A model can only guess between tools with the same description. */
export const duplicateDescription: Rule = {
  id: 'duplicate-description',
  severity: 'warning',
  summary: 'Several operations have the same description.',
  fix: 'Describe how they differ.',
  *check({ operations }) {
    const first = new Map<string, SubjectOperation>();
    for (const operation of operations) {
      const { listed, pointer, id, request, origin } = operation;
      if (!listed) continue;
      // Tools with equal descriptions are listed with method and path appended.
      const where = ` (${request.method} ${origin.path})`;
      const words = listed.description.replace(where, '').toLowerCase();
      const other = first.get(words);
      if (other) yield { pointer, message: `"${id}" has the same description as "${other.id}" (${other.pointer}).` };
      else first.set(words, operation);
    }
  },
};
