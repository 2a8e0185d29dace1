import type { Tool } from './provider.ts';
import { remembered } from './remembered.ts';

/** Lists are shared until they change, so the index of a list is built once and dropped with it. */
export const toolsByName = remembered(
  (tools: readonly Tool[]): ReadonlyMap<string, Tool> => new Map(tools.map((tool) => [tool.name, tool])),
);
