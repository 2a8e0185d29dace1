import { checkProvider } from '../compose/check-provider.ts';
import { matchingTemplate } from '../compose/owned-uris.ts';
import { derived } from '../derived.ts';
import { fullSchemaUri, isFullSchemaTemplate } from '../full-schema.ts';
import { OptionError } from '../options/option-error.ts';
import type { Part } from '../part.ts';
import {
  type ListContext,
  type Provider,
  ProviderError,
  type ResourceTemplate,
  type ScopedRequest,
} from '../provider.ts';
import { remembered } from '../remembered.ts';
import { listNow } from './known-names.ts';
import { idleRule, joined, keyOf, lacking, type Needs, needsOf } from './scope-needs.ts';
import { checkedScopeRules, grantedScopes, type ScopeRules } from './scope-rules.ts';
import { listsOf, partsIn, partsOf, selection } from './selection.ts';

/**
 * Restricts items to callers with certain scopes: others neither see nor reach them. A caller that is not authenticated
 * has no scopes. Over HTTP, a call without its scopes is refused with 403 and a challenge that names them (RFC 6750
 * §3.1).
 *
 * Apply it first, before transforms that give other ways to reach an item: `searchTools`, `signature`,
 * `resourcesAsTools`, `promptsAsTools`.
 *
 * ```ts
 * await requireScopes(shop, { tools: { 'delete*': ['shop:write'] }, tags: { admin: ['shop:admin'] } });
 * ```
 *
 * @throws OptionError if a rule matches nothing, because it would protect nothing. Looks once, unless the lists are not
 *   available at the moment.
 */
export async function requireScopes(provider: Provider, given: ScopeRules): Promise<Provider> {
  checkProvider(provider, 'provider', 'The first argument of requireScopes()');
  const rules = checkedScopeRules(given);
  const parts = await listNow((context) => partsOf(provider, { ...context, ...WITH_ORIGINS }));
  const idle = parts && idleRule(parts, rules);
  if (idle !== undefined) throw new OptionError(nothingMatches(idle));
  return restricted(provider, rules);
}

/** Everything, with the origins that rules look at. */
const WITH_ORIGINS = { origins: true, unrestricted: true } as const;

const nothingMatches = (rule: string) =>
  rule === 'fromDocument'
    ? 'No operation has security requirements with scopes, so "fromDocument" protects nothing. Name the scopes in "tools" or "tags".'
    : `No tool, resource or prompt matches the scope rule "${rule}", so it protects nothing. Check the name; or apply the rules before transforms that hide or rename items.`;

/** The items at one time, and what they need. */
interface Restrictions {
  readonly parts: readonly Part[];
  /** Of all items, by `keyOf`. */
  readonly keys: ReadonlySet<string>;
  readonly needs: ReadonlyMap<string, Needs>;
  /** What a caller with certain scopes has access to. */
  readonly views: Map<string, Provider>;
}

/** Callers have few different sets of scopes. */
const MOST_VIEWS = 200;

/**
 * {@link requireScopes} for a part that will be mounted: rules also match the names that it has then. What they match is
 * checked elsewhere.
 */
export function restricted(
  provider: Provider,
  rules: ScopeRules,
  { namespace }: { readonly namespace?: string } = {},
): Provider {
  const current = restrictionsOf(provider, rules, namespace);
  const grantedTo = ({ caller }: ListContext) => grantedScopes(caller?.scopes ?? [], rules.implies);
  const viewFor = async (context: ListContext): Promise<Provider> => {
    if (context.unrestricted) return provider;
    return viewOf(provider, await current(context), grantedTo(context));
  };
  /** What the request is for. Servers that are still starting are only waited for if it is not found elsewhere. */
  const found = async (request: ScopedRequest, context: ListContext) =>
    itemsFor(request, await current({ ...context, ready: true })) ?? itemsFor(request, await current(context));
  const lackingScopes = async (request: ScopedRequest, context: ListContext) => {
    const needed = (await found(request, context))?.needed;
    return (needed && lacking(needed, grantedTo(context))) ?? provider.lackingScopes?.(request, context);
  };
  const assertScopes = async (request: ScopedRequest, context: ListContext) => {
    const items = await found(request, context);
    // A name that is not listed, such as an operationId, has no needs that could be looked up.
    if (!items) throw unknown(request);
    const scopes = items.needed && lacking(items.needed, grantedTo(context));
    if (scopes) throw new ProviderError('INSUFFICIENT_SCOPE', refusal(request, scopes));
  };
  return derived(provider, {
    lackingScopes,
    listTools: async (context) => (await viewFor(context)).listTools(context),
    listResources: async (context) => (await viewFor(context)).listResources(context),
    listResourceTemplates: async (context) => (await viewFor(context)).listResourceTemplates(context),
    listPrompts: async (context) => (await viewFor(context)).listPrompts(context),
    async callTool(params, context) {
      await assertScopes({ method: 'tools/call', params }, context);
      return provider.callTool(params, context);
    },
    async readResource(params, context) {
      await assertScopes({ method: 'resources/read', params }, context);
      return provider.readResource(params, context);
    },
    async getPrompt(params, context) {
      await assertScopes({ method: 'prompts/get', params }, context);
      return provider.getPrompt(params, context);
    },
    complete: async (completion, context) => (await viewFor(context)).complete(completion, context),
  });
}

