import type { Rule, SubjectOperation } from '../subject.ts';

/** Tools that are described alike are chosen by chance. */
export const duplicateDescription: Rule = {
  id: 'duplicate-description',
  severity: 'warning',
  summary: 'Several operations are described with the same words.',
  fix: 'Say what sets each of them apart.',
  *check({ operations }) {
    const first = new Map<string, SubjectOperation>();
    for (const operation of operations) {
      const { listed, pointer, id, request, origin } = operation;
      if (!listed) continue;
      // Those that say the same are listed with method and path behind it.
      const where = ` (${request.method} ${origin.path})`;
      const words = listed.description.replace(where, '').toLowerCase();
      const other = first.get(words);
      if (other) yield { pointer, message: `"${id}" is described as "${other.id}" is (${other.pointer}).` };
      else first.set(words, operation);
    }
  },
};
