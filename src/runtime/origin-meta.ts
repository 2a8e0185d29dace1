import { type Origin, type PaginationKind, visibleText } from '../model/index.ts';
import type { Tool } from './provider.ts';

/** The key in a tool's `_meta` with the operationId, if it differs from the name. */
const OPERATION_ID_KEY = 'openapi-mcp/operationId';

/** The origin of a tool, for programs: the operation's `tags` and its own id. */
export function originMeta(name: string, { operationId, tags }: Origin): Tool['_meta'] {
  // Most tools have the operationId as their name.
  const isOther =
    operationId !== undefined && operationId !== name && operationId.replace(/[^A-Za-z0-9_-]+/g, '_') !== name;
  if (!isOther && tags.length === 0) return undefined;
  return {
    ...(tags.length > 0 && { tags: tags.map(visibleText) }),
    ...(isOther && { [OPERATION_ID_KEY]: visibleText(operationId) }),
  };
}

/** The key in `_meta` of lists with `origins`. */
export const ORIGIN_KEY = 'openapi-mcp/origin';

/** The operation behind an item of an API. */
export interface ListedOrigin {
  /** The name of the API. */
  readonly api: string;
  readonly method: string;
  readonly path: string;
  readonly tags: readonly string[];
  /** The scopes of the operation's security requirements, one list for each alternative; empty: none needed. */
  readonly scopes: readonly (readonly string[])[];
  /** Whether the document declares a body for success; absent from earlier versions of this runtime. */
  readonly returns?: boolean;
  /** Present if calls honour `context.page`. */
  readonly paging?: ListedPaging;
}

export interface ListedPaging {
  /** How pages are reached; absent if only a response can tell. */
  readonly kind?: PaginationKind;
  /** Arguments that say which page is wanted. */
  readonly positions: readonly string[];
}

/** Tools that are known to return data, see {@link returnsData}. */
const returning = new WeakSet<Pick<Tool, '_meta'>>();

/** Remembers a tool of an API that declares a body for success. Copies of it are not known. */
export function markReturning(tool: Tool): void {
  returning.add(tool);
}

/** Whether the tool is an operation that may return more than a status: its list has origins, or it is marked. */
export function returnsData(tool: Tool): boolean {
  const origin = listedOrigin(tool);
  return returning.has(tool) || (origin !== undefined && origin.returns !== false);
}

export function listedOrigin({ _meta }: Pick<Tool, '_meta'>): ListedOrigin | undefined {
  // Only `withOrigin` writes it, in this or another copy of the runtime.
  return _meta?.[ORIGIN_KEY] as ListedOrigin | undefined;
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
