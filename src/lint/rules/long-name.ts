import { joinPointer } from '../../parse/references.ts';
import { type Rule, textAt } from '../subject.ts';

/** Hosts add a prefix to the name, and most reject more than 64 characters. */
const LONGEST = 48;

/** The part that is cut off is often what made the name distinct. */
export const longName: Rule = {
  id: 'long-name',
  severity: 'advice',
  summary: `A name is longer than ${LONGEST} characters, so it was shortened.`,
  fix: 'Give the operation a shorter operationId, or `x-mcp: { name: … }`.',
  *check({ operations }) {
    for (const { written, pointer, id } of operations) {
      const operationId = textAt(written, 'operationId') ?? '';
      if (operationId.length > LONGEST && id !== operationId)
        yield { pointer: joinPointer(pointer, 'operationId'), message: `"${operationId}" is listed as "${id}".` };
    }
  },
};
