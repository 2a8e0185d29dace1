import type { Rule } from '../subject.ts';

/** Bytes of one tool with its complete input schema: about 2,000 tokens. */
const BUDGET = 8_000;

/** Every listed tool takes up context in each conversation, used or not. */
export const largeTool: Rule = {
  id: 'large-tool',
  severity: 'warning',
  summary: `A tool takes more than ${BUDGET / 1000} kB. The list shortens optional parts of its input schema.`,
  fix: 'Shorten its descriptions, or hide optional parameters with `x-mcp: false`.',
  *check({ operations }) {
    for (const { listed, pointer, id } of operations)
      if (listed && listed.fullBytes > BUDGET)
        yield {
          pointer,
          message: `"${id}" takes ${listed.fullBytes} bytes (about ${Math.ceil(listed.fullBytes / 4)} tokens).`,
        };
  },
};
