import type { Tool } from '../provider.ts';
import { suggestion } from '../text/nearest.ts';

/** A message for the model: the name is unknown, and what it may have meant. */
export function unknownTool(name: string, tools: readonly Pick<Tool, 'name'>[]): string {
  return `Unknown tool "${name}". ${suggestion(
    name,
    tools.map((tool) => tool.name),
  )}`;
}
