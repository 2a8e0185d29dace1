import type { Rule } from '../subject.ts';

/** Bytes of one entry in `tools/list`: about 2,000 tokens. */
const BUDGET = 8_000;

/** Every listed tool takes up context in each conversation, used or not. */
export const largeTool: Rule = {
  id: 'large-tool',
  severity: 'warning',
  summary: `A tool takes more than ${BUDGET / 1000} kB in the list.`,
  fix: 'Shorten its descriptions, or hide optional parameters with `x-mcp: false`.',
  *check({ operations }) {
    for (const { listed, pointer, id } of operations)
      if (listed && listed.bytes > BUDGET)
        yield {
          pointer,
          message: `"${id}" takes ${listed.bytes} bytes (about ${Math.ceil(listed.bytes / 4)} tokens).`,
        };
  },
};
