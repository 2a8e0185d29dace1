import { type Rule, textAt } from '../subject.ts';

/** Without a description, a model can only guess from method and path what a tool is for. */
export const missingDescription: Rule = {
  id: 'missing-description',
  severity: 'warning',
  summary: 'An operation has neither summary nor description.',
  fix: 'Describe in a sentence or two what the operation does and when to use it.',
  *check({ operations }) {
    for (const { written, pointer, origin, id } of operations) {
      if (textAt(written, 'summary') ?? textAt(written, 'description')) continue;
      const said = `"${id}" is described only as "${origin.method.toUpperCase()} ${origin.path}".`;
      yield { pointer, message: said };
    }
  },
};
