import { cleanOperationIds } from '../../map/clean-operation-id.ts';
import { joinPointer } from '../../parse/references.ts';
import type { Rule, SubjectOperation } from '../subject.ts';

export interface CleanedOperation extends SubjectOperation {
  readonly operationId: string;
  readonly framework: string;
}

/** The operations that are listed without what a framework put into their ids. */
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

/** A name that the document gives does not change when the rules of cleaning do. */
export const cleanedName: Rule = {
  id: 'cleaned-name',
  severity: 'advice',
  summary: 'A framework made the operationId, and the tool is listed without what it added.',
  fix: 'Give the operation an operationId of its own, or `x-mcp: { name: … }`. `--names document` keeps what frameworks make.',
  *check({ operations }) {
    for (const { pointer, id, operationId, framework } of cleanedOperations(operations))
      yield {
        pointer: joinPointer(pointer, 'operationId'),
        message: `"${operationId}" (${framework}) is listed as "${id}".`,
      };
  },
};
