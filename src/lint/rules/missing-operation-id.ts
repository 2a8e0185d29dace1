import { type Rule, textAt } from '../subject.ts';

/** The operationId is the tool name. A name derived from the path changes with it, and reads worse. */
export const missingOperationId: Rule = {
  id: 'missing-operation-id',
  severity: 'advice',
  summary: 'An operation has no operationId, so its name is derived from method and path.',
  fix: 'Add an operationId that says what it does, such as `listPets`.',
  *check({ operations }) {
    for (const { written, pointer, id } of operations)
      if (textAt(written, 'operationId') === undefined) yield { pointer, message: `It is listed as "${id}".` };
  },
};
