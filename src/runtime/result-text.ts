import type { ToolResult } from './provider.ts';

/** The text of a result, such as the message of one that failed. */
export const resultText = ({ content }: Pick<ToolResult, 'content'>): string =>
  content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
