import { matchingTemplate } from '../compose/owned-uris.ts';
import { derived } from '../derived.ts';
import { fullSchemaUri, isFullSchemaTemplate } from '../full-schema.ts';
import type { Part } from '../part.ts';
import {
  type ListContext,
  type Prompt,
  type Provider,
  ProviderError,
  type Resource,
  type ResourceTemplate,
  type Tool,
} from '../provider.ts';
import { remembered } from '../remembered.ts';

/** All that a provider offers. */
export async function partsOf(provider: Provider, context: ListContext): Promise<readonly Part[]> {
  return partsIn(...(await listsOf(provider, context)));
}

export const listsOf = (provider: Provider, context: ListContext) =>
  Promise.all([
    provider.listTools(context),
    provider.listResources(context),
    provider.listResourceTemplates(context),
    provider.listPrompts(context),
  ]);

/** The items of four lists, as parts. */
export function partsIn(
  tools: readonly Tool[],
  resources: readonly Resource[],
  templates: readonly ResourceTemplate[],
  prompts: readonly Prompt[],
): readonly Part[] {
  return [
    ...tools.map((item): Part => ({ kind: 'tool', item })),
    ...resources.map((item): Part => ({ kind: 'resource', item })),
    ...templates.map((item): Part => ({ kind: 'template', item })),
    ...prompts.map((item): Part => ({ kind: 'prompt', item })),
  ];
}

/** Keeps only the items for which `keeps` is true. Other items cannot be called, read or completed. */
export function selection(provider: Provider, keeps: (part: Part) => boolean): Provider {
  const tools = kept(
    (item: Tool) => keeps({ kind: 'tool', item }),
    ({ name }) => name,
  );
  const resources = kept(
    (item: Resource) => keeps({ kind: 'resource', item }),
    ({ uri }) => uri,
  );
  const templates = kept(
    // Schemas go with their tools, see `isReadable`.
    (item: ResourceTemplate) => isFullSchemaTemplate(item) || keeps({ kind: 'template', item }),
    ({ uriTemplate }) => uriTemplate,
  );
  const prompts = kept(
    (item: Prompt) => keeps({ kind: 'prompt', item }),
    ({ name }) => name,
  );

  const listTools = async (context: ListContext) => tools(await provider.listTools(context));
  const listPrompts = async (context: ListContext) => prompts(await provider.listPrompts(context));

  async function isReadable(uri: string, context: ListContext): Promise<boolean> {
    const listed = await provider.listResources(context);
    // A listed resource is decided by its own entry, even if a remaining template would match it.
    if (urisOf(listed).has(uri)) return resources(listed).keys.has(uri);
    const all = await provider.listResourceTemplates(context);
    const template = matchingTemplate(all, uri);
    if (all.some((item) => item.uriTemplate === template && isFullSchemaTemplate(item))) {
      return (await listTools(context)).items.some((tool) => fullSchemaUri(tool) === uri);
    }
    return template !== undefined && templates(all).keys.has(template);
  }

  return derived(provider, {
    listTools: async (context) => (await listTools(context)).items,
    async callTool(call, context) {
      if ((await listTools(context)).keys.has(call.name)) return provider.callTool(call, context);
      throw new ProviderError('TOOL_NOT_FOUND', `Unknown tool: ${call.name}`);
    },
    listResources: async (context) => resources(await provider.listResources(context)).items,
    listResourceTemplates: async (context) => templates(await provider.listResourceTemplates(context)).items,
    async readResource(read, context) {
      if (await isReadable(read.uri, context)) return provider.readResource(read, context);
      throw new ProviderError('RESOURCE_NOT_FOUND', `No resource has the URI ${read.uri}`);
    },
    listPrompts: async (context) => (await listPrompts(context)).items,
    async getPrompt(get, context) {
      if ((await listPrompts(context)).keys.has(get.name)) return provider.getPrompt(get, context);
      throw new ProviderError('PROMPT_NOT_FOUND', `Unknown prompt: ${get.name}`);
    },
    async complete(completion, context) {
      const { ref } = completion;
      const offered =
        ref.type === 'prompt'
          ? (await listPrompts(context)).keys.has(ref.name)
          : templates(await provider.listResourceTemplates(context)).keys.has(ref.uri);
      return offered ? provider.complete(completion, context) : { values: [] };
    },
  });
}

interface Kept<Item> {
  readonly items: readonly Item[];
  readonly keys: ReadonlySet<string>;
}

function kept<Item>(keeps: (item: Item) => boolean, keyOf: (item: Item) => string) {
  return remembered((list: readonly Item[]): Kept<Item> => {
    const items = Object.freeze(list.filter(keeps));
    return { items, keys: new Set(items.map(keyOf)) };
  });
}

const urisOf = remembered((list: readonly Resource[]) => new Set(list.map(({ uri }) => uri)));
