import { checkProvider } from '../compose/check-provider.ts';
import { misfit } from '../errors.ts';
import { declareOptions } from '../options/declare-options.ts';
import { text } from '../options/option-kinds.ts';
import type { ContentBlock, ListContext, Provider, ResourceContents, Tool } from '../provider.ts';
import { withTools } from './with-tools.ts';

export interface ResourcesAsToolsOptions {
  /** Names of the two tools. Default `list_resources` and `read_resource`. */
  readonly list?: string;
  readonly read?: string;
}

const checked = declareOptions<ResourcesAsToolsOptions>('resourcesAsTools()', { list: text, read: text });

/**
 * Adds two tools, for clients that support only tools: one lists resources and templates, the other reads by URI. The
 * resources stay available.
 *
 * ```ts
 * await resourcesAsTools(shop);
 * ```
 *
 * @throws OptionError if a tool already has one of the names
 */
export async function resourcesAsTools(provider: Provider, options: ResourcesAsToolsOptions = {}): Promise<Provider> {
  checkProvider(provider, 'provider', 'The first argument of resourcesAsTools()');
  const { list = 'list_resources', read = 'read_resource' } = checked(options);
  return withTools(provider, [
    {
      tool: listTool(list, read),
      async call({ search = '' }, context) {
        if (typeof search !== 'string') return misfit('"search" must be a string.');
        return { content: [{ type: 'text', text: JSON.stringify(await listed(provider, search, context)) }] };
      },
    },
    {
      tool: readTool(read, list),
      makes: ({ uri }) => (typeof uri === 'string' ? { method: 'resources/read', params: { uri } } : undefined),
      async call({ uri }, context) {
        if (typeof uri !== 'string') return misfit('"uri" must be a string.');
        const { contents, _meta } = await provider.readResource({ uri }, context);
        return { content: contents.map(blockOf), ...(_meta && { _meta }) };
      },
    },
  ]);
}

function listTool(name: string, read: string): Tool {
  return {
    name,
    title: 'List resources',
    description: `Lists the resources that ${read} can read, and URI templates for more.`,
    inputSchema: {
      type: 'object',
      properties: {
        search: {
          type: 'string',
          description: 'Only list resources whose name, URI or description contains this text.',
        },
      },
      additionalProperties: false,
    },
    annotations: READS,
  };
}

function readTool(name: string, list: string): Tool {
  return {
    name,
    title: 'Read a resource',
    description: `Reads one resource by URI. Use ${list} for URIs, and for URI templates (RFC 6570) to build them from.`,
    inputSchema: {
      type: 'object',
      properties: { uri: { type: 'string', description: 'The complete URI, with all template variables filled in.' } },
      required: ['uri'],
      additionalProperties: false,
    },
    annotations: READS,
  };
}

const READS = Object.freeze({ readOnlyHint: true });

async function listed(provider: Provider, search: string, context: ListContext) {
  const [resources, templates] = await Promise.all([
    provider.listResources(context),
    provider.listResourceTemplates(context),
  ]);
  const wanted = search.toLowerCase();
  const found = (item: object) => JSON.stringify(item).toLowerCase().includes(wanted);
  return { resources: resources.filter(found), resourceTemplates: templates.filter(found) };
}

/** As content types that models can see; other bytes as embedded resources. */
function blockOf(part: ResourceContents): ContentBlock {
  if ('text' in part) return { type: 'text', text: part.text };
  const media = /^(image|audio)\//.exec(part.mimeType ?? '')?.[1];
  if ((media === 'image' || media === 'audio') && part.mimeType !== undefined) {
    return { type: media, data: part.blob, mimeType: part.mimeType };
  }
  return { type: 'resource', resource: part };
}
