import { type Rule, textAt } from '../subject.ts';

/** Without words a model can only guess from method and path what a tool is for. */
export const missingDescription: Rule = {
  id: 'missing-description',
  severity: 'warning',
  summary: 'An operation has neither summary nor description.',
  fix: 'Say in a sentence or two what the operation does and when to use it.',
  *check({ operations }) {
    for (const { written, pointer, origin, id } of operations) {
      if (textAt(written, 'summary') ?? textAt(written, 'description')) continue;
      const said = `"${id}" is told as "${origin.method.toUpperCase()} ${origin.path}" only.`;
      yield { pointer, message: said };
    }
  },
};
