import { derived } from '../derived.ts';
import { withFullSchemaMoved } from '../full-schema.ts';
import { lackingScopes, unrestricted } from '../lacking-scopes.ts';
import { NAMESPACE } from '../namespace-form.ts';
import { OptionError } from '../options/option-error.ts';
import {
  type ContentBlock,
  type ListContext,
  type Prompt,
  type Provider,
  ProviderError,
  type Resource,
  type ResourceTemplate,
  type ScopedRequest,
  type Tool,
} from '../provider.ts';
import { remembered } from '../remembered.ts';
import { updatesOf } from '../resource-updates.ts';
import { checkProvider } from './check-provider.ts';
import { fromNamespaceUri, toNamespaceUri } from './namespace-uri.ts';
import { naming } from './naming.ts';
import { ownedUris } from './owned-uris.ts';
import { MAX_NAME_LENGTH, shortName } from './short-name.ts';

/**
 * Puts a provider into a namespace: tools and prompts become `<namespace>_<name>` (cut to 64 characters with a stable
 * hash), the authority of resource URIs becomes `<namespace>.<authority>`. Links to its own resources in results are
 * converted too, so that clients can follow them.
 *
 * @param namespace `^[a-z][a-z0-9-]*$`, at most 32 characters; without `_`, which separates it from the name
 * @throws OptionError if the namespace is invalid, or `provider` is not a provider
 */
export function namespace(provider: Provider, namespace: string): Provider {
  checkNamespace(namespace);
  checkProvider(provider, namespace);
  const space: Space = {
    provider,
    prefix: `${namespace}_`,
    toUri: (uri) => toNamespaceUri(namespace, uri),
    fromUri: (uri) => fromNamespaceUri(namespace, uri),
  };
  const listPrompts = promptLists(space);
  const named = derived(provider, {
    ...toolsIn(space),
    ...resourcesIn(space),
    ...promptsIn(space, listPrompts),
    ...(provider.lackingScopes && {
      async lackingScopes(request, context) {
        const own = await ownRequest(space, request, unrestricted(context), listPrompts);
        return own && lackingScopes(provider, own, context);
      },
    }),
    async complete(completion, context) {
      const { ref } = completion;
      if (ref.type === 'resource') {
        const uri = space.fromUri(ref.uri);
        return uri === undefined ? { values: [] } : provider.complete({ ...completion, ref: { ...ref, uri } }, context);
      }
      const name = await ownName(ref.name, space.prefix, () => listPrompts(context));
      return name === undefined ? { values: [] } : provider.complete({ ...completion, ref: { ...ref, name } }, context);
    },
  });
  return Object.assign(named, updatesOf(provider, space.toUri));
}

interface Space {
  readonly provider: Provider;
  /** Of the names of tools and prompts. */
  readonly prefix: string;
  readonly toUri: (uri: string) => string;
  /** `undefined` outside this namespace. */
  readonly fromUri: (uri: string) => string | undefined;
}

function toolsIn({ provider, prefix, toUri }: Space): Pick<Provider, 'listTools' | 'callTool'> {
  const tools = remembered((list: readonly Tool[]) =>
    renamed(
      list.map((tool) => withFullSchemaMoved(tool, toUri)),
      prefix,
    ),
  );
  const listTools = async (context: ListContext) => tools(await provider.listTools(context));
  return {
    listTools: async (context) => (await listTools(context)).list,
    async callTool(call, context) {
      const name = await ownName(call.name, prefix, () => listTools(context));
      if (name === undefined) throw new ProviderError('TOOL_NOT_FOUND', `Unknown tool: ${call.name}`);
      const result = await naming(name, call.name, () =>
        provider.callTool({ ...call, name }, { calledAs: call.name, ...context }),
      );
      const content = await convertLinks(result.content, toUri, () => ownedUris(provider, context));
      return content === result.content ? result : { ...result, content };
    },
  };
}

type Resources = Pick<Provider, 'listResources' | 'listResourceTemplates' | 'readResource'>;

function resourcesIn({ provider, toUri, fromUri }: Space): Resources {
  const resources = remembered((list: readonly Resource[]) =>
    Object.freeze(list.map((resource) => ({ ...resource, uri: toUri(resource.uri) }))),
  );
  const templates = remembered((list: readonly ResourceTemplate[]) =>
    Object.freeze(list.map((template) => ({ ...template, uriTemplate: toUri(template.uriTemplate) }))),
  );
  return {
    listResources: async (context) => resources(await provider.listResources(context)),
    listResourceTemplates: async (context) => templates(await provider.listResourceTemplates(context)),
    async readResource(read, context) {
      const uri = fromUri(read.uri);
      if (uri === undefined) throw new ProviderError('RESOURCE_NOT_FOUND', `No resource has the URI ${read.uri}`);
      const result = await naming(uri, read.uri, () => provider.readResource({ uri }, context));
      const isSimple = result.contents.every((part) => part.uri === uri);
      const owns = isSimple ? () => true : await ownedUris(provider, context);
      const contents = result.contents.map((part) =>
        part.uri === uri || owns(part.uri) ? { ...part, uri: toUri(part.uri) } : part,
      );
      return { ...result, contents };
    },
  };
}

