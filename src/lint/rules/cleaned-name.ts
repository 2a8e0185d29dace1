import { cleanOperationIds } from '../../map/clean-operation-id.ts';
import { joinPointer } from '../../parse/references.ts';
import type { Rule, SubjectOperation } from '../subject.ts';

export interface CleanedOperation extends SubjectOperation {
  readonly operationId: string;
  readonly framework: string;
}

/** Operations whose names are listed without the parts that a framework added to the operationId. */
export function cleanedOperations(operations: readonly SubjectOperation[]): readonly CleanedOperation[] {
  const ids = cleanOperationIds(operations.map(({ origin }) => origin));
  return operations.flatMap((operation, index) => {
    const { framework } = ids[index] ?? {};
    const { operationId } = operation.origin;
    if (framework === undefined || operationId === undefined) return [];
    // `--names document` keeps them.
    return operation.id === operationId ? [] : [{ ...operation, operationId, framework }];
  });
}

/** A name that the document sets does not change if the cleaning rules do. */
export const cleanedName: Rule = {
  id: 'cleaned-name',
  severity: 'advice',
  summary: 'A framework generated the operationId, and the tool is listed without the parts it added.',
  fix: 'Set an explicit operationId, or `x-mcp: { name: … }`. `--names document` keeps generated names.',
  *check({ operations }) {
    for (const { pointer, id, operationId, framework } of cleanedOperations(operations))
      yield {
        pointer: joinPointer(pointer, 'operationId'),
        message: `"${operationId}" (${framework}) is listed as "${id}".`,
      };
  },
};