/** What callers with these scopes see. */
function viewOf(provider: Provider, { needs, views }: Restrictions, granted: ReadonlySet<string>): Provider {
  const key = JSON.stringify([...granted].sort());
  const known = views.get(key);
  if (known) return known;
  const view = selection(provider, (part) => {
    const needed = needs.get(keyOf(part));
    return needed === undefined || lacking(needed, granted) === undefined;
  });
  if (views.size >= MOST_VIEWS) views.clear();
  views.set(key, view);
  return view;
}

/** Computed again when a list has changed: lists are the same arrays until then. */
function restrictionsOf(
  provider: Provider,
  rules: ScopeRules,
  namespace: string | undefined,
): (context: ListContext) => Promise<Restrictions> {
  interface Computed {
    readonly lists: readonly unknown[];
    readonly restrictions: Restrictions;
  }
  const last: { ready?: Computed; whole?: Computed } = {};
  return async ({ caller, ready }) => {
    const context: ListContext = { ...(caller && { caller }), ...(ready && { ready }), ...WITH_ORIGINS };
    const lists = await listsOf(provider, context);
    const edition = ready ? 'ready' : 'whole';
    const known = last[edition];
    if (known && lists.every((list, index) => list === known.lists[index])) return known.restrictions;
    const parts = partsIn(...lists);
    const restrictions = {
      parts,
      keys: new Set(parts.map(keyOf)),
      needs: needsOf(parts, rules, namespace),
      views: new Map<string, Provider>(),
    };
    last[edition] = { lists, restrictions };
    return restrictions;
  };
}

/** The items that a request is for, with their needs; `undefined` if there are none. */
function itemsFor(request: ScopedRequest, restrictions: Restrictions): { readonly needed?: Needs } | undefined {
  switch (request.method) {
    case 'tools/call':
      return itemWith(`tool ${request.params.name}`, restrictions);
    case 'prompts/get':
      return itemWith(`prompt ${request.params.name}`, restrictions);
    case 'resources/read':
      return itemWith(`resource ${request.params.uri}`, restrictions) ?? templatesFor(request.params.uri, restrictions);
  }
}

function itemWith(key: string, { keys, needs }: Restrictions): { readonly needed?: Needs } | undefined {
  if (!keys.has(key)) return undefined;
  const needed = needs.get(key);
  return needed ? { needed } : {};
}

/** A URI may match several templates: then all of their scopes are needed. Complete schemas go with their tools. */
function templatesFor(uri: string, { parts, needs }: Restrictions): { readonly needed?: Needs } | undefined {
  const matching = parts.filter((part) => {
    if (part.kind === 'tool') return fullSchemaUri(part.item) === uri;
    if (part.kind !== 'template' || isFullSchemaTemplate(part.item)) return false;
    return matchingTemplate(single(part.item), uri) !== undefined;
  });
  if (matching.length === 0) return undefined;
  const needed = joined(matching.flatMap((part) => needs.get(keyOf(part)) ?? []));
  return needed ? { needed } : {};
}

/** Matchers are kept with their list, so each template keeps its own. */
const single = remembered((template: ResourceTemplate) => [template]);

function unknown({ method, params }: ScopedRequest): ProviderError {
  switch (method) {
    case 'tools/call':
      return new ProviderError('TOOL_NOT_FOUND', `Unknown tool: ${params.name}`);
    case 'prompts/get':
      return new ProviderError('PROMPT_NOT_FOUND', `Unknown prompt: ${params.name}`);
    case 'resources/read':
      return new ProviderError('RESOURCE_NOT_FOUND', `No resource has the URI ${params.uri}`);
  }
}

function refusal({ method, params }: ScopedRequest, scopes: readonly string[]): string {
  const needed = `${scopes.length === 1 ? 'the scope' : 'the scopes'} ${scopes.join(' ')}`;
  switch (method) {
    case 'tools/call':
      return `The tool "${params.name}" needs ${needed}.`;
    case 'prompts/get':
      return `The prompt "${params.name}" needs ${needed}.`;
    case 'resources/read':
      return `The resource ${params.uri} needs ${needed}.`;
  }
}
