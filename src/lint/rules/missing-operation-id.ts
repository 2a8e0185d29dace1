import { type Rule, textAt } from '../subject.ts';

/** The operationId is the name of the tool; one made from the path changes with it, and reads worse. */
export const missingOperationId: Rule = {
  id: 'missing-operation-id',
  severity: 'advice',
  summary: 'An operation has no operationId, so its name is made from method and path.',
  fix: 'Give it an operationId that says what it does, such as `listPets`.',
  *check({ operations }) {
    for (const { written, pointer, id } of operations)
      if (textAt(written, 'operationId') === undefined) yield { pointer, message: `It is called "${id}".` };
  },
};
