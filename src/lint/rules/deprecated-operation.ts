import type { Rule } from '../subject.ts';

/** A model should not have to choose between a tool and its successor. */
export const deprecatedOperation: Rule = {
  id: 'deprecated-operation',
  severity: 'advice',
  summary: 'A deprecated operation is served.',
  fix: 'Exclude it with `x-mcp: false` or --exclude.',
  *check({ operations }) {
    for (const { origin, pointer, id } of operations)
      if (origin.deprecated) yield { pointer, message: `"${id}" is deprecated but still served as a tool.` };
  },
};
