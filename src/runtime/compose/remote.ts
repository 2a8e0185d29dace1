import {
  type Client,
  ProtocolError,
  ProtocolErrorCode,
  type RequestOptions,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
} from '@modelcontextprotocol/client';
import { codeOf, errorResult, isProviderError, isToolError, messageOf, readFailed } from '../errors.ts';
import {
  type CallContext,
  type ListChange,
  type Prompt,
  type PromptResult,
  type Provider,
  ProviderError,
  type ProviderErrorCode,
  type ProviderInfo,
  type Resource,
  type ResourceResult,
  type ResourceTemplate,
  type Tool,
  type ToolResult,
} from '../provider.ts';
import { remembered } from './remembered.ts';
import { RemoteConnection, RemoteUnavailable } from './remote/connection.ts';
import { RemoteList } from './remote/list.ts';
import { answering, answerRequests, type Round } from './remote/questions.ts';
import { dialerOf, type RemoteTarget } from './remote/target.ts';

export type { RemoteCommand, RemoteTarget, RemoteUrl } from './remote/target.ts';

export interface RemoteOptions {
  /** What messages call the server. Default: the host of its URL, or the name of its command. */
  readonly name?: string;
  /** Milliseconds a call may take without a sign of progress. Default 600,000: the caller's own signal ends it sooner. */
  readonly timeoutMs?: number;
  /** Milliseconds a connection may take. Default 30,000. */
  readonly connectTimeoutMs?: number;
}

/**
 * A remote MCP server as a provider, of either protocol era. It is connected when it is first used, and again when the
 * connection is lost. While it is down its last known lists stay, and calls answer with a clear error. Progress,
 * cancellation and questions to the person (elicitation) are passed through.
 *
 * ```ts
 * server.mount('docs', fromMcp('https://docs.example.com/mcp'));
 * server.mount('files', fromMcp({ command: 'npx', args: ['-y', 'some-mcp-server'] }));
 * ```
 *
 * A client that is given stays its owner's: it is not closed, nor connected again.
 *
 * @throws TypeError where the target is none.
 */
