import { type ApiModel, declaresBody, type Operation } from '../../model/index.ts';
import { madeLater } from '../made-later.ts';
import { once } from '../once.ts';
import { type ListedOrigin, type ListedPaging, ORIGIN_KEY } from '../origin-meta.ts';
import type { Resource, ResourceTemplate, Tool } from '../provider.ts';

export interface ApiLists {
  readonly tools: () => Promise<readonly Tool[]>;
  readonly resources: () => Promise<readonly Resource[]>;
  readonly templates: () => Promise<readonly ResourceTemplate[]>;
}

/** The lists of an API in which every item has its origin, for transforms that decide by operation. */
export function addOrigins({ name, operations }: ApiModel, { tools, resources, templates }: ApiLists): ApiLists {
  const operationsByKey = once(() => {
    const byKey = new Map<string | undefined, Operation>();
    for (const operation of operations) {
      const { tool, resource } = operation;
      // Tool names have no colon, so none is a URI.
      for (const key of [tool?.name, resource?.uri, resource?.uriTemplate]) byKey.set(key, operation);
    }
    return byKey;
  });
  const added = <Item extends Pick<Tool, '_meta'>>(list: readonly Item[], keyOf: (item: Item) => string) =>
    list.map((item) => {
      const operation = operationsByKey().get(keyOf(item));
      return operation ? withOrigin(item, name, operation) : item;
    });
  return {
    tools: once(async () => Object.freeze(added(await tools(), (tool) => tool.name))),
    resources: once(async () => Object.freeze(added(await resources(), ({ uri }) => uri))),
    templates: once(async () => Object.freeze(added(await templates(), ({ uriTemplate }) => uriTemplate))),
  };
}

/** The item with its origin, for a list with `origins`. */
function withOrigin<Item extends Pick<Tool, '_meta'>>(item: Item, api: string, operation: Operation): Item {
  const { method, path, tags } = operation.origin;
  const origin: ListedOrigin = {
    api,
    method,
    path,
    tags,
    scopes: scopeAlternatives(operation),
    returns: declaresBody(operation.response),
  };
  const whole = madeLater(origin, 'paging', () => pagingOf(operation));
  return { ...item, _meta: { ...item._meta, [ORIGIN_KEY]: whole } };
}

function pagingOf({ request, response: { pagination } }: Operation): ListedPaging | undefined {
  if (pagination) return { kind: pagination.kind, positions: pagination.positions };
  return request.method === 'GET' ? { positions: [] } : undefined;
}

/**
 * Alternatives without OAuth say nothing about scopes and are left out; one that needs no credential at all makes the
 * others optional (OpenAPI 3.1.1, Security Requirement Object).
 */
function scopeAlternatives({ auth }: Operation): readonly (readonly string[])[] {
  if (auth.some(({ schemes }) => schemes.length === 0)) return [];
  return auth
    .map(({ schemes }) => [...new Set(schemes.flatMap(({ scopes }) => scopes))])
    .filter((scopes) => scopes.length > 0);
}
