import { joinPointer } from '../../parse/references.ts';
import { type Rule, textAt } from '../subject.ts';
import { cleanedOperations } from './cleaned-name.ts';

/** Names that generators make, or that say nothing. Most specific first. */
const UNCLEAR: readonly (readonly [pattern: RegExp, why: string])[] = [
  [
    /^(get|put|post|patch|delete|head|options|list|create|update|op|operation|api|call|do|run|endpoint|handler|index|main|test|route|path|request|action|method|func|function)[_-]?\d*$/i,
    'says nothing about what it does',
  ],
  [/^.{1,2}$/, 'is too short to be meaningful'],
  [/using(get|put|post|patch|delete|head|options)(_\d+)?$/i, 'ends with a suffix that a generator added'],
  [/[^a-z](get|put|post|patch|delete)_\d+$|^(?!.*v\d+$).*[a-z]_\d+$/i, 'ends with a number that a generator added'],
  [/controller[._/#-]/i, 'names a class in the code, not an action'],
  [/[0-9a-f]{8}-?[0-9a-f]{4}|^[0-9a-f]{10,}$/i, 'contains a machine-generated identifier'],
];

/** A model picks a tool by its name first. */
export const unclearName: Rule = {
  id: 'unclear-name',
  severity: 'warning',
  summary: 'The name of an operation does not say what it does.',
  fix: 'Use a verb and an object (`createInvoice`) as operationId or `x-mcp: { name: … }`.',
  *check({ operations }) {
    const cleaned = new Set(cleanedOperations(operations).map(({ pointer }) => pointer));
    for (const { written, pointer, id } of operations) {
      const operationId = textAt(written, 'operationId');
      if (operationId === undefined) continue;
      const at = joinPointer(pointer, 'operationId');
      const name = cleaned.has(pointer) ? id : operationId;
      const [, why] = UNCLEAR.find(([pattern]) => pattern.test(name)) ?? [];
      if (why) yield { pointer: at, message: `"${name}" ${why}.` };
    }
  },
};
