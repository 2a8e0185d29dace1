import type { ApiModel, Operation } from '../../model/index.ts';
import { once } from '../once.ts';
import type { Resource, ResourceTemplate } from '../provider.ts';
import type { FoundResource } from './match-resource.ts';

/** The resources of an API: their lists, and which operation a URI belongs to. */
export interface ResourceIndex {
  readonly resources: readonly Resource[];
  readonly templates: readonly ResourceTemplate[];
  /** `undefined` if no resource or template matches the URI. */
  find(uri: string): Promise<FoundResource | undefined>;
  byTemplate(uriTemplate: string): Operation | undefined;
}

/** For the first URI: lists do not need it. */
const loadMatching = () => import('./match-resource.ts');

export function indexResources(model: ApiModel): ResourceIndex {
  const fixed = new Map<string, Operation>();
  const templated = new Map<string, Operation>();
  const resources: Resource[] = [];
  const templates: ResourceTemplate[] = [];
  for (const operation of model.operations) {
    if (!operation.resource) continue;
    const { uri, uriTemplate, name, title, description, mimeType } = operation.resource;
    const told = {
      name,
      ...(title !== undefined && { title }),
      description,
      ...(mimeType !== undefined && { mimeType }),
    };
    if (uri !== undefined) {
      fixed.set(uri, operation);
      resources.push({ uri, ...told });
    }
    if (uriTemplate !== undefined) {
      templated.set(uriTemplate, operation);
      templates.push({ uriTemplate, ...told });
    }
  }
  const match = once(async () => (await loadMatching()).resourceMatcher(templated, model.schemas));
  return {
    resources,
    templates,
    async find(uri) {
      const operation = fixed.get(uri);
      return operation ? { operation, arguments: {} } : (await match())(uri);
    },
    byTemplate: (uriTemplate) => templated.get(uriTemplate),
  };
}