type Prompts = Pick<Provider, 'listPrompts' | 'getPrompt'>;

function promptLists({ provider, prefix }: Space): (context: ListContext) => Promise<Renamed<Prompt>> {
  const prompts = remembered((list: readonly Prompt[]) => renamed(list, prefix));
  return async (context) => prompts(await provider.listPrompts(context));
}

function promptsIn({ provider, prefix, toUri }: Space, listPrompts: ReturnType<typeof promptLists>): Prompts {
  return {
    listPrompts: async (context) => (await listPrompts(context)).list,
    async getPrompt(get, context) {
      const name = await ownName(get.name, prefix, () => listPrompts(context));
      if (name === undefined) throw new ProviderError('PROMPT_NOT_FOUND', `Unknown prompt: ${get.name}`);
      const result = await naming(name, get.name, () => provider.getPrompt({ ...get, name }, context));
      const contents = await convertLinks(
        result.messages.map((message) => message.content),
        toUri,
        () => ownedUris(provider, context),
      );
      return {
        ...result,
        messages: result.messages.map((message, i) => ({ ...message, content: contents[i] ?? message.content })),
      };
    },
  };
}

/** The request as the provider itself knows it; `undefined` outside this namespace. */
async function ownRequest(
  { provider, prefix, fromUri }: Space,
  request: ScopedRequest,
  context: ListContext,
  listPrompts: ReturnType<typeof promptLists>,
): Promise<ScopedRequest | undefined> {
  switch (request.method) {
    case 'tools/call': {
      const { params } = request;
      const names = async () => renamed(await provider.listTools(context), prefix);
      const name = await ownName(params.name, prefix, names);
      return name === undefined ? undefined : { ...request, params: { ...params, name } };
    }
    case 'prompts/get': {
      const { params } = request;
      const name = await ownName(params.name, prefix, () => listPrompts(context));
      return name === undefined ? undefined : { ...request, params: { ...params, name } };
    }
    case 'resources/read': {
      const uri = fromUri(request.params.uri);
      return uri === undefined ? undefined : { ...request, params: { uri } };
    }
  }
}

/** The provider's own name for a listed name; `undefined` outside this namespace. */
async function ownName(
  name: string,
  prefix: string,
  names: () => Promise<Renamed<unknown>>,
): Promise<string | undefined> {
  if (!name.startsWith(prefix)) return undefined;
  // Only a cut name cannot be converted back, and every cut name has the maximum length.
  if (name.length < MAX_NAME_LENGTH) return name.slice(prefix.length);
  return (await names()).own.get(name) ?? name.slice(prefix.length);
}

/** Converts the URIs of the provider's own resources; other links are unchanged. */
async function convertLinks(
  blocks: readonly ContentBlock[],
  toUri: Space['toUri'],
  owned: () => Promise<(uri: string) => boolean>,
): Promise<readonly ContentBlock[]> {
  if (!blocks.some((block) => block.type === 'resource_link' || block.type === 'resource')) return blocks;
  const owns = await owned();
  return blocks.map((block) => {
    if (block.type === 'resource_link') return owns(block.uri) ? { ...block, uri: toUri(block.uri) } : block;
    if (block.type === 'resource') {
      const { resource } = block;
      return owns(resource.uri) ? { ...block, resource: { ...resource, uri: toUri(resource.uri) } } : block;
    }
    return block;
  });
}

interface Renamed<Item> {
  readonly list: readonly Item[];
  /** Listed name → the provider's own name. */
  readonly own: ReadonlyMap<string, string>;
}

function renamed<Item extends { readonly name: string }>(list: readonly Item[], prefix: string): Renamed<Item> {
  const own = new Map<string, string>();
  const items = list.map((item) => {
    const name = shortName(prefix + item.name);
    own.set(name, item.name);
    return { ...item, name };
  });
  return { list: Object.freeze(items), own };
}

function checkNamespace(namespace: string): void {
  if (NAMESPACE.test(namespace)) return;
  throw new OptionError(
    `"${namespace}" cannot be a namespace: write a lower-case letter, then up to 31 lower-case letters, digits or "-" (for example "git-hub").`,
  );
}
