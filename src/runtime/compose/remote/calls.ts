import type { Client } from '@modelcontextprotocol/client';
import { failedResult, isToolError, messageOf } from '../../errors.ts';
import {
  type CallContext,
  type PromptResult,
  type Provider,
  ProviderError,
  type ProviderErrorCode,
  type ResourceResult,
  type Tool,
  type ToolCall,
  type ToolResult,
} from '../../provider.ts';
import { remembered } from '../../remembered.ts';
import { isInvalidParams, remoteFailure } from './failure.ts';
import type { RemoteLists } from './lists.ts';
import { type Round, withMissing } from './questions.ts';
import type { RemoteRequests } from './requests.ts';

export interface RemoteCallsOptions {
  readonly requests: RemoteRequests;
  readonly lists: RemoteLists;
  /** The server's name in messages. */
  readonly label: string;
  readonly timeoutMs: number;
}

type Calls = Pick<Provider, 'callTool' | 'readResource' | 'getPrompt' | 'complete'>;

/** Sends calls to the remote server. Failed tool calls become results; everything else throws. */
export function remoteCalls(options: RemoteCallsOptions): Calls {
  const { requests, lists, label, timeoutMs } = options;
  return {
    async callTool(call, context) {
      try {
        return await sendCall(call, context, options);
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
    readResource: ({ uri }, context) =>
      throwing({ ...options, task: `reading ${uri}`, missing: 'RESOURCE_NOT_FOUND', context }, async () => {
        const result = await requests.perform(context, (client, round, requestOptions) =>
          client.readResource({ uri, ...parametersOf(round, context) }, { ...requestOptions, cacheMode: 'bypass' }),
        );
        return result as ResourceResult;
      }),
    getPrompt: ({ name, arguments: values }, context) =>
      throwing({ ...options, task: `the prompt "${name}"`, missing: 'INVALID_ARGUMENTS', context }, async () => {
        const result = await requests.perform(context, (client, round, requestOptions) =>
          client.getPrompt({ name, arguments: { ...values }, ...parametersOf(round, context) }, requestOptions),
        );
        return result as PromptResult;
      }),
    complete: (completion, context) =>
      throwing({ ...options, task: 'a completion', missing: 'INVALID_ARGUMENTS', context }, () =>
        requests.send((client) => sendCompletion(client, completion, { signal: context.signal, timeout: timeoutMs })),
      ),
  };
}

async function sendCall(call: ToolCall, context: CallContext, { requests, lists }: RemoteCallsOptions) {
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

async function sendCompletion(
  client: Client,
  { ref, argument, given }: Parameters<Provider['complete']>[0],
  requestOptions: { readonly signal: AbortSignal; readonly timeout: number },
) {
  if (!client.getServerCapabilities()?.completions) return { values: [] };
  const { completion } = await client.complete(
    {
      ref: ref.type === 'prompt' ? { type: 'ref/prompt', name: ref.name } : { type: 'ref/resource', uri: ref.uri },
      argument,
      context: { arguments: { ...given } },
    },
    requestOptions,
  );
  const { values, total, hasMore } = completion;
  return { values, ...(total !== undefined && { total }), ...(hasMore !== undefined && { hasMore }) };
}

interface Reading {
  readonly task: string;
  /** The code for an invalid request. */
  readonly missing: ProviderErrorCode;
  readonly context: CallContext;
  readonly label: string;
  readonly timeoutMs: number;
}

/** A read, prompt or completion: failures throw. */
async function throwing<T>({ task, missing, context, label, timeoutMs }: Reading, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (isInvalidParams(error)) throw new ProviderError(missing, messageOf(error));
    throw context.signal.aborted ? error : remoteFailure({ label, task, timeoutMs }, error);
  }
}

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
