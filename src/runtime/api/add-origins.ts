import type { ApiModel, Operation } from '../../model/index.ts';
import { once } from '../once.ts';
import { withOrigin } from '../origin-meta.ts';
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
