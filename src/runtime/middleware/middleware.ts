import type {
  CallContext,
  Completion,
  CompletionResult,
  Prompt,
  PromptGet,
  PromptResult,
  Resource,
  ResourceRead,
  ResourceResult,
  ResourceTemplate,
  Tool,
  ToolCall,
  ToolResult,
} from '../provider.ts';

/** What can be asked of a provider: MCP method → what is asked and what answers it. */
export interface Methods {
  'tools/list': { params: ListParams; result: readonly Tool[] };
  'tools/call': { params: ToolCall; result: ToolResult };
  'resources/list': { params: ListParams; result: readonly Resource[] };
  'resources/templates/list': { params: ListParams; result: readonly ResourceTemplate[] };
  'resources/read': { params: ResourceRead; result: ResourceResult };
  'prompts/list': { params: ListParams; result: readonly Prompt[] };
  'prompts/get': { params: PromptGet; result: PromptResult };
  'completion/complete': { params: Completion; result: CompletionResult };
}
export type Method = keyof Methods;

/** Lists are asked for without parameters. */
export type ListParams = Readonly<Record<never, never>>;

/** What belongs to one request, whatever it asks. A list has no client to tell progress to: there it does nothing. */
export interface RequestContext extends CallContext {
  /** Shared by the middleware and the handler of one request, and forgotten with it. */
  readonly state: Map<unknown, unknown>;
  /** When nobody waits for the answer any more, milliseconds since the epoch; absent where that is not known. */
  readonly deadline?: number;
}

/** One request on its way to a provider. `method` tells what `params` are and what answers it. */
export type Call<M extends Method = Method> = {
  [Name in M]: RequestContext & { readonly method: Name; readonly params: Methods[Name]['params'] };
}[M];

/** What answers a call. */
export type Answer<M extends Method = Method> = Methods[M]['result'];

/**
 * Hands the call on, as it is or changed, to the next middleware or to the provider. May be called again to retry, and
 * with any other call: `next({ ...call, method: 'tools/list', params: {} })` lists the tools that stand behind.
 */
export type Next = <C extends Call>(call: C) => Promise<Answer<C['method']>>;

/**
 * Stands round the calls of a provider. It answers with what `next` gave, with something else of the same shape, or
 * throws: a `ToolError` or `ProviderError` reaches the client as it is, anything else is reported under the name of
 * the middleware's function.
 *
 * Narrow by `call.method` to know what is asked: inside `if (call.method === 'tools/call')`, `next(call)` is a
 * `Promise<ToolResult>`.
 */
export type Middleware = (call: Call, next: Next) => Promise<Answer>;
