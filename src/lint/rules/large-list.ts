import type { Rule } from '../subject.ts';

/** Bytes of all tools: about 50,000 tokens. */
const BUDGET = 200_000;

/** The complete list is loaded into a model's context before it does anything. */
export const largeList: Rule = {
  id: 'large-list',
  severity: 'warning',
  summary: `The tool list is larger than ${BUDGET / 1000} kB.`,
  fix: 'Serve fewer operations: --include, --exclude, --route, or `x-mcp: false` on tags and operations.',
  *check({ operations }) {
    const tools = operations.flatMap(({ listed }) => listed ?? []);
    const bytes = tools.reduce((sum, tool) => sum + tool.bytes, 0);
    if (bytes > BUDGET)
      yield {
        pointer: '#/paths',
        message: `${tools.length} tools take ${bytes} bytes (about ${Math.ceil(bytes / 4)} tokens).`,
      };
  },
};
