import type { ApiModel, Operation } from '../../model/index.ts';
import type { Resource, ResourceTemplate } from '../provider.ts';
import { argumentsFromText } from './arguments/text-arguments.ts';
import { createTemplateMatcher } from './uri-template/index.ts';

/** The resources of an API: their lists, and which operation a URI belongs to. */
export interface ResourceIndex {
  readonly resources: readonly Resource[];
  readonly templates: readonly ResourceTemplate[];
  /** `undefined` if no resource or template matches the URI. */
  find(
    uri: string,
  ): { readonly operation: Operation; readonly arguments: Readonly<Record<string, unknown>> } | undefined;
  byTemplate(uriTemplate: string): Operation | undefined;
}

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
  // Built for the first URI: lists do not need it.
  let match: ReturnType<typeof createTemplateMatcher> | undefined;
  return {
    resources,
    templates,
    find(uri) {
      const exact = fixed.get(uri);
      if (exact) return { operation: exact, arguments: {} };
      match ??= createTemplateMatcher([...templated.keys()]);
      const found = match(uri);
      const operation = found && templated.get(found.template);
      return operation && { operation, arguments: argumentsFromText(operation, model.schemas, found.values) };
    },
    byTemplate: (uriTemplate) => templated.get(uriTemplate),
  };
}
