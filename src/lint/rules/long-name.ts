import { joinPointer } from '../../parse/references.ts';
import { type Rule, textAt } from '../subject.ts';

/** Hosts put a prefix before the name, and most refuse more than 64 characters. */
const LONGEST = 48;

/** What is cut off a name is often what set it apart. */
export const longName: Rule = {
  id: 'long-name',
  severity: 'advice',
  summary: `A name has more than ${LONGEST} characters, so it was shortened.`,
  fix: 'Give the operation a shorter operationId, or `x-mcp: { name: … }`.',
  *check({ operations }) {
    for (const { written, pointer, id } of operations) {
      const operationId = textAt(written, 'operationId') ?? '';
      if (operationId.length > LONGEST && id !== operationId)
        yield { pointer: joinPointer(pointer, 'operationId'), message: `"${operationId}" is called "${id}".` };
    }
  },
};
