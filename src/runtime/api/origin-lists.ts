import type { ApiModel, Operation } from '../../model/index.ts';
import { withOrigin } from '../origin-meta.ts';
import type { Resource, ResourceTemplate, Tool } from '../provider.ts';

export interface ApiLists {
  readonly tools: readonly Tool[];
  readonly resources: readonly Resource[];
  readonly templates: readonly ResourceTemplate[];
}

/** The lists of an API in which every item has its origin, for transforms that decide by operation. */
export function originLists(
  { name, operations }: ApiModel,
  { tools, resources, templates, fullSchemas }: ApiLists & { readonly fullSchemas: readonly ResourceTemplate[] },
): ApiLists {
  const byKey = new Map<string | undefined, Operation>();
  for (const operation of operations) {
    const { tool, resource } = operation;
    // Tool names have no colon, so none is a URI.
    for (const key of [tool?.name, resource?.uri, resource?.uriTemplate]) byKey.set(key, operation);
  }
  const added = <Item extends Pick<Tool, '_meta'>>(item: Item, key: string): Item => {
    const operation = byKey.get(key);
    return operation ? withOrigin(item, name, operation) : item;
  };
  return {
    tools: Object.freeze(tools.map((tool) => added(tool, tool.name))),
    resources: Object.freeze(resources.map((resource) => added(resource, resource.uri))),
    templates: Object.freeze([...templates.map((template) => added(template, template.uriTemplate)), ...fullSchemas]),
  };
}
