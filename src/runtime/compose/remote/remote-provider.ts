import type { Client } from '@modelcontextprotocol/client';
import { visibleText } from '../../../model/index.ts';
import { failedResult, isToolError, messageOf } from '../../errors.ts';
import {
  type CallContext,
  type ListChange,
  type ListContext,
  type PromptResult,
  type Provider,
  ProviderError,
  type ProviderErrorCode,
  type ProviderInfo,
  type ResourceResult,
  type Tool,
  type ToolCall,
  type ToolResult,
} from '../../provider.ts';
import { remembered } from '../../remembered.ts';
import { RemoteConnection } from './connection.ts';
import { isInvalidParams, remoteFailure } from './failure.ts';
import type { RemoteList } from './list.ts';
import { remoteLists } from './lists.ts';
import { passLogsOn } from './logs.ts';
import { answerRequests, type Round, withMissing } from './questions.ts';
import { RemoteRequests } from './requests.ts';
import type { Dialer, GivenClient } from './target.ts';

export interface RemoteSettings {
  readonly dialer: Dialer | GivenClient;
  /** The server's name in messages. */
  readonly label: string;
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly trustHints: boolean;
  readonly mode: 'auto' | 'legacy';
}

/** The part of `fromMcp` that uses the SDK's client. */
export function remoteProvider(settings: RemoteSettings): Provider {
  const { dialer, label, timeoutMs, connectTimeoutMs, trustHints, mode } = settings;
  const inFlight = new Set<CallContext>();
  const listeners = new Set<(change: ListChange) => void>();
  const tell = (change: ListChange) => {
    for (const listener of [...listeners]) listener(change);
  };
  const connection = new RemoteConnection({
    dialer: { ...dialer, label },
    connectTimeoutMs,
    mode,
    prepare: (client) => {
      if (!('open' in dialer)) return;
      answerRequests(client, label, inFlight);
      passLogsOn(client, inFlight);
    },
    onListChange(change) {
      lists.expire(change);
      tell(change);
    },
    onReconnected: () => lists.refresh(),
  });
  const requests = new RemoteRequests({ connection, timeoutMs, inFlight });
  const lists = remoteLists(requests, { label, timeoutMs: connectTimeoutMs, trustHints, onChange: tell });

  /** A read, prompt or completion: failures throw. @param missing the code for an invalid request */
  async function reading<T>(
    { task, missing, context }: { task: string; missing: ProviderErrorCode; context: CallContext },
    act: () => Promise<T>,
  ): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (isInvalidParams(error)) throw new ProviderError(missing, messageOf(error));
      throw context.signal.aborted ? error : remoteFailure({ label, task, timeoutMs }, error);
    }
  }

  async function send(call: ToolCall, context: CallContext): Promise<ToolResult> {
    const definition = definitions(await lists.tools.get()).get(call.name);
    const result = await requests.perform(context, (client, round, requestOptions) =>
      client.callTool(
        { name: call.name, arguments: { ...call.arguments }, ...parametersOf(round, context) },
        { ...requestOptions, ...(definition && { toolDefinition: definition }) },
      ),
    );
    // Only `readonly` differs.
    return withMissing(result as ToolResult, context);
  }

  return {
    contract: 1,
    get info() {
      return infoOf(label, connection.current);
    },
    listTools: listing(lists.tools),
    async callTool(call, context) {
      try {
        return await send(call, context);
      } catch (error) {
        if (isInvalidParams(error) && !lists.tools.has(({ name }) => name === call.name)) {
          throw new ProviderError('TOOL_NOT_FOUND', `Unknown tool: ${call.name}`);
        }
        if (context.signal.aborted) throw error;
        const failure = remoteFailure({ label, task: `the tool "${call.name}"`, timeoutMs }, error);
        if (failure instanceof ProviderError || isToolError(failure)) return failedResult(failure);
        throw failure;
      }
    },
    listResources: listing(lists.resources),
    listResourceTemplates: listing(lists.templates),
    readResource: ({ uri }, context) =>
      reading({ task: `reading ${uri}`, missing: 'RESOURCE_NOT_FOUND', context }, async () => {
        const result = await requests.perform(context, (client, round, requestOptions) =>
          client.readResource({ uri, ...parametersOf(round, context) }, { ...requestOptions, cacheMode: 'bypass' }),
        );
        return result as ResourceResult;
      }),
    listPrompts: listing(lists.prompts),
    getPrompt: ({ name, arguments: values }, context) =>
      reading({ task: `the prompt "${name}"`, missing: 'INVALID_ARGUMENTS', context }, async () => {
        const result = await requests.perform(context, (client, round, requestOptions) =>
          client.getPrompt({ name, arguments: { ...values }, ...parametersOf(round, context) }, requestOptions),
        );
        return result as PromptResult;
      }),
    complete: ({ ref, argument, given: settled }, context) =>
      reading({ task: 'a completion', missing: 'INVALID_ARGUMENTS', context }, () =>
        requests.send(async (client) => {
          if (!client.getServerCapabilities()?.completions) return { values: [] };
          const { completion } = await client.complete(
            {
              ref:
                ref.type === 'prompt' ? { type: 'ref/prompt', name: ref.name } : { type: 'ref/resource', uri: ref.uri },
              argument,
              context: { arguments: { ...settled } },
            },
            { signal: context.signal, timeout: timeoutMs },
          );
          const { values, total, hasMore } = completion;
          return { values, ...(total !== undefined && { total }), ...(hasMore !== undefined && { hasMore }) };
        }),
      ),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => connection.close(),
  };
}

const listing =
  <Item>(list: RemoteList<Item>) =>
  async ({ ready }: ListContext): Promise<readonly Item[]> =>
    ready ? list.ready() : list.get();

type SdkTool = Awaited<ReturnType<Client['listTools']>>['tools'][number];

/**
 * By name, for headers that a server may require for a call (SEP-2243). Without output schemas: results are forwarded,
 * not validated.
 */
const definitions = remembered(
  (tools: readonly Tool[]) =>
    new Map(tools.map(({ outputSchema: _, ...tool }) => [tool.name, tool as unknown as SdkTool])),
);

/**
 * Answers are sent next to a request's parameters, which the SDK's types do not include; a trace in `_meta` (MCP
 * 2026-07-28, SEP-414) is added if middleware has set one for outgoing calls.
 */
function parametersOf(round: Round, { headers = {} }: CallContext): object {
  const { traceparent, tracestate } = headers;
  if (traceparent === undefined) return round;
  return { ...round, _meta: { ...round._meta, traceparent, ...(tracestate !== undefined && { tracestate }) } };
}

function infoOf(label: string, client: Client | undefined): ProviderInfo {
  const { name = label, title, version = '0.0.0' } = client?.getServerVersion() ?? {};
  const instructions = client?.getInstructions();
  return {
    name: visibleText(name),
    version: visibleText(version),
    ...(title !== undefined && { title: visibleText(title) }),
    ...(instructions !== undefined && { instructions: visibleText(instructions) }),
  };
}
