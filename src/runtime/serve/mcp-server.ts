import {
  type CallToolResult,
  type GetPromptResult,
  isInputRequiredResult,
  type JSONRPCRequest,
  type ListPromptsResult,
  type ListResourcesResult,
  type ListResourceTemplatesResult,
  type ListToolsResult,
  type McpRequestContext,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  type ServerCapabilities,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { asError } from '../errors.ts';
import { isRecord } from '../is-record.ts';
import { once } from '../once.ts';
import type {
  CallContext,
  Completion,
  ListChange,
  ListContext,
  Provider,
  ScopedRequest,
  Tool,
  ToolResult,
} from '../provider.ts';
import type { SharedStore } from '../shared-store.ts';
import { toolsByName } from '../tools-by-name.ts';
import { listContext } from './call/caller.ts';
import type { CallsInFlight } from './calls-in-flight.ts';
import { hostTools } from './host-tools.ts';
import { Offer } from './offer.ts';
import type { Sharing } from './process-id.ts';
import { TASKS_EXTENSION } from './tasks/extension.ts';
import type { Tasks } from './tasks/open-tasks.ts';

/** For the first call: a start needs nothing of it. */
const loadCalls = once(() => import('./call/serve-call.ts'));
type Calls = Awaited<ReturnType<typeof loadCalls>>;

export interface McpServerFactoryOptions {
  /** Receives errors that are not reported elsewhere: details of tool failures, undelivered notifications. */
  readonly onError: (error: Error) => void;
  /** The kinds of list that have changed since serving started. */
  readonly announced: ReadonlySet<ListChange>;
  /** Counts the calls, so that the server can shut down after them. */
  readonly calls: CallsInFlight;
  /** What this process shares with others. */
  readonly sharing?: Sharing | undefined;
}

/** @param calls counts the calls of this server, if its client has some of its own */
export type ServerFactory = (context: McpRequestContext, calls?: CallsInFlight) => Promise<ProviderServer>;

/**
 * Creates the SDK server for one connection (stdio), session or request (HTTP), of either protocol era. All of them use the
 * provider's own shared lists, so an instance is cheap, however many tools there are.
 */
export function mcpServerFactory(
  provider: Provider,
  { onError, announced, calls: all, sharing }: McpServerFactoryOptions,
): ServerFactory {
  const offer = new Offer(provider, announced);
  // Only clients of 2026-07-28 have them.
  const openTasks = once(async () => (await import('./tasks/open-tasks.ts')).openTasks(sharing?.process));
  return async ({ era, authInfo, requestInfo }, calls = all) => {
    const context = listContext(authInfo);
    // Every such request of 2026-07-28 over HTTP has both, and they are checked against the body (SEP-2243).
    const callsTool = requestInfo?.headers.get('mcp-method') === 'tools/call';
    const name = requestInfo?.headers.get('mcp-name') ?? '';
    const [capabilities, tools] = await Promise.all([
      offer.capabilities(context, {
        delivers: era === 'modern' || requestInfo === undefined,
        hasTasks: era === 'modern',
      }),
      callsTool ? toolsWith(name, provider, context) : [],
    ]);
    const tasks = capabilities.extensions?.[TASKS_EXTENSION] && { tasks: await openTasks() };
    const shared = sharing && { shared: sharing.store };
    return new ProviderServer(provider, { era, capabilities, tools, calls, onError, ...tasks, ...shared });
  };
}

interface ProviderServerOptions {
  readonly era: McpRequestContext['era'];
  readonly capabilities: ServerCapabilities;
  /** The tools, if they are already known. */
  readonly tools: readonly Tool[];
  readonly calls: CallsInFlight;
  readonly tasks?: Tasks;
  readonly shared?: SharedStore;
  readonly onError: (error: Error) => void;
}

/**
 * Low-level handlers on an `McpServer`, whose own registry stays empty. A plain `Server` would do, but the HTTP entry
 * checks `Mcp-Param-*` headers only for an `McpServer`.
 */
export class ProviderServer extends McpServer {
  readonly #provider: Provider;
  /** The tools as this instance's client knows them: from its last list. */
  #tools: readonly Tool[];
  readonly #calls: CallsInFlight;
  readonly #tasks: Tasks | undefined;
  readonly #shared: SharedStore | undefined;
  readonly #onError: (error: Error) => void;
  /** What a client of 2025 has subscribed to. In 2026-07-28, the SDK keeps that itself. */
  readonly #subscriptions: Set<string> | undefined;

  constructor(provider: Provider, { era, capabilities, tools, calls, tasks, shared, onError }: ProviderServerOptions) {
    const { name, title, version, description, instructions } = provider.info;
    super(
      { name, version, ...(title !== undefined && { title }), ...(description !== undefined && { description }) },
      { capabilities, ...(instructions !== undefined && { instructions }) },
    );
    this.#provider = provider;
    this.#tools = tools;
    this.#calls = calls;
    this.#tasks = tasks;
    this.#shared = shared;
    this.#onError = onError;
    this.#serveTools();
    if (capabilities.resources) this.#serveResources();
    this.#subscriptions =
      era === 'legacy' && capabilities.resources?.subscribe ? this.#serveSubscriptions() : undefined;
    if (capabilities.prompts) this.#servePrompts();
    if (capabilities.completions) this.#serveCompletions();
    tasks?.serve(this.server);
  }

  /**
   * Overrides a method that the SDK marks `@internal`: the HTTP entry uses it to get the schema whose `x-mcp-header`
   * keywords the request's headers must match. Pinned by a test.
   */
  override toolInputSchemaJson(name: string): Record<string, unknown> | undefined {
    return toolsByName(this.#tools).get(name)?.inputSchema as Record<string, unknown> | undefined;
  }

  /**
   * Also marked `@internal`, and a field of the SDK's class: lets a call without its scopes be refused with HTTP 403 and
   * a challenge, before it starts. Pinned by a test. If the API does not accept the caller, the endpoint replaces that
   * response by a 401: here is the only place where requests of 2025 can still get one.
   */
  override resolveScopeChallenge: McpServer['resolveScopeChallenge'] = async ({ request, authInfo }) => {
    if (!this.#provider.lackingScopes) return undefined;
    const { challengedScopes } = await loadCalls();
    const scopes = await challengedScopes(this.#provider, scopedRequest(request), authInfo);
    return scopes && { scopes, errorDescription: 'Insufficient scope.' };
  };

  /** Does nothing before the handshake, or for lists that were not declared in it. */
  async tellChange(change: ListChange): Promise<void> {
    const { server } = this;
    if (server.getNegotiatedProtocolVersion() === undefined || !server.getCapabilities()[change]) return;
    switch (change) {
      case 'tools':
        return server.sendToolListChanged();
      case 'resources':
        return server.sendResourceListChanged();
      case 'prompts':
        return server.sendPromptListChanged();
    }
  }

  /** Tells a client that has subscribed to the resource. */
  async tellUpdate(uri: string): Promise<void> {
    const { server } = this;
    if (server.getNegotiatedProtocolVersion() === undefined || !server.getCapabilities().resources?.subscribe) return;
    if (this.#subscriptions?.has(uri) === false) return;
    await server.sendResourceUpdated({ uri });
  }

  #serveTools(): void {
    this.server.setRequestHandler('tools/list', async ({ params }, ctx) => {
      const tools = hostTools(await this.#listed(params, ctx, (context) => this.#provider.listTools(context)));
      this.#tools = tools;
      // The provider's own list, or its version for hosts: differs from the SDK's type only in `readonly`, here and
      // below.
      return { tools: tools as ListToolsResult['tools'] };
    });
    this.server.setRequestHandler('tools/call', async ({ params }, ctx) => {
      const call = { name: params.name, arguments: params.arguments ?? {} };
      const run = async (background: CallContext['background']) => {
        const around = background ? { background } : {};
        const called = await this.#perform(ctx, (context, { callTool }) =>
          callTool(this.#provider, call, { ...context, ...around }, this.#onError),
        );
        return isInputRequiredResult(called) ? called : this.#projected(call.name, called, ctx);
      };
      const result = await (this.#tasks ? this.#tasks.callOrTask(ctx, run) : run(undefined));
      // A task takes the place of the result (tasks extension, "Polymorphic Results").
      return result as CallToolResult;
    });
  }

  #serveResources(): void {
    const provider = this.#provider;
    this.server.setRequestHandler('resources/list', async ({ params }, ctx) => {
      const resources = await this.#listed(params, ctx, (context) => provider.listResources(context));
      return { resources: resources as ListResourcesResult['resources'] };
    });
    this.server.setRequestHandler('resources/templates/list', async ({ params }, ctx) => {
      const templates = await this.#listed(params, ctx, (context) => provider.listResourceTemplates(context));
      return { resourceTemplates: templates as ListResourceTemplatesResult['resourceTemplates'] };
    });
    this.server.setRequestHandler('resources/read', async ({ params: { uri } }, ctx) => {
      const result = await this.#perform(ctx, (context) => provider.readResource({ uri }, context), uri);
      return result as ReadResourceResult;
    });
  }

  #serveSubscriptions(): Set<string> {
    const subscriptions = new Set<string>();
    this.server.setRequestHandler('resources/subscribe', async ({ params: { uri } }) => {
      const length = [...subscriptions].reduce((sum, one) => sum + one.length, uri.length);
      if (length > MAX_SUBSCRIPTIONS_LENGTH && !subscriptions.has(uri)) {
        throw new ProtocolError(
          ProtocolErrorCode.InvalidParams,
          'There are too many subscriptions. Cancel some first.',
        );
      }
      subscriptions.add(uri);
      return {};
    });
    this.server.setRequestHandler('resources/unsubscribe', async ({ params: { uri } }) => {
      subscriptions.delete(uri);
      return {};
    });
    return subscriptions;
  }

  #servePrompts(): void {
    const provider = this.#provider;
    this.server.setRequestHandler('prompts/list', async ({ params }, ctx) => {
      const prompts = await this.#listed(params, ctx, (context) => provider.listPrompts(context));
      return { prompts: prompts as ListPromptsResult['prompts'] };
    });
    this.server.setRequestHandler('prompts/get', async ({ params: { name, arguments: given = {} } }, ctx) => {
      const result = await this.#perform(ctx, (context) => provider.getPrompt({ name, arguments: given }, context));
      return result as GetPromptResult;
    });
  }

  #serveCompletions(): void {
    this.server.setRequestHandler('completion/complete', async ({ params }, ctx) => {
      const { ref, argument } = params;
      const completion: Completion = {
        ref: ref.type === 'ref/prompt' ? { type: 'prompt', name: ref.name } : { type: 'resource', uri: ref.uri },
        argument,
        given: params.context?.arguments ?? {},
      };
      const result = await this.#perform(ctx, (context) => this.#provider.complete(completion, context));
      if (isInputRequiredResult(result)) return { completion: { values: [] } };
      // At most 100 (MCP, completion).
      return { completion: { ...result, values: result.values.slice(0, 100) } };
    });
  }

  /** 2025 clients only accept objects: the SDK wraps other structured results, as the listed schema declares. */
  async #projected(name: string, result: ToolResult, ctx: ServerContext): Promise<CallToolResult> {
    // Only `readonly` differs.
    const plain = result as CallToolResult;
    if (plain.structuredContent === undefined) return plain;
    // Clients of 2026-07-28 accept any value: the schema is not used there.
    const tool = ctx.mcpReq.envelope === undefined ? await this.#known(name, ctx) : undefined;
    return this.server.projectCallToolResult(plain, tool?.outputSchema as Record<string, unknown> | undefined);
  }

  async #known(name: string, ctx: ServerContext): Promise<Tool | undefined> {
    const shown = toolsByName(this.#tools).get(name);
    if (shown) return shown;
    return toolsByName(await toolsWith(name, this.#provider, listContext(ctx.http?.authInfo))).get(name);
  }

  #perform<T>(ctx: ServerContext, run: (context: CallContext, calls: Calls) => Promise<T>, uri?: string) {
    const around = { server: this.server, ctx, shared: this.#shared, onError: this.#onError };
    return this.#calls.count(async () => {
      const calls = await loadCalls();
      return calls.serveCall(around, (context) => run(context, calls), uri);
    });
  }

  /** Lists are complete, because many clients read only the first page. So any cursor is invalid. */
  async #listed<T>(
    params: { readonly cursor?: string | undefined } | undefined,
    { http }: ServerContext,
    list: (context: ListContext) => Promise<readonly T[]>,
  ): Promise<readonly T[]> {
    if (params?.cursor !== undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Unknown cursor.');
    try {
      return await list(listContext(http?.authInfo));
    } catch (error) {
      this.#onError(asError(error));
      throw (await loadCalls()).protocolError(error);
    }
  }
}

/** Of the URIs of one client together. */
const MAX_SUBSCRIPTIONS_LENGTH = 64 * 1024;

/** The request, if it is of a kind that may need scopes. */
function scopedRequest({ method, params = {} }: JSONRPCRequest): ScopedRequest | undefined {
  const { name, uri, arguments: given } = params as Readonly<Record<string, unknown>>;
  // Invalid arguments are reported by the call itself.
  const args = isRecord(given) ? given : {};
  if (method === 'tools/call' && typeof name === 'string') return { method, params: { name, arguments: args } };
  // Who may not read a resource is not told about it either.
  const reads = method === 'resources/read' || method === 'resources/subscribe';
  if (reads && typeof uri === 'string') return { method: 'resources/read', params: { uri } };
  if (method === 'prompts/get' && typeof name === 'string') return { method, params: { name, arguments: {} } };
  return undefined;
}

/**
 * Lists tools to look one up in addition to a call: neither fails because the list does, nor waits for a server that is
 * starting and is not involved.
 */
async function toolsWith(name: string, provider: Provider, context: ListContext): Promise<readonly Tool[]> {
  try {
    const ready = await provider.listTools({ ...context, ready: true });
    return toolsByName(ready).has(name) ? ready : await provider.listTools(context);
  } catch {
    return [];
  }
}
