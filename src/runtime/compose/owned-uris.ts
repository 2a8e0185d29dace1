import { createTemplateMatcher, parseTemplate } from '../api/uri-template/index.ts';
import type { ListContext, Provider, Resource, ResourceTemplate } from '../provider.ts';
import { remembered } from '../remembered.ts';

/** Distinguishes URIs that the provider can read, listed or matched by a template, from external ones. */
export async function ownedUris(
  provider: Pick<Provider, 'listResources' | 'listResourceTemplates'>,
  context: ListContext,
): Promise<(uri: string) => boolean> {
  const [resources, templates] = await Promise.all([
    provider.listResources(context),
    provider.listResourceTemplates(context),
  ]);
  const listed = urisOf(resources);
  return (uri) => listed.has(uri) || matchingTemplate(templates, uri) !== undefined;
}

/** The template that the URI is an expansion of. */
export function matchingTemplate(templates: readonly ResourceTemplate[], uri: string): string | undefined {
  return matcherOf(templates)(uri)?.template;
}

const urisOf = remembered((resources: readonly Resource[]) => new Set(resources.map(({ uri }) => uri)));

const matcherOf = remembered((templates: readonly ResourceTemplate[]) =>
  createTemplateMatcher(templates.map(({ uriTemplate }) => uriTemplate).filter(isWellFormed)),
);

/** Another server's template may be malformed: it stays listed, but matches nothing. */
function isWellFormed(template: string): boolean {
  try {
    parseTemplate(template);
    return true;
  } catch {
    return false;
  }
}
