import type { Rule } from '../subject.ts';

/** A tool beside its own successor is a choice that a model should not have to make. */
export const deprecatedOperation: Rule = {
  id: 'deprecated-operation',
  severity: 'advice',
  summary: 'A deprecated operation is served.',
  fix: 'Leave it out with `x-mcp: false` or --exclude.',
  *check({ operations }) {
    for (const { origin, pointer, id } of operations)
      if (origin.deprecated) yield { pointer, message: `"${id}" is deprecated, and served as a tool all the same.` };
  },
};
