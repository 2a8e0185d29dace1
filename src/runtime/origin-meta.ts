import { type Origin, visibleText } from '../model/index.ts';
import type { Tool } from './provider.ts';

/** The key in a tool's `_meta` with the operationId, if it differs from the name. */
const OPERATION_ID_KEY = 'openapi-mcp/operationId';

/** The origin of a tool, for programs: the operation's `tags` and its own id. */
export function originMeta(name: string, { operationId, tags }: Origin): Tool['_meta'] {
  const isOther = operationId !== undefined && operationId.replace(/[^A-Za-z0-9_-]+/g, '_') !== name;
  if (!isOther && tags.length === 0) return undefined;
  return {
    ...(tags.length > 0 && { tags: tags.map(visibleText) }),
    ...(isOther && { [OPERATION_ID_KEY]: visibleText(operationId) }),
  };
}

/** The tags of a listed item. */
export function tagsOf({ _meta }: Pick<Tool, '_meta'>): readonly string[] {
  const tags = _meta?.tags;
  return Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : [];
}

/**
 * The tool with that name or, if there is none, the only one with that operationId; if it is mounted, prefixed with the
 * namespace: `shop_list_todos_todos_get`.
 */
export function toolNamed<Named extends Pick<Tool, 'name' | '_meta'>>(
  tools: readonly Named[],
  name: string,
): Named | undefined {
  const named = tools.find((tool) => tool.name === name);
  if (named) return named;
  const [found, ...others] = tools.filter((tool) => {
    const id = operationIdOf(tool);
    if (id === undefined || !name.endsWith(id)) return false;
    const before = name.slice(0, -id.length);
    return before === '' || (before.endsWith('_') && tool.name.startsWith(before));
  });
  return others.length === 0 ? found : undefined;
}

/** The operationId of a tool that is listed under another name. */
export function operationIdOf({ _meta }: Pick<Tool, '_meta'>): string | undefined {
  const id = _meta?.[OPERATION_ID_KEY];
  return typeof id === 'string' ? id : undefined;
}
