import type { Tool } from './provider.ts';

/** Lists are shared until they change, so the index of a list is built once and dropped with it. */
const indexes = new WeakMap<readonly Tool[], ReadonlyMap<string, Tool>>();

export function toolsByName(tools: readonly Tool[]): ReadonlyMap<string, Tool> {
  const known = indexes.get(tools);
  if (known) return known;
  const index = new Map(tools.map((tool) => [tool.name, tool]));
  indexes.set(tools, index);
  return index;
}
