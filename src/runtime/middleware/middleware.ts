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

/** The requests to a provider: MCP method → parameters and result. */
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

/** Lists have no parameters. */
export type ListParams = Readonly<Record<never, never>>;

/** Belongs to one request of any method. A list has no progress listener: reporting progress does nothing. */
export interface RequestContext extends CallContext {
  /** Shared by the middleware and the handler of one request. */
  readonly state: Map<unknown, unknown>;
  /** When the caller stops waiting, in milliseconds since the epoch; absent if unknown. */
  readonly deadline?: number;
}

/** One request on its way to a provider. `method` determines the types of `params` and the result. */
export type Call<M extends Method = Method> = {
  [Name in M]: RequestContext & { readonly method: Name; readonly params: Methods[Name]['params'] };
}[M];

/** The result type of a call. */
export type Answer<M extends Method = Method> = Methods[M]['result'];

/**
 * Passes the call, possibly changed, to the next middleware or to the provider. Can be called again to retry, or with
 * another call: `next({ ...call, method: 'tools/list', params: {} })` lists the provider's tools.
 */
export type Next = <C extends Call>(call: C) => Promise<Answer<C['method']>>;

/**
 * Wraps the calls of a provider. It returns the result of `next`, or another result of the same type, or throws. A
 * `ToolError` or `ProviderError` reaches the client unchanged, anything else is reported under the name of the
 * middleware's function.
 *
 * Narrow the type by `call.method`: inside `if (call.method === 'tools/call')`, `next(call)` is a
 * `Promise<ToolResult>`.
 */
export type Middleware = (call: Call, next: Next) => Promise<Answer>;
