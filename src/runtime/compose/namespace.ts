import { withFullSchemaMoved } from '../full-schema.ts';
import { NAMESPACE } from '../namespace-form.ts';
import { OptionError } from '../options/option-error.ts';
import {
  type CallContext,
  type ContentBlock,
  type ListContext,
  type Prompt,
  type Provider,
  ProviderError,
  type Resource,
  type ResourceContents,
  type ResourceTemplate,
  type Tool,
} from '../provider.ts';
import { remembered } from '../remembered.ts';
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
  const prefix = `${namespace}_`;
  const toUri = (uri: string) => toNamespaceUri(namespace, uri);

  const tools = remembered((list: readonly Tool[]) =>
    renamed(
      list.map((tool) => withFullSchemaMoved(tool, toUri)),
      prefix,
    ),
  );
  const prompts = remembered((list: readonly Prompt[]) => renamed(list, prefix));
  const resources = remembered((list: readonly Resource[]) =>
    Object.freeze(list.map((resource) => ({ ...resource, uri: toUri(resource.uri) }))),
  );
  const templates = remembered((list: readonly ResourceTemplate[]) =>
    Object.freeze(list.map((template) => ({ ...template, uriTemplate: toUri(template.uriTemplate) }))),
  );

  const listTools = async (context: ListContext) => tools(await provider.listTools(context));
  const listPrompts = async (context: ListContext) => prompts(await provider.listPrompts(context));

  /** The provider's own name for a listed name; `undefined` outside this namespace. */
  async function ownName(name: string, names: () => Promise<Renamed<unknown>>): Promise<string | undefined> {
    if (!name.startsWith(prefix)) return undefined;
    // Only a cut name cannot be converted back, and every cut name has the maximum length.
    if (name.length < MAX_NAME_LENGTH) return name.slice(prefix.length);
    return (await names()).own.get(name) ?? name.slice(prefix.length);
  }

  /** Converts the URIs of the provider's own resources; other links are unchanged. */
  async function outward(blocks: readonly ContentBlock[], context: ListContext): Promise<readonly ContentBlock[]> {
    if (!blocks.some((block) => block.type === 'resource_link' || block.type === 'resource')) return blocks;
    const owns = await ownedUris(provider, context);
    return blocks.map((block) => {
      if (block.type === 'resource_link') return owns(block.uri) ? { ...block, uri: toUri(block.uri) } : block;
      if (block.type === 'resource') {
        const { resource } = block;
        return owns(resource.uri) ? { ...block, resource: { ...resource, uri: toUri(resource.uri) } } : block;
      }
      return block;
    });
  }

  async function contentsOutward(contents: readonly ResourceContents[], uri: string, context: ListContext) {
    if (contents.every((part) => part.uri === uri)) return contents.map((part) => ({ ...part, uri: toUri(uri) }));
    const owns = await ownedUris(provider, context);
    return contents.map((part) => (part.uri === uri || owns(part.uri) ? { ...part, uri: toUri(part.uri) } : part));
  }

  return {
    contract: 1,
    get info() {
      return provider.info;
    },
    listTools: async (context) => (await listTools(context)).list,
    async callTool(call, context) {
      const name = await ownName(call.name, () => listTools(context));
      if (name === undefined) throw new ProviderError('TOOL_NOT_FOUND', `Unknown tool: ${call.name}`);
      const result = await naming(name, call.name, () =>
        provider.callTool({ ...call, name }, { calledAs: call.name, ...context }),
      );
      const content = await outward(result.content, context);
      return content === result.content ? result : { ...result, content };
    },
    listResources: async (context) => resources(await provider.listResources(context)),
    listResourceTemplates: async (context) => templates(await provider.listResourceTemplates(context)),
    async readResource(read, context) {
      const uri = fromNamespaceUri(namespace, read.uri);
      if (uri === undefined) throw new ProviderError('RESOURCE_NOT_FOUND', `No resource has the URI ${read.uri}`);
      const result = await naming(uri, read.uri, () => provider.readResource({ uri }, context));
      return { ...result, contents: await contentsOutward(result.contents, uri, context) };
    },
    listPrompts: async (context) => (await listPrompts(context)).list,
    async getPrompt(get, context) {
      const name = await ownName(get.name, () => listPrompts(context));
      if (name === undefined) throw new ProviderError('PROMPT_NOT_FOUND', `Unknown prompt: ${get.name}`);
      const result = await naming(name, get.name, () => provider.getPrompt({ ...get, name }, context));
      const contents = await outward(
        result.messages.map((message) => message.content),
        context,
      );
      return {
        ...result,
        messages: result.messages.map((message, i) => ({ ...message, content: contents[i] ?? message.content })),
      };
    },
    async complete(completion, context: CallContext) {
      const { ref } = completion;
      if (ref.type === 'resource') {
        const uri = fromNamespaceUri(namespace, ref.uri);
        return uri === undefined ? { values: [] } : provider.complete({ ...completion, ref: { ...ref, uri } }, context);
      }
      const name = await ownName(ref.name, () => listPrompts(context));
      return name === undefined ? { values: [] } : provider.complete({ ...completion, ref: { ...ref, name } }, context);
    },
    onChange: (listener) => provider.onChange(listener),
    close: () => provider.close(),
  };
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
