import { codeOf, errorResult, failedResult, isProviderError, isQuestionAsked, readFailed } from '../errors.ts';
import { lackingScopes, unrestricted } from '../lacking-scopes.ts';
import { notPreviewed } from '../preview.ts';
import {
  type CallContext,
  type ListContext,
  type Provider,
  ProviderError,
  type ResourceTemplate,
  type ScopedRequest,
} from '../provider.ts';
import type { Merged } from './catalog.ts';
import type { Children } from './children.ts';
import { matchingTemplate } from './owned-uris.ts';
import { type ListName, SteadyChild } from './steady-child.ts';

type Calls = Pick<Provider, 'callTool' | 'readResource' | 'getPrompt' | 'complete' | 'lackingScopes'>;

/** Passes each call to the child that owns the tool, resource or prompt. */
export function compositeCalls(children: Children): Calls {
  return {
    lackingScopes: (request, context) => lackingScopesOf(children, request, context),
    async callTool(call, context) {
      const owner = await ownerOf(children, 'listTools', call.name, context);
      if (!owner) throw new ProviderError('TOOL_NOT_FOUND', `Unknown tool: ${call.name}.${children.absent()}`);
      if (!(owner instanceof SteadyChild)) return errorResult(owner.message);
      if (context.preview && !owner.provider.previews) return notPreviewed(call.name);
      try {
        return await owner.provider.callTool(call, context);
      } catch (error) {
        if (isMeant(error, context)) throw error;
        return failedResult(children.failure(owner, `run the tool "${call.name}"`, error));
      }
    },
    async readResource(read, context) {
      for (const reader of await readersOf(children, read.uri, context)) {
        try {
          return await reader.provider.readResource(read, context);
        } catch (error) {
          if (!isMeant(error, context)) throw children.failure(reader, `read ${read.uri}`, error);
          if (codeOf(error) !== 'RESOURCE_NOT_FOUND') throw error;
        }
      }
      throw new ProviderError('RESOURCE_NOT_FOUND', `No resource has the URI ${read.uri}.${children.absent()}`);
    },
    async getPrompt(get, context) {
      const owner = await ownerOf(children, 'listPrompts', get.name, context);
      if (!owner) throw new ProviderError('PROMPT_NOT_FOUND', `Unknown prompt: ${get.name}.${children.absent()}`);
      if (!(owner instanceof SteadyChild)) throw readFailed(owner.message);
      try {
        return await owner.provider.getPrompt(get, context);
      } catch (error) {
        if (isMeant(error, context)) throw error;
        throw children.failure(owner, `get the prompt "${get.name}"`, error);
      }
    },
    async complete(completion, context: CallContext) {
      const { ref } = completion;
      const owner =
        ref.type === 'prompt'
          ? await ownerOf(children, 'listPrompts', ref.name, context)
          : await ownerOf(children, 'listResourceTemplates', ref.uri, context);
      return owner instanceof SteadyChild ? owner.provider.complete(completion, context) : { values: [] };
    },
  };
}

/** Asks the child that the request is for, which its caller may not see. */
async function lackingScopesOf(
  children: Children,
  request: ScopedRequest,
  context: ListContext,
): Promise<readonly string[] | undefined> {
  if (!children.all.some(({ provider }) => provider.lackingScopes)) return undefined;
  const everything = unrestricted(context);
  if (request.method === 'resources/read') {
    for (const { provider } of await readersOf(children, request.params.uri, everything)) {
      const scopes = await lackingScopes(provider, request, context);
      if (scopes) return scopes;
    }
    return undefined;
  }
  const list = request.method === 'tools/call' ? 'listTools' : 'listPrompts';
  const owner = await ownerOf(children, list, request.params.name, everything);
  return owner instanceof SteadyChild ? lackingScopes(owner.provider, request, context) : undefined;
}

function ownerOf({ lists }: Children, name: ListName, key: string, context: ListContext) {
  return lists.search([name], context, async (list) => (await list(name)).owners.get(key));
}

/** Children that may have a resource, the likely one first: others may read resources that they do not list. */
async function readersOf(children: Children, uri: string, context: ListContext): Promise<readonly SteadyChild[]> {
  const likely = await children.lists.search(['listResources', 'listResourceTemplates'], context, async (list) => {
    const exact = (await list('listResources')).owners.get(uri);
    return exact ?? templateOwner(await list('listResourceTemplates'), uri);
  });
  if (likely === undefined) return children.all;
  if (!(likely instanceof SteadyChild)) throw readFailed(likely.message);
  return [likely, ...children.all.filter((child) => child !== likely)];
}

function templateOwner({ items, owners }: Merged<ResourceTemplate>, uri: string): SteadyChild | undefined {
  const template = matchingTemplate(items, uri);
  const owner = template === undefined ? undefined : owners.get(template);
  return owner instanceof SteadyChild ? owner : undefined;
}

/** Not a failure of the child: reported or handled by an outer layer. */
function isMeant(error: unknown, { signal }: CallContext): boolean {
  return isProviderError(error) || isQuestionAsked(error) || signal.aborted;
}