export function fromMcp(target: RemoteTarget, options: RemoteOptions = {}): Provider {
  const { timeoutMs = 600_000, connectTimeoutMs = 30_000 } = options;
  const given = isClient(target);
  const found = given ? { label: target.getServerVersion()?.name ?? 'MCP server', client: target } : dialerOf(target);
  const label = options.name ?? found.label;
  const inFlight = new Set<CallContext>();
  const listeners = new Set<(change: ListChange) => void>();
  const tell = (change: ListChange) => {
    for (const listener of [...listeners]) listener(change);
  };
  const connection = new RemoteConnection({
    dialer: { ...found, label },
    connectTimeoutMs,
    // The handlers of a client that is given are its owner's.
    prepare: (client) => {
      if (!given) answerRequests(client, label, inFlight);
    },
    onListChange(change) {
      for (const list of listsOf[change]) list.expire();
      tell(change);
    },
    onReconnected() {
      for (const list of Object.values(lists)) list.refresh();
    },
  });
  const asked = { cacheMode: 'bypass', timeout: connectTimeoutMs } as const;
  const lists = {
    tools: new RemoteList<Tool>({
      // The types of the SDK and of the contract differ in `readonly` and in how far they spell out a schema.
      load: async () => (await using((client) => client.listTools(undefined, asked))).tools as readonly Tool[],
      onChange: () => tell('tools'),
    }),
    resources: new RemoteList<Resource>({
      load: async () =>
        (await using((client) => client.listResources(undefined, asked))).resources as readonly Resource[],
      onChange: () => tell('resources'),
    }),
    templates: new RemoteList<ResourceTemplate>({
      load: async () =>
        (await using((client) => client.listResourceTemplates(undefined, asked)))
          .resourceTemplates as readonly ResourceTemplate[],
      onChange: () => tell('resources'),
    }),
    prompts: new RemoteList<Prompt>({
      load: async () => (await using((client) => client.listPrompts(undefined, asked))).prompts as readonly Prompt[],
      onChange: () => tell('prompts'),
    }),
  };
  const listsOf = {
    tools: [lists.tools],
    resources: [lists.resources, lists.templates],
    prompts: [lists.prompts],
  } as const;

  /** One request; a connection that it shows to be gone is given up. A session that has ended is begun again, once. */
  async function using<T>(act: (client: Client) => Promise<T>, isRetry = false): Promise<T> {
    const client = await connection.client();
    try {
      return await act(client);
    } catch (error) {
      if (!isConnectionLoss(error)) throw error;
      connection.lost(client, messageOf(error));
      // The server did not look at the request: it does not know the session (Streamable HTTP, session management).
      if (isSessionEnd(error) && !given && !isRetry) return using(act, true);
      throw error;
    }
  }

  /** A call with all that is passed through. */
  async function perform<T>(
    context: CallContext,
    send: (client: Client, round: Round, options: RequestOptions) => Promise<T>,
  ): Promise<T> {
    const requestOptions: RequestOptions = {
      signal: context.signal,
      timeout: timeoutMs,
      resetTimeoutOnProgress: true,
      onprogress: ({ progress, total, message }) =>
        context.progress({
          progress,
          ...(total !== undefined && { total }),
          ...(message !== undefined && { message }),
        }),
      allowInputRequired: true,
    };
    inFlight.add(context);
    try {
      return await answering(label, context, (round) => using((client) => send(client, round, requestOptions)));
    } finally {
      inFlight.delete(context);
    }
  }

  /** What a failed request is to our own client. */
  function failure(task: string, error: unknown, context: CallContext): unknown {
    const passes = isProviderError(error) || isToolError(error) || codeOf(error) === 'QUESTION_ASKED';
    if (passes || context.signal.aborted) return error;
    if (error instanceof RemoteUnavailable) return readFailed(error.message);
    if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) {
      return readFailed(`The MCP server "${label}" did not answer to ${task} in ${timeoutMs} ms.`);
    }
    if (isConnectionLoss(error)) {
      return readFailed(
        `The MCP server "${label}" went away during ${task}: ${messageOf(error)}. It may or may not have been done.`,
      );
    }
    return readFailed(`The MCP server "${label}" refused ${task}: ${messageOf(error)}`);
  }

  async function reading<T>(
    task: string,
    missing: ProviderErrorCode,
    context: CallContext,
    act: () => Promise<T>,
  ): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (isInvalidParams(error)) throw new ProviderError(missing, messageOf(error));
      throw failure(task, error, context);
    }
  }

  return {
    contract: 1,
    get info() {
      return infoOf(label, connection.current);
    },
    listTools: () => lists.tools.get(),
    async callTool(call, context): Promise<ToolResult> {
      try {
        const tool = definitions(await lists.tools.get()).get(call.name);
        return (await perform(context, (client, round, requestOptions) =>
          client.callTool(
            // Rounds are not in the SDK's type of the parameters.
            { name: call.name, arguments: { ...call.arguments }, ...(round as object) },
            { ...requestOptions, ...(tool && { toolDefinition: tool }) },
          ),
        )) as ToolResult;
      } catch (error) {
        if (isInvalidParams(error) && !(await lists.tools.has(({ name }) => name === call.name))) {
          throw new ProviderError('TOOL_NOT_FOUND', `Unknown tool: ${call.name}`);
        }
        const told = failure(`the tool "${call.name}"`, error, context);
        if (told instanceof ProviderError || isToolError(told)) return errorResult(messageOf(told));
        throw told;
      }
    },
    listResources: () => lists.resources.get(),
    listResourceTemplates: () => lists.templates.get(),
    readResource: ({ uri }, context) =>
      reading(`reading ${uri}`, 'RESOURCE_NOT_FOUND', context, async () => {
        const result = await perform(context, (client, round, requestOptions) =>
          client.readResource({ uri, ...(round as object) }, { ...requestOptions, cacheMode: 'bypass' }),
        );
        return result as ResourceResult;
      }),
    listPrompts: () => lists.prompts.get(),
    getPrompt: ({ name, arguments: given }, context) =>
      reading(`the prompt "${name}"`, 'INVALID_ARGUMENTS', context, async () => {
        const result = await perform(context, (client, round, requestOptions) =>
          client.getPrompt({ name, arguments: { ...given }, ...(round as object) }, requestOptions),
        );
        return result as PromptResult;
      }),
    complete: ({ ref, argument, given }, context) =>
      reading('a completion', 'INVALID_ARGUMENTS', context, async () => {
        const client = await connection.client();
        if (!client.getServerCapabilities()?.completions) return { values: [] };
        const { completion } = await using((connected) =>
          connected.complete(
            {
              ref:
                ref.type === 'prompt' ? { type: 'ref/prompt', name: ref.name } : { type: 'ref/resource', uri: ref.uri },
              argument,
              context: { arguments: { ...given } },
            },
            { signal: context.signal, timeout: timeoutMs },
          ),
        );
        const { values, total, hasMore } = completion;
        return { values, ...(total !== undefined && { total }), ...(hasMore !== undefined && { hasMore }) };
      }),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => connection.close(),
  };
}

/** By name, without output schemas: the remote server's results are passed on, not judged (and not compiled for). */
const definitions = remembered(
  (tools: readonly Tool[]) =>
    new Map(
      tools.map(({ outputSchema: _, ...tool }) => [
        tool.name,
        tool as unknown as Awaited<ReturnType<Client['listTools']>>['tools'][number],
      ]),
    ),
);

/** By structure, so that a client of another copy of the SDK is one too. */
function isClient(target: RemoteTarget): target is Client {
  return typeof target === 'object' && 'getServerCapabilities' in target;
}

function infoOf(label: string, client: Client | undefined): ProviderInfo {
  const { name = label, title, version = '0.0.0' } = client?.getServerVersion() ?? {};
  const instructions = client?.getInstructions();
  return { name, version, ...(title !== undefined && { title }), ...(instructions !== undefined && { instructions }) };
}

function isInvalidParams(error: unknown): boolean {
  // -32002 is "resource not found" up to 2025-11-25.
  return error instanceof ProtocolError && (error.code === ProtocolErrorCode.InvalidParams || error.code === -32002);
}

const LOST: ReadonlySet<SdkErrorCode> = new Set([
  SdkErrorCode.ConnectionClosed,
  SdkErrorCode.NotConnected,
  SdkErrorCode.SendFailed,
]);

function isConnectionLoss(error: unknown): boolean {
  if (error instanceof SdkHttpError) return isSessionEnd(error);
  if (error instanceof SdkError) return LOST.has(error.code);
  // What is neither of the protocol nor of the SDK is of the network: `TypeError: fetch failed`.
  return error instanceof TypeError;
}

function isSessionEnd(error: unknown): boolean {
  return error instanceof SdkHttpError && error.status === 404;
}
